import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { TestContext } from 'node:test';

/** Until the test ends, the system answers this call with this code where `isMeant` says so. */
export function refuse(
  t: TestContext,
  call: 'fsyncSync' | 'linkSync' | 'openSync',
  code: string,
  isMeant: (argument: unknown) => boolean = () => true,
): void {
  const original = fs[call] as (...args: unknown[]) => unknown;
  const refusing = (...args: unknown[]) => {
    if (isMeant(args[0])) throw Object.assign(new Error(`${code}: refused`), { code });
    return original(...args);
  };
  Object.assign(fs, { [call]: refusing });
  syncBuiltinESMExports();
  t.after(() => {
    Object.assign(fs, { [call]: original });
    syncBuiltinESMExports();
  });
}

/** True for an open folder. */
export const isFolder = (descriptor: unknown): boolean => fs.fstatSync(descriptor as number).isDirectory();
