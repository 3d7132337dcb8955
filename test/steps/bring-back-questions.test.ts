import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringBackQuestions, expiryQuestion, wantedMaterials } from '../../source/steps/bring-back-questions.ts';
import type { Facts, Material } from '../../source/steps/facts.ts';
import { materialOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';

const now = new Date('2026-11-25T14:00:00.000Z');
const services = { ...makeOfflineServices(), clock: () => now };

const [past, future] = ['2026-11-25T14:00:00.000Z', '2026-11-25T14:00:00.001Z'];
const missingOne = (more: Partial<Material> = {}) => materialOf({ isImported: false, ...more });
const factsOf = (...all: readonly Material[]): Facts => ({
  materials: { asOf: past, keyState: 'PendingImport', wasDisabled: false, all },
});

test('material can get back the expiry that it had, where that is known and not past', () => {
  for (const [all, disabled, hint] of [
    [[missingOne()], undefined, 'it did not expire'],
    [[missingOne({ expiry: future })], undefined, 'until 2026-11-25 14:00 UTC'],
    [[missingOne({ expiry: past })], 'it expired at 2026-11-25 14:00 UTC', 'until 2026-11-25 14:00 UTC'],
    [[missingOne({ expiry: 'unknown' })], 'nobody here knows what it was', ''],
    [[missingOne({ state: 'NON_CURRENT' }), missingOne({ expiry: past })], 'it expired at 2026-11-25 14:00 UTC', ''],
    [[materialOf({ expiry: 'unknown' }), missingOne()], undefined, ''],
    [[missingOne({ state: 'PENDING_ROTATION', expiry: 'unknown' }), materialOf()], undefined, ''],
  ] as const) {
    const question = expiryQuestion({ facts: factsOf(...all), services });
    assert.ok(question.kind === 'choice' && Array.isArray(question.options));
    const keep = question.options.find(({ value }) => value === 'keep');
    assert.deepEqual([keep?.disabled, keep?.hint], [disabled, hint]);
    assert.equal(question.default, disabled === undefined ? 'keep' : undefined);
  }
  const asked = (...all: readonly Material[]) => {
    const question = expiryQuestion({ facts: factsOf(...all), services });
    assert.ok(question.kind === 'choice' && Array.isArray(question.options));
    assert.deepEqual(
      question.options.map(({ value }) => value),
      ['keep', 'never', 'date'],
    );
    return [question.ask, question.options[0].label, /keyferry expiry/.test(question.help ?? '')];
  };
  const older = missingOne({ state: 'NON_CURRENT' });
  for (const all of [[missingOne()], [materialOf(), older]])
    assert.deepEqual(asked(...all), ['Should the material that comes back expire?', 'As it was', false]);
  assert.deepEqual(asked(materialOf()), ['KMS has all material. Change when it expires?', 'Leave it as it is', true]);
  const ofAll = expiryQuestion({ facts: factsOf(materialOf()), services });
  assert.match(ofAll.help ?? '', /asks before it makes an expiry sooner: keyferry expiry --workdir w$/);
});

test('missing material comes back; where none is missing, the new expiry goes to the material that has another one', () => {
  const missing = missingOne({ keyMaterialId: 'm'.repeat(64) });
  const older = missingOne({ keyMaterialId: 'o'.repeat(64), state: 'NON_CURRENT' });
  const waiting = missingOne({ keyMaterialId: 'w'.repeat(64), state: 'PENDING_ROTATION' });
  const dated = materialOf({ keyMaterialId: 'd'.repeat(64), expiry: future });
  const wanted = (expiry: string, ...all: readonly Material[]) =>
    wantedMaterials({ facts: factsOf(...all), answers: { expiry }, services });
  for (const expiry of ['keep', 'never'])
    assert.deepEqual(wanted(expiry, missing, waiting, older, dated), [missing, older]);
  assert.deepEqual(wanted('keep', materialOf(), dated), []);
  assert.deepEqual(wanted('never', materialOf(), dated, materialOf({ state: 'PENDING_ROTATION', expiry: future })), [
    dated,
  ]);
  const questions = (answers: Record<string, string>) =>
    bringBackQuestions({ facts: factsOf(materialOf()), answers, services }).map(({ id }) => id);
  assert.deepEqual(questions({}), ['expiry']);
  assert.deepEqual(questions({ expiry: 'keep' }), ['expiry'], 'there is nothing to import');
  assert.deepEqual(questions({ expiry: 'date' }), ['expiry', 'valid-to']);
  const onDate = (validTo: string) =>
    wantedMaterials({
      facts: factsOf(materialOf(), dated),
      answers: { expiry: 'date', 'valid-to': validTo },
      services,
    });
  assert.deepEqual(onDate('90d'), [materialOf(), dated]);
  const [same, other] = ['2026-12-25T14:00:00.000Z', '2026-12-25T14:00'];
  const already = materialOf({ keyMaterialId: 's'.repeat(64), expiry: same });
  const facts = factsOf(already, dated);
  assert.deepEqual(wantedMaterials({ facts, answers: { expiry: 'date', 'valid-to': other }, services }), [dated]);
});

test('once it is known when missing material should expire, its copies are asked for', () => {
  const asked = (answers: Record<string, string>) =>
    bringBackQuestions({ facts: factsOf(missingOne()), answers, services }).map(({ id }) => id);
  assert.deepEqual(asked({}), ['expiry']);
  assert.deepEqual(asked({ expiry: 'date' }), ['expiry', 'valid-to']);
  assert.deepEqual(asked({ expiry: 'date', 'valid-to': '90d' }).slice(0, 3), ['expiry', 'valid-to', 'backups']);
  for (const expiry of ['keep', 'never']) assert.deepEqual(asked({ expiry }).slice(0, 2), ['expiry', 'backups']);
});
