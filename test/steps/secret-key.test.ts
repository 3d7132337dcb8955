import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { foreseeSecretKey, secretKey } from '../../source/steps/secret-key.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { workIn } from '../kept-environment.ts';
import { connectionOf } from '../known-facts.ts';
import { assertDestroyed, watchSecrets } from '../material/watched-secrets.ts';
import { ownKeyFile } from '../own-key-file.ts';
import { formsIn, needlesOf } from '../secrets/needles.ts';
import { actingIn } from './acting.ts';
import { beginImport, continueImport, problemOf, type RunningCeremony, refusalOf } from './ceremony.ts';

const name = 'plain_text_aes_key.bin';

const plainFile = ({ services }: RunningCeremony) => services.folder.file(name);

function checkValueOf(key: Buffer): string {
  using secret = SecretBytes.takeFrom(Buffer.from(key));
  return keyCheckValue(secret).value;
}

for (const mode of [0o640, 0o644]) {
  test(`a key file of mode ${mode.toString(8)} is used only after asking`, async (t) => {
    const file = ownKeyFile(randomBytes(32));
    chmodSync(file, mode);
    const ceremony = await beginImport(t, { answers: { 'secret-key': { origin: 'file', file } } });
    assert.match(await refusalOf(ceremony.upTo('secret-key')), /secret-key\.shared/);
    ceremony.answer('secret-key', { shared: 'use' });
    assert.equal((await ceremony.upTo('secret-key')).secret?.origin, 'file');
  });
}

test('a key file that others may open is made readable by its owner alone, and used, where that is chosen', async (t) => {
  const key = randomBytes(32);
  const file = ownKeyFile(key);
  chmodSync(file, 0o644);
  const answers = { origin: 'file', file, keep: 'memory', shared: 'protect' };
  const ceremony = await beginImport(t, { answers: { 'secret-key': answers } });
  const { secret } = await ceremony.upTo('secret-key');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(keyHere(secret)?.checkValue.value, checkValueOf(key));
  assert.deepEqual(readFileSync(file), key);
});

test('a key file that changed after it was chosen is told, and another one can be chosen', async (t) => {
  const file = ownKeyFile(randomBytes(32));
  const ceremony = await beginImport(t, { answers: { 'secret-key': { origin: 'file', file, keep: 'memory' } } });
  ceremony.onProgress = ({ label }) => label === 'Reading your key' && truncateSync(file, 31);
  const { what, state, remedies } = await problemOf(ceremony.upTo('secret-key'));
  assert.equal(what, "Can't take the key from this file.");
  assert.equal(state, 'No AWS key was made with it.');
  assert.deepEqual(remedies, [{ action: 'ask-again', label: 'Choose another file', question: 'file' }]);
});

test('a key that is to be in memory alone is in no file, and told by its check value', async (t) => {
  const ceremony = await beginImport(t, { answers: { 'secret-key': { keep: 'memory' } } });
  const { secret } = await ceremony.upTo('secret-key');
  const { folder, secrets, journal } = ceremony.services;
  assert.deepEqual(readdirSync(folder.path), ['journal.jsonl']);
  const key = secrets.key?.use((bytes) => Buffer.from(bytes)) ?? Buffer.alloc(0);
  assert.equal(key.length, 32);
  assert.equal(keyHere(secret)?.checkValue.value, checkValueOf(key));
  assert.deepEqual(formsIn(readFileSync(journal.path), needlesOf(key, 1)), []);
  assert.equal(
    ceremony.receiptOf('secret-key'),
    `Secret key made: 32 bytes in memory, key check value ${checkValueOf(key)} (AES-CMAC)`,
  );
});

test('a key that is to be in a file is 32 bytes, for its owner alone, and another one each time', async (t) => {
  const keys = [];
  for (let time = 0; time < 2; time += 1) {
    const ceremony = await beginImport(t);
    const { secret } = await ceremony.upTo('secret-key');
    const key = readFileSync(plainFile(ceremony));
    assert.equal(key.length, 32);
    assert.equal(statSync(plainFile(ceremony)).mode & 0o777, 0o600);
    assert.equal(keyHere(secret)?.checkValue.value, checkValueOf(key));
    assert.equal(ceremony.services.secrets.key, undefined);
    keys.push(key.toString('hex'));
  }
  assert.notEqual(keys[0], keys[1]);
});

