import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { closingLines } from '../../source/ceremonies/first-import/closing-lines.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { resultOf } from '../../source/ceremonies/first-import/result.ts';
import { transcriptOf } from '../../source/ceremonies/first-import/transcript-of.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { runbook } from '../../source/record/runbook.ts';
import { shellScript } from '../../source/record/shell-script.ts';
import { readKeyNow } from '../../source/steps/key-now.ts';
import { elsewhereQuestions, keyElsewhereOf } from '../../source/steps/secret-elsewhere.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { beginImport, problemOf, type RunningCeremony, refusalOf } from './ceremony.ts';
import { wrappedThere, wrapThere } from './wrap-there.ts';

/* A key in an HSM: it is wrapped where it is, and Keyferry knows of it only what the person states. */

const stated = 'stated by payments HSM, slot 3, not checked';
const elsewhere: Answers = {
  origin: 'elsewhere',
  keeper: ' payments HSM, slot 3 ',
  'check-value': '0x08 d7:b4',
  'check-value-method': 'zero-block',
};

const begin = (t: TestContext, answers: Answers = elsewhere, more = {}) =>
  beginImport(t, { answers: { 'secret-key': answers, wrap: { by: 'me', file: wrappedThere } }, ...more });

async function finished(t: TestContext, answers: Answers = elsewhere): Promise<RunningCeremony> {
  const ceremony = await begin(t, answers);
  await ceremony.upTo('wrapping-key');
  wrapThere(ceremony, randomBytes(32));
  await ceremony.upTo();
  return ceremony;
}

test('of a key elsewhere the facts have only what was stated, and no key and no backup is made', async (t) => {
  const ceremony = await finished(t);
  const { facts, services } = ceremony;
  assert.deepEqual(facts.secret, {
    origin: 'elsewhere',
    keeper: 'payments HSM, slot 3',
    statedCheckValue: { method: 'zero block', value: '08D7B4' },
  });
  assert.deepEqual(facts.backup, { by: 'keeper' });
  assert.equal(facts.imported?.secretInKms, 'not shown');
  assert.equal(services.secrets.key, undefined);
  // Nobody is asked whether the key may have no copy: that of its keeper counts.
  assert.deepEqual(
    ceremony.questionsOf('import', { expiry: 'never' }).map(({ id }) => id),
    ['expiry'],
  );
  // The material has no description: a check value that nobody checked is none.
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 1);
  assert.match(ceremony.receiptOf('secret-key'), new RegExp(`not here; key check value 08D7B4 .*, ${stated}$`));
  assert.match(ceremony.receiptOf('backup'), new RegExp(`^No backup made: .* counts as the backup; ${stated}$`));
  assert.match(ceremony.receiptOf('import'), new RegExp(`That it is the key of payments HSM, slot 3 is ${stated}$`));
});

test('the record, the last page and the result of a key elsewhere state only what is known', async (t) => {
  const ceremony = await finished(t);
  const { facts, services } = ceremony;
  const page = readFileSync(services.folder.file('record.md'), 'utf8');
  assert.ok(page.includes(`Key check value 08D7B4 (zero block): ${stated}.`), page);
  assert.ok(page.includes(`counts as the backup: ${stated}.`));
  assert.doesNotMatch(page, /AES-CMAC|32 bytes|was in memory|opened to the same key|no copy of the key anywhere/);
  const { secret, backup, copies } = JSON.parse(readFileSync(services.folder.file('record.json'), 'utf8'));
  assert.deepEqual(secret, {
    origin: 'elsewhere',
    keeper: 'payments HSM, slot 3',
    statedCheckValue: { method: 'zero block', value: '08D7B4' },
    checked: false,
    inKms: 'not shown',
  });
  assert.deepEqual([backup, copies.known], [undefined, []]);
  const now = await readKeyNow(facts, services);
  const lines = closingLines(facts, now, services).join('\n');
  assert.ok(lines.includes(`no copy of it here: ${stated}.`), lines);
  assert.doesNotMatch(lines, /only you know|no copy of the key anywhere|bring another key/);
  const result = resultOf(facts, now, services);
  assert.deepEqual([result.checkValue, result.zeroBlockCheckValue, result.copies], [null, null, []]);
  assert.ok(!('noCopyKnown' in result));
});

