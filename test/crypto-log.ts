import crypto from 'node:crypto';
import type { TestContext } from 'node:test';
import { replaceMembers } from './replace-members.ts';

/** What ciphers and deciphers work with and give. `plain` is what ciphers take, and what deciphers and RSA give. */
export type CipherLog = Readonly<Record<'sealingKeys' | 'openingKeys' | 'given' | 'plain', Buffer[]>>;

/** What the ciphers and deciphers that are made from now on work with and give, until the test ends. */
export function watchCiphers(t: TestContext): CipherLog {
  const log: CipherLog = { sealingKeys: [], openingKeys: [], given: [], plain: [] };
  const { createCipheriv, createDecipheriv, privateDecrypt } = crypto;
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
        log.plain.push(keys === log.openingKeys ? result : bytes);
        return result;
      };
      return Object.assign(cipher, { update: updateNoted });
    };
  replaceMembers(t, crypto, {
    createCipheriv: noting(createCipheriv, log.sealingKeys),
    createDecipheriv: noting(createDecipheriv, log.openingKeys),
    privateDecrypt(...args: Parameters<typeof privateDecrypt>) {
      const result = privateDecrypt(...args);
      log.plain.push(result);
      return result;
    },
  });
  return log;
}

/** The random bytes of a length that are made from now on, until the test ends. */
export function watchRandomBytes(t: TestContext, length: number): readonly Buffer[] {
  const made: Buffer[] = [];
  const { randomBytes } = crypto;
  replaceMembers(t, crypto, {
    randomBytes: (wanted: number) => {
      const bytes = randomBytes(wanted);
      if (wanted === length) made.push(bytes);
      return bytes;
    },
  });
  return made;
}
