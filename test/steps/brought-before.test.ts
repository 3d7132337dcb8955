import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine, JournalState } from '../../source/ceremony/journal.ts';
import {
  findBroughtBack,
  importAttemptName,
  isLookStale,
  isStillInKms,
  lastImports,
  lastProceedAnswer,
  wasDisabledBefore,
} from '../../source/steps/brought-before.ts';
import type { Material, Materials } from '../../source/steps/facts.ts';
import { materialOf } from '../known-facts.ts';

const step = 'bring-back';
const asOf = '2026-11-25T14:00:00.000Z';
const [first, second, third] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)];

const material = (keyMaterialId: string, more: Partial<Material> = {}) => materialOf({ keyMaterialId, ...more });

const imported = (keyMaterialId: string, before: string, validTo: string | null = null) => ({
  keyMaterialId,
  file: '/copies/one.key.age',
  validTo,
  before,
  wasThere: true,
  importedAt: asOf,
});

/** Lines of a journal, as far as these functions read them. */
const linesOf = (...entries: readonly object[]): readonly JournalLine[] => entries.map((entry) => entry as JournalLine);
const outcome = (result: unknown, more: object = {}) => ({
  kind: 'outcome',
  step,
  name: 'import',
  outcome: 'done',
  result,
  ...more,
});

/** The attempts of a journal that has one import of the first material, after the look of that time. */
const attemptsWith = (attempt: object, at = asOf, id: string = first): JournalState['attempts'] =>
  new Map([
    [`${step}/${importAttemptName({ keyMaterialId: id, fingerprint: 'F', expiry: '90d', asOf: at })}`, attempt],
  ]) as JournalState['attempts'];

const look = (...all: readonly Material[]): Materials => ({ asOf, keyState: 'Enabled', wasDisabled: false, all });

test('a look is stale when somebody else has changed a material since, and not by what was imported after it', () => {
  const none = new Map() as JournalState['attempts'];
  const done = attemptsWith({ outcome: 'done', result: imported(first, 'never'), at: asOf });
  const missing = material(first, { isImported: false });
  const later = material(first, { expiry: '2027-03-01T11:59:00.000Z' });
  const [there, other] = [material(first), material(second)];
  for (const [what, before, now, attempts, isStale] of [
    ['nothing has changed', [there, other], [other, there], none, false],
    ['a material has come', [there], [there, other], none, true],
    ['a material has gone', [there, other], [there], none, true],
    ['one has come in the place of another', [there], [other], none, true],
    ['one has another state', [there], [material(first, { state: 'NON_CURRENT' })], none, true],
    ['one has another expiry', [there], [later], none, true],
    ['one that is missing has no expiry that counts', [missing], [{ ...later, isImported: false }], none, false],
    ['somebody has brought one back', [missing], [there], none, true],
    ['this ceremony has brought it back', [missing], [later], done, false],
    ['this ceremony may have', [missing], [there], attemptsWith({ outcome: 'unknown', at: asOf }), false],
    ['it was brought back after another look', [missing], [there], attemptsWith({ outcome: 'done' }, 'later'), true],
    ['another one was brought back', [missing], [there], attemptsWith({ outcome: 'done' }, asOf, second), true],
    ['it was brought back and is lost again', [missing], [missing], done, true],
    ['it was there, was imported again and is lost', [there], [missing], done, true],
    ['only one of two has changed', [there, other], [later, other], none, true],
    ['KMS refused it, and somebody else took it away', [there], [missing], attemptsWith({ outcome: 'refused' }), true],
    ['its import was refused', [missing], [missing], attemptsWith({ outcome: 'refused' }), false],
    ['KMS took no copy', [missing], [missing], attemptsWith({ outcome: 'done', result: null, at: asOf }), false],
  ] as const)
    assert.equal(isLookStale(look(...before), now, attempts, step), isStale, what);
});

test('of several imports of a material the last one counts, with the expiry from before the first', () => {
  const lines = linesOf(
    outcome(imported(first, 'never', '2027-01-01T00:00:00.000Z')),
    outcome(null),
    outcome(imported(second, 'unknown')),
    outcome(imported(third, 'other step'), { step: 'import-wrapped' }),
    outcome(imported(third, 'refused'), { outcome: 'refused' }),
    outcome(imported(third, 'begun'), { kind: 'intent' }),
    outcome(imported(first, '2027-01-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z')),
  );
  assert.deepEqual(findBroughtBack(lines, step), [
    imported(first, 'never', '2027-02-01T00:00:00.000Z'),
    imported(second, 'unknown'),
  ]);
  assert.deepEqual(lastImports([]), []);
  assert.equal(isStillInKms({ keyMaterialId: first }, [material(second), material(first)]), true);
  assert.equal(isStillInKms({ keyMaterialId: first }, [material(second)]), false);
  assert.equal(isStillInKms({ keyMaterialId: first }, [material(first, { isImported: false })]), false);
});

test('what a person said last of the import counts, also where a later try did not ask it', () => {
  const answered = (answers: object, of = step) => ({ kind: 'answered', step: of, answers });
  assert.equal(lastProceedAnswer(linesOf(answered({ expiry: 'never' })), step), undefined);
  const lines = linesOf(
    answered({ proceed: 'import' }),
    answered({ proceed: 'leave-enabled' }),
    answered({ expiry: 'keep' }),
    answered({ proceed: 'use' }, 'key-policy'),
  );
  assert.equal(lastProceedAnswer(lines, step), 'leave-enabled');
});

test('a key counts as Disabled before only where it was found so and an import of it was begun', () => {
  const found = (wasDisabled: boolean) => ({
    kind: 'done',
    step: 'find-key',
    facts: { materials: { ...look(), wasDisabled } },
  });
  const begun = (of = step) => ({ kind: 'intent', step: of, name: 'import' });
  for (const [entries, isDisabledBefore] of [
    [[found(true), begun()], true],
    [[found(true), begun(), found(false)], true],
    [[found(true)], false],
    [[{ ...found(true), step: 'existing-key' }, begun()], false],
    [[{ ...found(true), kind: 'answered' }, begun()], false],
    [[found(true), { ...begun(), kind: 'answered' }], false],
    [[found(true), begun('import-wrapped')], false],
    [[found(false), begun()], false],
    [[begun()], false],
  ] as const)
    assert.equal(wasDisabledBefore(linesOf(...entries), step), isDisabledBefore);
});