test('a plain key that is in the folder already is never overwritten, and can be the one', async (t) => {
  const mine = randomBytes(32);
  const ceremony = await beginImport(t);
  await ceremony.upTo('connect');
  writeFileSync(plainFile(ceremony), mine, { mode: 0o600 });
  const [asked] = ceremony.questionsOf('secret-key', {});
  assert.deepEqual([asked?.asked, asked?.kind === 'choice' && asked.default], ['always', 'file']);
  ceremony.answer('secret-key', { origin: 'generate' });
  assert.match(
    await refusalOf(ceremony.upTo('secret-key')),
    /plain_text_aes_key\.bin is here already and is never overwritten/,
  );
  ceremony.answer('secret-key', { origin: 'file', file: ownKeyFile(randomBytes(32)) });
  assert.match(await refusalOf(ceremony.upTo('secret-key')), /exists already and is never overwritten/);
  assert.deepEqual(readFileSync(plainFile(ceremony)), mine);
  assert.equal(ceremony.facts.secret, undefined);

  ceremony.answer('secret-key', { file: name });
  assert.equal(keyHere((await ceremony.upTo('secret-key')).secret)?.checkValue.value, checkValueOf(mine));
  assert.deepEqual(readFileSync(plainFile(ceremony)), mine);
});

/** Cuts the journal off behind the intent to write the key file. */
function cutOffAtWrite({ services }: RunningCeremony): void {
  const { path } = services.journal;
  const lines = readFileSync(path, 'utf8').split('\n');
  const intent = lines.findIndex((line) => line.includes(`"name":"write ${name}"`));
  writeFileSync(path, `${lines.slice(0, intent + 1).join('\n')}\n`);
}

/** A run that was killed behind the write of the key file, and before it noted that. */
async function cutOffAfterWrite(t: TestContext): Promise<{ ceremony: RunningCeremony; key: Buffer }> {
  const ceremony = await beginImport(t);
  await ceremony.upTo('secret-key');
  cutOffAtWrite(ceremony);
  return { ceremony, key: readFileSync(plainFile(ceremony)) };
}

test('a whole key file of a run that was cut off is the key, and is not made again', async (t) => {
  const { ceremony, key } = await cutOffAfterWrite(t);
  const later = await continueImport(t, ceremony);
  assert.equal(keyHere((await later.upTo('secret-key')).secret)?.checkValue.value, checkValueOf(key));
  assert.deepEqual(readFileSync(plainFile(later)), key);
});

test('a journal of an earlier version, which noted one check value of the key that it wrote, goes on', async (t) => {
  const { ceremony, key } = await cutOffAfterWrite(t);
  const later = await continueImport(t, ceremony);
  const checkValue = { method: 'AES-CMAC', value: checkValueOf(key) };
  const attempt = { step: 'secret-key', name: `write ${name}` };
  later.services.journal.append({ kind: 'outcome', ...attempt, outcome: 'done', result: checkValue });
  const { secret } = await later.upTo('secret-key');
  assert.deepEqual(secret, { origin: 'generated', bytes: 32, checkValue, file: name });
});

test('half a key file of a run that was cut off is destroyed, and a whole key made', async (t) => {
  const { ceremony, key } = await cutOffAfterWrite(t);
  truncateSync(plainFile(ceremony), 12);
  const later = await continueImport(t, ceremony);
  const { secret } = await later.upTo('secret-key');
  const made = readFileSync(plainFile(later));
  assert.equal(made.length, 32);
  assert.notDeepEqual(made.subarray(0, 12), key.subarray(0, 12));
  assert.equal(keyHere(secret)?.checkValue.value, checkValueOf(made));
});

test('a key as text in the plain key file of a run that was cut off is read again, and the file stays as it is', async (t) => {
  const mine = randomBytes(32);
  const ceremony = await beginImport(t);
  await ceremony.upTo('connect');
  const contents = `${mine.toString('hex')}\n`;
  writeFileSync(plainFile(ceremony), contents, { mode: 0o600 });
  ceremony.answer('secret-key', { origin: 'file', file: name, convert: 'decode' });
  await ceremony.upTo('secret-key');
  cutOffAtWrite(ceremony);
  const later = await continueImport(t, ceremony);
  later.answer('secret-key', { origin: 'file', file: name, convert: 'decode' });
  assert.equal(keyHere((await later.upTo('secret-key')).secret)?.checkValue.value, checkValueOf(mine));
  assert.equal(readFileSync(plainFile(later), 'utf8'), contents);
});

