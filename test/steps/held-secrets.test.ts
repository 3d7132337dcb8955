import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecretText } from '../../source/ceremony/secret-text.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { HeldSecrets } from '../../source/steps/held-secrets.ts';
import { typedText } from '../typed-text.ts';

/** A key, and its bytes as they are in memory. */
function watchedKey() {
  const secret = SecretBytes.takeFrom(Buffer.alloc(32, 7));
  return { secret, bytes: secret.use((bytes) => bytes) };
}

const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);
const bytesOf = (text: SecretText | undefined): Uint8Array => text?.use((bytes) => bytes) ?? assert.fail('it is held');

test('a key is zero once another one is held or it is forgotten, and stays when it is held again', () => {
  const secrets = new HeldSecrets();
  const [one, two] = [watchedKey(), watchedKey()];
  secrets.holdKey(one.secret);
  secrets.holdKey(one.secret);
  assert.equal(isZero(one.bytes), false);
  secrets.holdKey(two.secret);
  assert.deepEqual([isZero(one.bytes), isZero(two.bytes)], [true, false]);
  secrets.forgetKey();
  assert.equal(isZero(two.bytes), true);
  assert.equal(secrets.key, undefined);
});

test('a passphrase is held as a copy; another one for the same question takes its place and is not tried yet', () => {
  const secrets = new HeldSecrets();
  const typed = typedText('first words');
  secrets.holdPassphrase(typed);
  typed.destroy();
  const first = bytesOf(secrets.passphrase);
  assert.equal(String(first), 'first words');
  secrets.holdPassphrase(typedText('of a second backup'), 'passphrase-2');
  assert.equal(secrets.passphrases.length, 2);
  secrets.noteTried();
  assert.deepEqual([secrets.isTried('passphrase'), secrets.isTried('passphrase-2')], [true, true]);
  secrets.holdPassphrase(typedText('first words'));
  assert.equal(secrets.isTried('passphrase'), true, 'the same words need not be tried again');
  assert.equal(String(first), 'first words');
  secrets.holdPassphrase(typedText('other words'));
  assert.equal(isZero(first), true);
  assert.deepEqual([secrets.isTried('passphrase'), secrets.isTried('passphrase-2')], [false, true]);
  const held = secrets.passphrases.map(bytesOf);
  secrets.forgetPassphrases();
  assert.ok(held.every(isZero));
  assert.deepEqual([secrets.passphrases.length, secrets.isTried('passphrase-2')], [0, false]);
});

test('the keys of copies are zero once their copy is not named any more, another key comes from it, or the run ends', () => {
  const secrets = new HeldSecrets();
  const [one, again, two, key] = [watchedKey(), watchedKey(), watchedKey(), watchedKey()];
  secrets.holdCopy('/one', one.secret);
  secrets.holdCopy('/one', one.secret);
  assert.equal(isZero(one.bytes), false);
  secrets.holdCopy('/one', again.secret);
  assert.equal(isZero(one.bytes), true);
  secrets.holdCopy('/two', two.secret);
  secrets.keepCopies(['/two']);
  assert.deepEqual([isZero(again.bytes), isZero(two.bytes)], [true, false]);
  assert.equal(secrets.copy('/one'), undefined);
  assert.equal(secrets.copy('/two'), two.secret);
  secrets.holdKey(key.secret);
  secrets.holdPassphrase(typedText('words'));
  const words = bytesOf(secrets.passphrase);
  secrets.forget();
  assert.ok([two.bytes, key.bytes, words].every(isZero));
});