test('a key of which no check value was stated has none on record', async (t) => {
  const ceremony = await finished(t, { origin: 'elsewhere', keeper: 'HSM' });
  assert.deepEqual(ceremony.facts.secret, { origin: 'elsewhere', keeper: 'HSM' });
  assert.match(readFileSync(ceremony.services.folder.file('record.md'), 'utf8'), /^No key check value was stated\.$/m);
});

test('of a key that Keyferry has seen, the result has both check values, but not where KMS holds other bytes', async (t) => {
  const ceremony = await beginImport(t);
  const facts = await ceremony.upTo();
  const { services } = ceremony;
  const now = await readKeyNow(facts, services);
  const { secret, imported } = facts;
  assert.match(keyHere(secret)?.zeroBlockCheckValue ?? '', /^[0-9A-F]{6}$/);
  const { checkValue, zeroBlockCheckValue } = resultOf(facts, now, services);
  assert.deepEqual(
    [checkValue, zeroBlockCheckValue],
    [keyHere(secret)?.checkValue.value, keyHere(secret)?.zeroBlockCheckValue],
  );
  assert.ok(imported !== undefined);
  const other = resultOf({ ...facts, imported: { ...imported, secretInKms: 'other' } }, now, services);
  assert.deepEqual([other.checkValue, other.zeroBlockCheckValue], [null, null]);
});

for (const [what, answers, says] of [
  ['no keeper', { keeper: '  ' }, /keeper: Type who or what keeps the key/],
  ['a keeper on two lines', { keeper: 'HSM\nslot 3' }, /keeper: It takes one line/],
  ['a check value of five digits', { 'check-value': '08D7B' }, /check-value: A check value has 6 to 16 hex digits/],
  ['a check value that is no hex', { 'check-value': 'none' }, /check-value: A check value has 6 to 16 hex digits/],
  ['a check value without its method', { 'check-value-method': 'CMAC' }, /check-value-method: It takes zero-block or/],
] as const)
  test(`${what} is refused`, async (t) => {
    const ceremony = await begin(t, { ...elsewhere, ...answers });
    assert.match(await refusalOf(ceremony.upTo('secret-key')), says);
  });

test('a key elsewhere cannot be wrapped here', async (t) => {
  const ceremony = await begin(t);
  ceremony.answer('wrap', { by: 'keyferry' });
  assert.match(await refusalOf(ceremony.upTo('wrap')), /Wrap it here cannot be chosen: the key was never here/);
});

