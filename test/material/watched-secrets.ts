import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { replaceMembers } from '../replace-members.ts';

/** Every secret that is made from now on, until the test ends. */
export function watchSecrets(t: TestContext): readonly SecretBytes[] {
  const made: SecretBytes[] = [];
  const { takeFrom, generate } = SecretBytes;
  const noting =
    <Arguments extends unknown[]>(make: (...args: Arguments) => SecretBytes) =>
    (...args: Arguments) => {
      const secret = make(...args);
      made.push(secret);
      return secret;
    };
  t.mock.method(SecretBytes, 'takeFrom', noting(takeFrom));
  t.mock.method(SecretBytes, 'generate', noting(generate));
  return made;
}

/** Asserts that so many secrets were made, and that each is destroyed. */
export function assertDestroyed(secrets: readonly SecretBytes[], count: number): void {
  assert.equal(secrets.length, count);
  for (const secret of secrets) assert.throws(() => secret.use(() => {}), /has been destroyed/);
}

/** Every buffer that is made from now on, until the test ends. */
export function watchBuffers(t: TestContext): readonly Buffer[] {
  const made: Buffer[] = [];
  const noting =
    (make: (...given: never[]) => Buffer) =>
    (...given: never[]) => {
      const buffer = make(...given);
      made.push(buffer);
      return buffer;
    };
  const { from, alloc, allocUnsafe, allocUnsafeSlow, concat } = Buffer;
  replaceMembers(t, Buffer, {
    from: noting(from),
    alloc: noting(alloc),
    allocUnsafe: noting(allocUnsafe),
    allocUnsafeSlow: noting(allocUnsafeSlow),
    concat: noting(concat),
  });
  return made;
}
