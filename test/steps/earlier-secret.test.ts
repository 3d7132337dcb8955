import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { findEarlierSecret, otherKeyWords } from '../../source/steps/earlier-secret.ts';
import { checkValuesOf, type KeyHere, type SecretKey } from '../../source/steps/secret-key-fact.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';

const plainKey = 'plain_text_aes_key.bin';
/** Bytes as random as those of a key. */
const bytesOf = (number: number) => createHash('sha256').update(`${number}`).digest();
const keyOf = (number: number) => SecretBytes.takeFrom(bytesOf(number));

function factOf(number: number, more: Partial<KeyHere> = {}): KeyHere {
  using key = keyOf(number);
  return { origin: 'generated', bytes: 32, ...checkValuesOf(key), ...more };
}

/** A ceremony whose step `secret-key` gave these facts and was then reopened. */
function reopened(t: TestContext, ...facts: readonly SecretKey[]) {
  const services = makeOfflineServicesFor(t);
  const { folder, journal } = services;
  for (const secret of facts) journal.append({ kind: 'done', step: 'secret-key', facts: { secret } });
  if (facts.length > 0) journal.append({ kind: 'reopened', step: 'secret-key' });
  const write = (bytes: Buffer) => writeFileSync(folder.file(plainKey), bytes, { mode: 0o600 });
  return { services, write };
}

test('the key from before is found in memory or in its plain file, and only where it is that very key', (t) => {
  const fact = factOf(1, { file: plainKey });
  const { services, write } = reopened(t, fact);
  assert.equal(findEarlierSecret(services), undefined, 'it is nowhere');
  write(Buffer.from('no key at all'));
  assert.equal(findEarlierSecret(services), undefined);
  write(bytesOf(2));
  assert.equal(findEarlierSecret(services), undefined, 'the file holds another key');
  services.secrets.holdKey(keyOf(2));
  assert.equal(findEarlierSecret(services), undefined, 'the memory holds another key');
  write(bytesOf(1));
  assert.deepEqual(findEarlierSecret(services), { fact, at: 'file' });
  services.secrets.holdKey(keyOf(1));
  assert.deepEqual(findEarlierSecret(services), { fact, at: 'memory' });
});

test('a plain file that a key in memory alone never had is not its own', (t) => {
  const { services, write } = reopened(t, factOf(1));
  write(bytesOf(1));
  assert.equal(findEarlierSecret(services), undefined);
});

test('the last key counts, and there is none before the first, while the step is done, or for a key elsewhere', (t) => {
  const { services, write } = reopened(t, factOf(1, { file: plainKey }), factOf(2, { file: plainKey }));
  write(bytesOf(1));
  assert.equal(findEarlierSecret(services), undefined);
  write(bytesOf(2));
  assert.equal(findEarlierSecret(services)?.fact.checkValue.value, factOf(2).checkValue.value);
  services.journal.append({ kind: 'done', step: 'secret-key', facts: { secret: factOf(2, { file: plainKey }) } });
  assert.equal(findEarlierSecret(services), undefined);
  assert.equal(findEarlierSecret(reopened(t).services), undefined);
  assert.equal(findEarlierSecret(reopened(t, { origin: 'elsewhere', keeper: 'HSM' }).services), undefined);
});

test('a key that is read only to be compared is zero afterwards', (t) => {
  const { services, write } = reopened(t, factOf(1, { file: plainKey }));
  write(bytesOf(1));
  const destroy = t.mock.method(SecretBytes.prototype, 'destroy');
  assert.equal(findEarlierSecret(services)?.at, 'file');
  assert.ok(destroy.mock.callCount() > 0);
});

test('whoever takes another key is told that the one from before stays in its file, or is destroyed', () => {
  const source = join(newFolder(), 'my.key');
  const value = `The key from before, with the check value ${factOf(1).checkValue.value},`;
  const destroyed = `\n${value} is only in memory and has no backup: it is destroyed when you take another one.`;
  assert.equal(otherKeyWords(undefined), '');
  assert.equal(otherKeyWords({ fact: factOf(1), at: 'file' }), `\n${value} stays in ${plainKey}.`);
  assert.equal(otherKeyWords({ fact: factOf(1), at: 'memory' }), destroyed);
  assert.equal(otherKeyWords({ fact: factOf(1, { source }), at: 'memory' }), destroyed, 'the own file is gone');
  writeFileSync(source, 'the key');
  assert.equal(otherKeyWords({ fact: factOf(1, { source }), at: 'memory' }), '');
});
