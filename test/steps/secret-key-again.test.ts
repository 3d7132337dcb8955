import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Answers, Question } from '../../source/ceremony/question.ts';
import type { SecretBytes } from '../../source/material/secret-bytes.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { losesKey } from '../../source/steps/unsaved-key.ts';
import { ownKeyFile } from '../own-key-file.ts';
import { beginImport, type RunningCeremony, refusalOf } from './ceremony.ts';

/* A person goes back over the step that made or took the key. */

const name = 'plain_text_aes_key.bin';

/** Does the step, and takes it back. Gives the check value of the key. */
async function doneAndBack(t: TestContext, answers: Answers): Promise<{ ceremony: RunningCeremony; value: string }> {
  const ceremony = await beginImport(t, { answers: { 'secret-key': answers } });
  const { secret } = await ceremony.upTo('secret-key');
  ceremony.services.journal.append({ kind: 'reopened', step: 'secret-key' });
  return { ceremony, value: keyHere(secret)?.checkValue.value ?? assert.fail('there is a key here') };
}

function assertDestroyed(key: SecretBytes | undefined): void {
  assert.ok(key);
  assert.throws(() => key.use(() => {}), /has been destroyed/);
}

const origin = (ceremony: RunningCeremony): Question => ceremony.questionsOf('secret-key', {})[0] ?? assert.fail();

/** What the first option says, and the help. */
function offer(ceremony: RunningCeremony) {
  const question = origin(ceremony);
  if (question.kind !== 'choice' || typeof question.options === 'function') return assert.fail();
  const [first] = question.options;
  return { label: first?.label, disabled: first?.disabled, help: question.help };
}

test('a key in memory stays when the same is answered again, and is told to be lost before another one is taken', async (t) => {
  const { ceremony, value } = await doneAndBack(t, { keep: 'memory' });
  const { secrets } = ceremony.services;
  const held = secrets.key;
  assert.ok(held);
  assert.equal(losesKey(ceremony.facts, ceremony.services), true, 'a stop would lose it now too');
  const lost = `The key from before, with the check value ${value}, is only in memory and has no backup: it is destroyed when you take another one.`;
  const { label, help } = offer(ceremony);
  assert.equal(label, 'Keep the one that was made here');
  assert.ok(help?.endsWith(lost), help);
  for (const answers of [{ origin: 'file' }, { origin: 'elsewhere' }])
    assert.ok(ceremony.questionsOf('secret-key', answers)[1]?.help?.endsWith(lost), answers.origin);
  const { secret } = await ceremony.upTo('secret-key');
  assert.equal(keyHere(secret)?.checkValue.value, value);
  assert.equal(secrets.key, held);
  assert.doesNotThrow(() => held.use(() => {}));
});

test('a key in memory is destroyed when a file is taken, or one that is elsewhere', async (t) => {
  for (const other of [
    { origin: 'file', file: ownKeyFile(), keep: 'memory' },
    { origin: 'file', file: ownKeyFile(), keep: 'file' },
    { origin: 'elsewhere', keeper: 'HSM 1' },
  ]) {
    const { ceremony } = await doneAndBack(t, { keep: 'memory' });
    const held = ceremony.services.secrets.key;
    ceremony.answer('secret-key', other);
    await ceremony.upTo('secret-key');
    assertDestroyed(held);
    if (other.keep !== 'memory') assert.equal(ceremony.services.secrets.key, undefined);
  }
});

test('a key that was taken from a file is not kept when a new one is to be made, and the new one is told as made', async (t) => {
  const { ceremony, value } = await doneAndBack(t, { origin: 'file', file: ownKeyFile(), keep: 'memory' });
  const held = ceremony.services.secrets.key;
  const told: string[] = [];
  ceremony.onProgress = ({ label }) => void told.push(label);
  ceremony.answer('secret-key', { origin: 'generate' });
  const secret = keyHere((await ceremony.upTo('secret-key')).secret);
  assert.equal(secret?.origin, 'generated');
  assert.notEqual(secret.checkValue.value, value);
  assert.equal(secret.source, undefined);
  assertDestroyed(held);
  assert.deepEqual(told, ['Making 256 random bits', '32 bytes are in memory']);
});

