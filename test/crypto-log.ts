import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { TestContext } from 'node:test';

/** What ciphers and deciphers work with and give. */
export type CipherLog = { readonly sealingKeys: Buffer[]; readonly openingKeys: Buffer[]; readonly given: Buffer[] };

/** What the ciphers and deciphers that are made from now on work with and give, until the test ends. */
export function watchCiphers(t: TestContext): CipherLog {
  const log: CipherLog = { sealingKeys: [], openingKeys: [], given: [] };
  const { createCipheriv, createDecipheriv } = crypto;
  type Make = (...args: unknown[]) => crypto.DecipherGCM;
  const noting =
    (make: unknown, keys: Buffer[]): Make =>
    (...args) => {
      keys.push(args[1] as Buffer);
      const cipher = (make as Make)(...args);
      const update = cipher.update.bind(cipher) as (bytes: Buffer) => Buffer;
      const updateNoted = (bytes: Buffer) => {
        const result = update(bytes);
        log.given.push(result);
        return result;
      };
      return Object.assign(cipher, { update: updateNoted });
    };
  replace(t, {
    createCipheriv: noting(createCipheriv, log.sealingKeys),
    createDecipheriv: noting(createDecipheriv, log.openingKeys),
  });
  return log;
}

/** The random bytes of a length that are made from now on, until the test ends. */
export function watchRandomBytes(t: TestContext, length: number): readonly Buffer[] {
  const made: Buffer[] = [];
  const { randomBytes } = crypto;
  replace(t, {
    randomBytes: (wanted: number) => {
      const bytes = randomBytes(wanted);
      if (wanted === length) made.push(bytes);
      return bytes;
    },
  });
  return made;
}

/** Replaces functions of node:crypto, for every module, until the test ends. */
function replace(t: TestContext, functions: Readonly<Record<string, unknown>>): void {
  const before = Object.fromEntries(Object.keys(functions).map((name) => [name, Reflect.get(crypto, name)]));
  Object.assign(crypto, functions);
  syncBuiltinESMExports();
  t.after(() => {
    Object.assign(crypto, before);
    syncBuiltinESMExports();
  });
}
