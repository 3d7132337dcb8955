import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { type TestContext, test } from 'node:test';
import { openBackup, sealBackup } from '../../source/material/backup.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { proveWrapping } from '../../source/material/proof.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { findSecretIn } from '../../source/material/secret-in-file.ts';
import { checkWrappedFile, WrappingPublicKey } from '../../source/material/wrap.ts';
import { hex, key, someBytes } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

/* What is only looked at, or serves for a moment, is zero in memory afterwards. */

const folder = temporaryFolder();
const passphrase = Buffer.from('winter lamp orbit saddle');

/** Every secret that is made from now on, until the test ends. */
function watchSecrets(t: TestContext): readonly SecretBytes[] {
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

function assertDestroyed(secrets: readonly SecretBytes[], count: number): void {
  assert.equal(secrets.length, count);
  for (const secret of secrets) assert.throws(() => secret.use(() => {}), /has been destroyed/);
}

/** The keys that ciphers get from now on, and what they decrypt, until the test ends. */
function watchCiphers(t: TestContext): { readonly keys: Buffer[]; readonly opened: Buffer[] } {
  const keys: Buffer[] = [];
  const opened: Buffer[] = [];
  const { createCipheriv, createDecipheriv } = crypto;
  type Make = (...args: unknown[]) => crypto.DecipherGCM;
  const noting =
    (make: unknown): Make =>
    (...args) => {
      keys.push(args[1] as Buffer);
      const cipher = (make as Make)(...args);
      const update = cipher.update.bind(cipher) as (bytes: Buffer) => Buffer;
      const updateNoted = (bytes: Buffer) => {
        const result = update(bytes);
        opened.push(result);
        return result;
      };
      return Object.assign(cipher, { update: updateNoted });
    };
  Object.assign(crypto, { createCipheriv: noting(createCipheriv), createDecipheriv: noting(createDecipheriv) });
  syncBuiltinESMExports();
  t.after(() => {
    Object.assign(crypto, { createCipheriv, createDecipheriv });
    syncBuiltinESMExports();
  });
  return { keys, opened };
}

const isZero = (bytes: Buffer) => bytes.every((byte) => byte === 0);

test('a key in a file that is only looked at is not kept, whether it could be used or not', (t) => {
  const path = folder.put('key', hex);
  const made = watchSecrets(t);
  assert.equal(inspectKeyFile(path).verdict, 'convertible');
  assertDestroyed(made, 1);
  assert.throws(() => readKeyFile(path, 'raw'));
  assertDestroyed(made, 2);
  assert.equal(inspectKeyFile(folder.put('weak', Buffer.alloc(32, 7))).verdict, 'refused');
  assertDestroyed(made, 3);
  assert.match(checkWrappedFile(path, WrappingPublicKey.ofTestPair('RSA_2048')) ?? '', /plain key/);
  assertDestroyed(made, 4);
  assert.equal(findSecretIn(Buffer.from(hex), { checkValue: '0000000000' }), undefined);
  assertDestroyed(made, 5);
});

test('the samples of the proof of wrapping are not kept', (t) => {
  const made = watchSecrets(t);
  proveWrapping({ algorithm: 'RSAES_OAEP_SHA_256', keySpec: 'RSA_2048' });
  assertDestroyed(made, 4);
});

test('the keys of a backup are not kept when it is made and opened, nor what it holds when that is no key', async (t) => {
  const lock = { by: 'passphrase', passphrase, workFactor: 2 } as const;
  using secret = SecretBytes.takeFrom(Buffer.from(key));
  const { keys } = watchCiphers(t);
  const made = watchSecrets(t);
  const file = await sealBackup(secret, lock);
  assertDestroyed(made, 1);
  const opened = await openBackup(file, { by: 'passphrase', passphrase });
  assert.ok(!('trouble' in opened));
  opened.destroy();
  assertDestroyed(made, 3);
  assert.deepEqual(keys.map(isZero), [true, true, true, true]);
  const short = await sealBackup(SecretBytes.takeFrom(someBytes(16)), lock);
  made[3]?.destroy();
  await openBackup(short, { by: 'passphrase', passphrase });
  assertDestroyed(made, 7);
});

test('what a wrong passphrase decrypts is not kept', async (t) => {
  using secret = SecretBytes.takeFrom(Buffer.from(key));
  const file = await sealBackup(secret, { by: 'passphrase', passphrase, workFactor: 2 });
  const { keys, opened } = watchCiphers(t);
  const trouble = await openBackup(file, { by: 'passphrase', passphrase: Buffer.from('winter lamp') });
  assert.ok('trouble' in trouble);
  assert.deepEqual([keys.map(isZero), opened.map(isZero)], [[true], [true]]);
});

test('what a check value is computed from is not kept', (t) => {
  using secret = SecretBytes.takeFrom(Buffer.from(key));
  const { opened } = watchCiphers(t);
  keyCheckValue(secret);
  assert.deepEqual(opened.map(isZero), [true, true]);
});