test('a file that came into the place of the key is left as it is, and no AWS key is made with it', async (t) => {
  const { ceremony } = await cutOffAfterWrite(t);
  writeFileSync(plainFile(ceremony), 'notes of a person, longer than any key that Keyferry writes');
  const before = readFileSync(plainFile(ceremony));
  const later = await continueImport(t, ceremony);
  const { why, state } = await problemOf(later.upTo('policy'));
  assert.match(why ?? '', /is not what Keyferry wrote/);
  assert.equal(state, 'No AWS key was made with it.');
  assert.equal(later.countOf('KMS.CreateKey'), 0);
  assert.deepEqual(readFileSync(plainFile(later)), before);
});

const key = randomBytes(32);
for (const [form, contents, ask] of [
  ['a newline behind it', Buffer.concat([key, Buffer.from('\n')]), 'Use the first 32 bytes, without the newline?'],
  ['a NUL behind it', Buffer.concat([key, Buffer.alloc(1)]), 'Use the first 32 bytes, without the NUL?'],
  ['hex text', `${key.toString('hex')}\n`, 'Use the 32 bytes that this text stands for?'],
  ['base64 text', key.toString('base64'), 'Use the 32 bytes that this text stands for?'],
] as const) {
  test(`a key as ${form} is converted only after asking, and the person's file stays as it is`, async (t) => {
    const file = ownKeyFile(contents);
    const ceremony = await beginImport(t, { answers: { 'secret-key': { origin: 'file', file } } });
    assert.match(await refusalOf(ceremony.upTo('secret-key')), /secret-key\.convert/);
    assert.equal(ceremony.questionsOf('secret-key').find(({ id }) => id === 'convert')?.ask, ask);
    ceremony.answer('secret-key', { convert: 'decode' });
    assert.equal(keyHere((await ceremony.upTo('secret-key')).secret)?.checkValue.value, checkValueOf(key));
    assert.deepEqual(readFileSync(plainFile(ceremony)), key);
    assert.deepEqual(readFileSync(file), Buffer.from(contents));
    const [take = ''] = ceremony.commandsOf('secret-key');
    assert.match(take, /umask 077 && set -o noclobber/);
  });
}

test('a sample key from a manual is refused', async (t) => {
  const file = ownKeyFile(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
  const ceremony = await beginImport(t, { answers: { 'secret-key': { origin: 'file', file } } });
  assert.match(await refusalOf(ceremony.upTo('secret-key')), /published in FIPS 197/);
  assert.equal(ceremony.facts.secret, undefined);
});

for (const [what, answersOf] of [
  ['made', () => ({ origin: 'generate' })],
  ['taken from a file', () => ({ origin: 'file', file: ownKeyFile(randomBytes(32)) })],
] as const)
  test(`a key that is ${what} into the plain file is in no memory afterwards, also where it cannot be written`, async (t) => {
    const { context, services } = actingIn(t, { step: 'secret-key', answers: { ...answersOf(), keep: 'file' } });
    const made = watchSecrets(t);
    const { secret } = await secretKey.act(context);
    assert.equal(keyHere(secret)?.checkValue.value, checkValueOf(services.folder.read(name)));
    assert.ok(made.length > 0);
    assertDestroyed(made, made.length);
    assert.equal(services.secrets.key, undefined);
    const { context: again, services: others } = actingIn(t, { step: 'secret-key', answers: context.answers });
    writeFileSync(others.folder.file(name), 'of somebody else');
    const soFar = made.length;
    await assert.rejects(secretKey.act(again));
    assert.ok(made.length > soFar);
    assertDestroyed(made, made.length);
    assert.equal(String(others.folder.read(name)), 'of somebody else');
    // Nothing is left of the try, so that the next one writes without a look.
    const outcomes = [...others.journal.state.attempts.values()].map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['refused']);
  });

test('a key that is said to be elsewhere leaves none in memory', async (t) => {
  const { context, services } = actingIn(t, { step: 'secret-key', answers: { origin: 'elsewhere', keeper: 'HSM' } });
  const key = SecretBytes.generate();
  services.secrets.holdKey(key);
  assert.deepEqual(await secretKey.act(context), { secret: { origin: 'elsewhere', keeper: 'HSM' } });
  assert.equal(services.secrets.key, undefined);
  assertDestroyed([key], 1);
});