for (const [wrapping, hash, pkcs11, cloudHsm] of [
  ['RSAES_OAEP_SHA_1 RSA_2048', 'sha1', 'CKM_SHA_1, CKG_MGF1_SHA1', '--hash-function sha1 --mgf mgf1-sha1'],
  ['RSAES_OAEP_SHA_256 RSA_2048', 'sha256', 'CKM_SHA256, CKG_MGF1_SHA256', '--hash-function sha256 --mgf mgf1-sha256'],
] as const)
  test(`the commands say how to wrap there with ${hash}, and no script runs them here`, async (t) => {
    const ceremony = await begin(t);
    ceremony.answer('wrapping-key', { wrapping });
    await ceremony.upTo('wrapping-key');
    assert.match(ceremony.questionsOf('wrapping-key')[0]?.help ?? '', /SoftHSM 2\.6 has RSAES_OAEP_SHA_1 alone/);
    const commands = ceremony.commandsOf('wrap').join('\n');
    assert.ok(commands.includes(`CKM_RSA_PKCS_OAEP with ${pkcs11}`), commands);
    assert.ok(commands.includes(cloudHsm));
    assert.ok(commands.includes(`rsa_oaep_md:${hash}`));
    assert.doesNotMatch(commands, /age --decrypt|plain_text_aes_key/);
    wrapThere(ceremony, randomBytes(32), hash);
    await ceremony.upTo();
    const transcript = transcriptOf(firstImport.steps, ceremony.facts, ceremony.services);
    assert.doesNotMatch(shellScript(transcript), /^(?!#).*(cloudhsm-cli|KEY_FILE|kms-wrapping-key)/m);
    assert.match(runbook(transcript), /cloudhsm-cli key wrap rsa-oaep/);
    for (const text of [shellScript(transcript), runbook(transcript)])
      assert.doesNotMatch(text, /age --decrypt|plain_text_aes_key/);
  });

test('where KMS cannot open what an HSM wrapped, the other hash is named, and nobody is told to let Keyferry wrap', async (t) => {
  const ceremony = await begin(t);
  await ceremony.upTo('wrapping-key');
  wrapThere(ceremony, randomBytes(32), 'sha1');
  const { why, next, remedies = [] } = await problemOf(ceremony.upTo('import'));
  assert.match(why ?? '', /this token wants SHA-256, both for OAEP and for its mask \(MGF1\)/);
  assert.match(next.join(' '), /Where the HSM has SHA-1 alone: fetch a new pair for RSAES_OAEP_SHA_1/);
  assert.doesNotMatch(JSON.stringify([why, next, remedies]), /Keyferry/);
});

test('a check value has three to eight bytes in hex, however an HSM prints it, and a keeper one line', () => {
  const [keeper, checkValue] = elsewhereQuestions({});
  assert.ok(keeper?.kind === 'text' && checkValue?.kind === 'text');
  for (const fit of ['', '08D7B4', '0x08d7b4', '08 d7:b4', '0123456789ABCDEF', ' 08D7B4 '])
    assert.equal(checkValue.check?.(fit), undefined, fit);
  for (const unfit of ['08D7', '08D7B', '0123456789ABCDEF01', '08D7BG', 'x08D7B4'])
    assert.match(checkValue.check?.(unfit) ?? '', /^A check value has 6 to 16 hex digits, two for each byte\.$/, unfit);
  assert.equal(keeper.check?.('x'.repeat(80)), undefined);
  assert.match(keeper.check?.('x'.repeat(81)) ?? '', /^It has at most 80 characters; this one has 81\.$/);
  assert.match(keeper.check?.('  ') ?? '', /^Type who or what keeps the key\.$/);
  assert.match(keeper.check?.('two\nlines') ?? '', /^It takes one line, without control characters\.$/);
  const idsWith = (value: string) => elsewhereQuestions({ 'check-value': value }).map(({ id }) => id);
  assert.deepEqual(idsWith(''), ['keeper', 'check-value']);
  assert.deepEqual(idsWith('08D7B4'), ['keeper', 'check-value', 'check-value-method']);
});

test('a stated check value is taken in each form in which an HSM shows it, with its method, or left out', () => {
  const stated = (value: string, method?: string) =>
    keyElsewhereOf({
      keeper: 'HSM',
      'check-value': value,
      ...(method === undefined ? {} : { 'check-value-method': method }),
    }).statedCheckValue;
  for (const form of ['08D7B4', '0x08d7b4', '0X08D7B4', ' 08:d7:b4 ', ' 0x08 D7 B4'])
    assert.deepEqual(stated(form, 'zero-block'), { method: 'zero block', value: '08D7B4' }, form);
  assert.deepEqual(stated('08D7B4', 'aes-cmac'), { method: 'AES-CMAC', value: '08D7B4' });
  assert.equal(stated(' '), undefined);
  assert.equal(keyElsewhereOf({ keeper: 'HSM' }).statedCheckValue, undefined);
  const check = elsewhereQuestions({}).find(({ id }) => id === 'check-value');
  assert.ok(check?.kind === 'text');
  const problem = 'A check value has 6 to 16 hex digits, two for each byte.';
  for (const [text, isTaken] of [
    ['', true],
    ['08D7B4', true],
    ['0x08:d7:b4:aa:bb:cc:dd:ee', true],
    ['08D7', false],
    ['08D7B4A', false],
    ['08D7B4AABBCCDDEEFF', false],
    ['08D7B4 G', false],
    ['of 08D7B4', false],
  ] as const)
    assert.equal(check.check?.(text), isTaken ? undefined : problem, text);
});
