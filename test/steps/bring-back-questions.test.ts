import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringBackQuestions, expiryQuestion, wantedMaterials } from '../../source/steps/bring-back-questions.ts';
import type { Facts, Material } from '../../source/steps/facts.ts';
import { makeOfflineServices } from '../offline-services.ts';

const now = new Date('2026-11-25T14:00:00.000Z');
const services = { ...makeOfflineServices(), clock: () => now };

const [past, future] = ['2026-11-25T14:00:00.000Z', '2026-11-25T14:00:00.001Z'];
const material = (more: Partial<Material> = {}): Material => ({
  keyMaterialId: 'a'.repeat(64),
  state: 'CURRENT',
  isImported: false,
  expiry: 'never',
  description: null,
  ...more,
});
const there = (more: Partial<Material> = {}) => material({ isImported: true, ...more });
const factsOf = (...all: readonly Material[]): Facts => ({
  materials: { asOf: past, keyState: 'PendingImport', wasDisabled: false, all },
});

test('material gets back the expiry that it had, where that is known and has not come', () => {
  for (const [all, disabled, hint] of [
    [[material()], undefined, 'it did not expire'],
    [[material({ expiry: future })], undefined, 'until 2026-11-25 14:00 UTC'],
    [[material({ expiry: past })], 'it expired at 2026-11-25 14:00 UTC', 'until 2026-11-25 14:00 UTC'],
    [[material({ expiry: 'unknown' })], 'nobody here knows what it was', ''],
    [[material({ state: 'NON_CURRENT' }), material({ expiry: past })], 'it expired at 2026-11-25 14:00 UTC', ''],
    [[there({ expiry: 'unknown' }), material()], undefined, ''],
    [[material({ state: 'PENDING_ROTATION', expiry: 'unknown' }), there()], undefined, ''],
  ] as const) {
    const question = expiryQuestion({ facts: factsOf(...all), services });
    assert.ok(question.kind === 'choice' && Array.isArray(question.options));
    const keep = question.options.find(({ value }) => value === 'keep');
    assert.deepEqual([keep?.disabled, keep?.hint], [disabled, hint]);
    assert.equal(question.default, disabled === undefined ? 'keep' : undefined);
  }
  const ofAll = expiryQuestion({ facts: factsOf(there()), services });
  assert.match(ofAll.help ?? '', /asks before it makes an expiry sooner: keyferry expiry --workdir w$/);
});

test('what is missing comes back; where nothing is, only material gets another expiry that has another one', () => {
  const missing = material({ keyMaterialId: 'm'.repeat(64) });
  const older = material({ keyMaterialId: 'o'.repeat(64), state: 'NON_CURRENT' });
  const waiting = material({ keyMaterialId: 'w'.repeat(64), state: 'PENDING_ROTATION' });
  const dated = there({ keyMaterialId: 'd'.repeat(64), expiry: future });
  const wanted = (expiry: string, ...all: readonly Material[]) =>
    wantedMaterials({ facts: factsOf(...all), answers: { expiry }, services });
  for (const expiry of ['keep', 'never'])
    assert.deepEqual(wanted(expiry, missing, waiting, older, dated), [missing, older]);
  assert.deepEqual(wanted('keep', there(), dated), []);
  assert.deepEqual(wanted('never', there(), dated, there({ state: 'PENDING_ROTATION', expiry: future })), [dated]);
  const questions = (answers: Record<string, string>) =>
    bringBackQuestions({ facts: factsOf(there()), answers, services }).map(({ id }) => id);
  assert.deepEqual(questions({}), ['expiry']);
  assert.deepEqual(questions({ expiry: 'keep' }), ['expiry'], 'there is nothing to import');
  assert.deepEqual(questions({ expiry: 'date' }), ['expiry', 'valid-to']);
});
