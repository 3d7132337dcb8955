import fs from 'node:fs';
import type { TestContext } from 'node:test';
import { beforeCall } from './before-call.ts';

/** Until the test ends, the system answers this call with this code where `isMeant` says so. */
export function refuse(
  t: TestContext,
  call: Parameters<typeof beforeCall>[1],
  code: string,
  isMeant: (argument: unknown) => boolean = () => true,
): void {
  beforeCall(t, call, (argument) => {
    if (isMeant(argument)) throw Object.assign(new Error(`${code}: refused`), { code });
  });
}

/** True for an open folder. */
export const isFolder = (descriptor: unknown): boolean => fs.fstatSync(descriptor as number).isDirectory();