test('before an answers file is done, each way to a key is foreseen: where it will be, and its check value if it has one', (t) => {
  const { services } = actingIn(t, { step: 'secret-key' });
  const key = randomBytes(32);
  const [raw, text, none] = [ownKeyFile(key), ownKeyFile(key.toString('hex')), ownKeyFile('no key')];
  const unknown = { method: '', value: '' };
  const read = watchSecrets(t);
  const foreseen = (answers: Answers) => {
    const secret = foreseeSecretKey(answers, services);
    const { origin, file, source, checkValue } = keyHere(secret) ?? { origin: secret.origin };
    return [origin, file, source, checkValue?.value];
  };
  assert.deepEqual(foreseen({ origin: 'generate', keep: 'file' }), ['generated', name, undefined, unknown.value]);
  assert.deepEqual(foreseen({ origin: 'generate', keep: 'memory' }), ['generated', undefined, undefined, '']);
  for (const file of [raw, text])
    assert.deepEqual(foreseen({ origin: 'file', file, keep: 'file' }), ['file', name, file, checkValueOf(key)]);
  assert.deepEqual(foreseen({ origin: 'file', file: none, keep: 'memory' }), ['file', undefined, none, '']);
  assert.deepEqual(foreseen({ origin: 'elsewhere', keeper: 'HSM' }), ['elsewhere', undefined, undefined, undefined]);
  assert.ok(read.length > 0);
  assertDestroyed(read, read.length);
});

test('the printed commands make or take the key that was chosen, and first protect a file where that is wanted', (t) => {
  const { context } = actingIn(t, { step: 'secret-key' });
  const file = ownKeyFile(randomBytes(32));
  const shells = (answers: Answers) => secretKey.commands({ ...context, answers }).map(({ shell }) => shell);
  assert.deepEqual(shells({ origin: 'elsewhere', keeper: 'HSM' }), []);
  const [protect, take = '', size] = shells({ origin: 'file', file, shared: 'protect' });
  assert.equal(protect, `chmod go= ${file}`);
  assert.ok(take.includes(`cat ${file} > ${name}`), take);
  assert.equal(size, `wc -c < ${name}`);
  assert.deepEqual(shells({ origin: 'file', file, shared: 'use' }), [take, size]);
  const made = shells({ origin: 'generate' });
  assert.match(made.join(), /openssl rand 32 > /);
  assert.deepEqual([made, made], [shells({ origin: 'file' }), shells({ origin: 'generate', file })]);
});

test('the receipt says where the key comes from and where it is', () => {
  const checkValue = { method: 'AES-CMAC', value: 'A1B2C3' };
  const secret = { origin: 'generated', bytes: 32, checkValue } as const;
  const value = 'key check value A1B2C3 (AES-CMAC)';
  assert.equal(secretKey.receipt({ secret }), `Secret key made: 32 bytes in memory, ${value}`);
  assert.equal(
    secretKey.receipt({ secret: { ...secret, origin: 'file', file: name } }),
    `Secret key taken: 32 bytes in ${name}, ${value}`,
  );
  assert.equal(
    secretKey.receipt({ secret: { origin: 'elsewhere', keeper: 'HSM' } }),
    'Secret key with HSM, not here; no key check value was stated',
  );
});

test('a plain key file is said to be here by the name of the article or the developer guide, also in the current folder', (t) => {
  const here = workIn(t);
  const hintIn = (place: (folder: string) => string | undefined, file = 'PlaintextKeyMaterial.bin') => {
    const { context, services } = actingIn(t, { step: 'secret-key' });
    services.folder.make();
    const folder = place(services.folder.path);
    if (folder !== undefined) writeFileSync(join(folder, file), randomBytes(32));
    const [question] = secretKey.questions(context);
    if (folder !== undefined) rmSync(join(folder, file));
    assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
    return question.options.find(({ value }) => value === 'file')?.hint;
  };
  const isHere = 'PlaintextKeyMaterial.bin is here';
  assert.deepEqual([hintIn((folder) => folder), hintIn(() => here)], [isHere, isHere]);
  assert.equal(
    hintIn(() => here, name),
    `${name} is here`,
  );
  assert.equal(
    hintIn(() => undefined),
    undefined,
  );
});

test('only for practice is it said that practice AWS is no place for a real key', (t) => {
  const helpWith = (connection: Facts['connection']) => {
    const { context } = actingIn(t, { step: 'secret-key', answers: { origin: 'file' } });
    const facts = connection === undefined ? {} : { connection };
    return secretKey.questions({ ...context, facts }).find(({ id }) => id === 'file')?.help;
  };
  const practice = connectionOf('arn:aws:iam::000000000000:user/alice');
  const words = 'This is practice. Use a file made for it: practice AWS is no safe place for a real key.';
  assert.equal(helpWith(practice), words);
  assert.equal(helpWith({ ...practice, source: 'environment', practice: true }), words);
  assert.deepEqual([helpWith({ ...practice, source: 'environment' }), helpWith(undefined)], [undefined, undefined]);
});
