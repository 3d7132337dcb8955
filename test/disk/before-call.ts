import fs from 'node:fs';
import type { TestContext } from 'node:test';
import { replaceMembers } from '../replace-members.ts';

/** Until the test ends, runs `before` with the first argument each time when the system is about to do this call. */
export function beforeCall(
  t: TestContext,
  call:
    | 'fsyncSync'
    | 'linkSync'
    | 'lstatSync'
    | 'mkdirSync'
    | 'openSync'
    | 'readlinkSync'
    | 'renameSync'
    | 'symlinkSync'
    | 'writeSync',
  before: (argument: unknown) => void,
): void {
  const original = fs[call] as (...args: unknown[]) => unknown;
  const later = (...args: unknown[]) => {
    before(args[0]);
    return original(...args);
  };
  replaceMembers(t, fs, { [call]: later });
}
