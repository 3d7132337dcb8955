import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBackup, sealBackup } from '../../source/material/backup.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { proveWrapping } from '../../source/material/proof.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { findSecretIn } from '../../source/material/secret-in-file.ts';
import { checkWrappedFile, WrappingPublicKey } from '../../source/material/wrap.ts';
import { watchCiphers } from '../crypto-log.ts';
import { around } from './around-key.ts';
import { base64, base64url, hex, key, pem, someBytes, utf16 } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { assertDestroyed, watchBuffers, watchSecrets } from './watched-secrets.ts';

/* What is only looked at, or serves for a moment, is zero in memory afterwards. */

const folder = temporaryFolder();
const passphrase = Buffer.from('winter lamp orbit saddle');

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
  const { sealingKeys, openingKeys, plain } = watchCiphers(t);
  const made = watchSecrets(t);
  const file = await sealBackup(secret, lock);
  assertDestroyed(made, 1);
  const opened = await openBackup(file, { by: 'passphrase', passphrase });
  assert.ok(!('trouble' in opened));
  opened.destroy();
  assertDestroyed(made, 3);
  assert.deepEqual([...sealingKeys, ...openingKeys].map(isZero), [true, true, true, true]);
  // Of what was sealed and opened, only the secret itself is there.
  assert.deepEqual(plain.map(isZero), [true, false, true, true]);
  const short = await sealBackup(SecretBytes.takeFrom(someBytes(16)), lock);
  made[3]?.destroy();
  await openBackup(short, { by: 'passphrase', passphrase });
  assertDestroyed(made, 7);
});

test('what a wrong passphrase decrypts is not kept', async (t) => {
  using secret = SecretBytes.takeFrom(Buffer.from(key));
  const file = await sealBackup(secret, { by: 'passphrase', passphrase, workFactor: 2 });
  const { openingKeys, given } = watchCiphers(t);
  const trouble = await openBackup(file, { by: 'passphrase', passphrase: Buffer.from('winter lamp') });
  assert.ok('trouble' in trouble);
  assert.deepEqual([openingKeys.map(isZero), given.map(isZero)], [[true], [true]]);
});

test('what a check value is computed from is not kept', (t) => {
  using secret = SecretBytes.takeFrom(Buffer.from(key));
  const { given, plain } = watchCiphers(t);
  const made = watchBuffers(t);
  keyCheckValue(secret);
  const left = made.filter((buffer) => !isZero(buffer));
  assert.deepEqual(given.map(isZero), [true, true]);
  assert.deepEqual(plain.map(isZero), [true, true]);
  assert.deepEqual([made.length > 1, left.length], [true, 1], 'the check value alone is left');
});

test('no copy of a key or of its text is left of a file that was looked at, whatever the file is', (t) => {
  const twice = Buffer.from(hex).toString('base64');
  const contents = { ...around(key), key, hex, base64, base64url, twice, pem: pem('AES KEY', key), utf16: utf16(hex) };
  const files = Object.entries(contents).map(([name, content], number) => ({
    ...{ name, path: folder.put(`file-${number}`, content), bytes: Buffer.from(content) },
  }));
  const traces = [key, ...[hex, hex.toUpperCase(), base64, base64url].map((text) => Buffer.from(text))];
  const wrappingKey = WrappingPublicKey.ofTestPair('RSA_2048');
  const sought = SecretBytes.takeFrom(Buffer.from(key));
  const { value: checkValue } = keyCheckValue(sought);
  const made = watchBuffers(t);
  for (const { name, path, bytes } of files) {
    const before = made.length;
    inspectKeyFile(path);
    checkWrappedFile(path, wrappingKey);
    for (const by of [{ checkValue }, { checkValue: '0000000000' }, { key: sought }]) findSecretIn(bytes, by);
    const left = made.slice(before).filter((buffer) => traces.some((trace) => buffer.includes(trace)));
    assert.deepEqual([made.length > before, left.length], [true, 0], name);
  }
  sought.destroy();
});
