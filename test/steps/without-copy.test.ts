import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { lacksCopy, withoutCopyQuestion } from '../../source/steps/without-copy.ts';
import { generatedSecret } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';
import { ownKeyFile } from '../own-key-file.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { type AllAnswers, beginImport, continueImport, type RunningCeremony, refusalOf } from './ceremony.ts';

const { recipient, identityFile } = ageIdentity(newFolder());
const backup = { how: 'recipients', recipients: [recipient], identity: identityFile };

async function wrapped(t: TestContext, answers: AllAnswers): Promise<RunningCeremony> {
  const ceremony = await beginImport(t, { answers });
  await ceremony.upTo('wrap');
  return ceremony;
}

const askedBy = (ceremony: RunningCeremony) => ceremony.questionsOf('import').find(({ id }) => id === 'without-copy');

test('a key of which there is no copy is not imported before that is ticked', async (t) => {
  const ceremony = await wrapped(t, { 'secret-key': { keep: 'memory' }, import: { 'without-copy': false } });
  const { kind, help = '' } = askedBy(ceremony) ?? assert.fail('it is asked');
  assert.equal(kind, 'confirm');
  assert.match(help, /^There is no copy of the key anywhere that Keyferry knows of\.\nAWS never gives the key back\./);
  assert.match(await refusalOf(ceremony.upTo('import')), /without-copy: It must be ticked/);
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 0);
  ceremony.answer('import', { 'without-copy': true });
  assert.ok((await ceremony.upTo('import')).imported);
});

test('where a copy is left, nobody is asked', async (t) => {
  const own = ownKeyFile();
  for (const answers of [
    { 'secret-key': { keep: 'file' } },
    { 'secret-key': { keep: 'memory' }, backup },
    { 'secret-key': { origin: 'file', file: own, keep: 'memory' } },
  ])
    assert.equal(askedBy(await wrapped(t, answers)), undefined, JSON.stringify(answers));
});

for (const [what, answersWith] of [
  ['own file', (file: string) => ({ 'secret-key': { origin: 'file', file, keep: 'memory' } })],
  ['backup', () => ({ 'secret-key': { keep: 'memory' }, backup })],
] as const) {
  test(`where the only copy, ${what}, has vanished since, it is asked and named`, async (t) => {
    const own = ownKeyFile();
    const ceremony = await wrapped(t, answersWith(own));
    const path = what === 'own file' ? own : ceremony.services.folder.file('my-first-key.key.age');
    rmSync(path);
    assert.ok(askedBy(ceremony)?.help?.includes(`${path}: It is not there any more.`));
    const later = await continueImport(t, ceremony);
    later.answer('import', { 'without-copy': false });
    assert.match(await refusalOf(later.upTo('import')), /without-copy/);
    assert.equal(later.countOf('KMS.ImportKeyMaterial'), 0);
  });
}

const takenFromGone = { ...generatedSecret, origin: 'file', source: '/gone/my.key' } as const;

for (const [what, steps, secret, isInMemory, isLacking] of [
  ['taken from a file that is gone, and is in memory', ['secret-key'], takenFromGone, true, true],
  ['taken from a file that is gone, and cannot be wrapped', ['secret-key'], takenFromGone, false, false],
  ['taken from a file that is gone, and was wrapped', ['secret-key', 'wrap'], takenFromGone, false, true],
  ['lost, and is made anew', ['secret-key'], generatedSecret, false, true],
  ['still to be made', [], generatedSecret, false, true],
  ['with its keeper', ['secret-key'], { origin: 'elsewhere', keeper: 'HSM' }, false, false],
] as const)
  test(`a key that is ${what} ${isLacking ? 'has no copy' : 'needs no consent'}`, (t) => {
    const services = makeOfflineServicesFor(t);
    for (const step of steps) services.journal.append({ kind: 'done', step, facts: {} });
    if (isInMemory) services.secrets.holdKey(SecretBytes.generate());
    assert.equal(lacksCopy({ secret }, services), isLacking);
  });

test('who has wrapped a key without a copy is told that only they know where its bytes are', (t) => {
  const services = makeOfflineServicesFor(t);
  const helpFor = (by: 'keyferry' | 'you') => {
    const facts: Facts = { secret: generatedSecret, wrapped: { file: 'mine.bin', bytes: 256, by } };
    const question = withoutCopyQuestion(facts, services);
    assert.equal(question.kind === 'confirm' && question.mustTick, true);
    return question.help ?? '';
  };
  const words = /^You wrapped the key yourself: only you know where its bytes are\.$/m;
  assert.match(helpFor('you'), words);
  assert.doesNotMatch(helpFor('keyferry'), words);
});