test('a key from a file is read anew when the person comes back to it, and one that was made is told as kept', async (t) => {
  const file = ownKeyFile();
  const taken = await doneAndBack(t, { origin: 'file', file, keep: 'memory' });
  writeFileSync(file, randomBytes(32));
  const secret = keyHere((await taken.ceremony.upTo('secret-key')).secret);
  assert.deepEqual([secret?.origin, secret?.source], ['file', file]);
  assert.notEqual(secret?.checkValue.value, taken.value, 'the file has another key now');
  for (const keep of ['memory', 'file']) {
    const { ceremony } = await doneAndBack(t, { keep });
    const told: string[] = [];
    ceremony.onProgress = ({ label }) => void told.push(label);
    await ceremony.upTo('secret-key');
    assert.equal(told[0], 'Keeping the key that was made', keep);
  }
});

test('a key in memory goes into the file when that is chosen, and no other one is made', async (t) => {
  const { ceremony, value } = await doneAndBack(t, { keep: 'memory' });
  const held = ceremony.services.secrets.key;
  const bytes = held?.use((key) => Buffer.from(key));
  ceremony.answer('secret-key', { keep: 'file' });
  const { secret } = await ceremony.upTo('secret-key');
  assert.equal(keyHere(secret)?.checkValue.value, value);
  assert.deepEqual(readFileSync(ceremony.services.folder.file(name)), bytes);
  assertDestroyed(held);
});

test('a key that was taken from a file into memory goes into the plain file when that is chosen for the same file', async (t) => {
  const file = ownKeyFile();
  const { ceremony, value } = await doneAndBack(t, { origin: 'file', file, keep: 'memory' });
  ceremony.answer('secret-key', { keep: 'file' });
  const { secret } = await ceremony.upTo('secret-key');
  assert.equal(keyHere(secret)?.checkValue.value, value);
  assert.deepEqual(readFileSync(ceremony.services.folder.file(name)), readFileSync(file));
});

test('a key in its file stays there, and is never overwritten', async (t) => {
  const { ceremony, value } = await doneAndBack(t, { keep: 'file' });
  const path = ceremony.services.folder.file(name);
  const before = readFileSync(path);
  assert.deepEqual(offer(ceremony), {
    label: 'Keep the one that was made here',
    disabled: undefined,
    help: `Only its length and a check value are ever shown.\nThe key from before, with the check value ${value}, stays in ${name}.`,
  });
  ceremony.answer('secret-key', { origin: 'file', file: ownKeyFile() });
  assert.match(await refusalOf(ceremony.upTo('secret-key')), /exists already and is never overwritten/);
  assert.deepEqual(readFileSync(path), before);
  ceremony.answer('secret-key', { origin: 'elsewhere', keeper: 'HSM 1' });
  await ceremony.upTo('secret-key');
  assert.deepEqual(readFileSync(path), before);
  ceremony.services.journal.append({ kind: 'reopened', step: 'secret-key' });
  ceremony.answer('secret-key', { origin: 'file', file: path });
  assert.equal(keyHere((await ceremony.upTo('secret-key')).secret)?.checkValue.value, value);
});

test('the same answers keep the key in its file', async (t) => {
  for (const answers of [{ keep: 'file' }, { origin: 'file', file: ownKeyFile(), keep: 'file' }]) {
    const { ceremony, value } = await doneAndBack(t, answers);
    const before = readFileSync(ceremony.services.folder.file(name));
    const { secret } = await ceremony.upTo('secret-key');
    assert.equal(keyHere(secret)?.checkValue.value, value);
    assert.deepEqual(readFileSync(ceremony.services.folder.file(name)), before);
    assert.deepEqual(readdirSync(ceremony.services.folder.path).toSorted(), ['journal.jsonl', name]);
  }
});

test('beside a key that was taken into the file, no new one is offered: it could not be written', async (t) => {
  const { ceremony } = await doneAndBack(t, { origin: 'file', file: ownKeyFile(), keep: 'file' });
  const { label, disabled } = offer(ceremony);
  assert.deepEqual([label, disabled], ['Make a new one here', `${name} is here already and is never overwritten`]);
});

test('an own file that was replaced meanwhile is not taken for the key from before', async (t) => {
  const file = ownKeyFile();
  const { ceremony } = await doneAndBack(t, { origin: 'file', file, keep: 'file' });
  writeFileSync(file, randomBytes(32));
  await assert.rejects(ceremony.upTo('secret-key'), /Can't write the key file/);
  assert.ok(existsSync(ceremony.services.folder.file(name)));
});

test('for a key from a file that is still there, nothing is told to be lost', async (t) => {
  const { ceremony } = await doneAndBack(t, { origin: 'file', file: ownKeyFile(), keep: 'memory' });
  assert.equal(offer(ceremony).help, 'Only its length and a check value are ever shown.');
  assert.equal(offer(ceremony).label, 'Make a new one here');
  assert.equal(losesKey(ceremony.facts, ceremony.services), false);
});
