import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { changeExpiryQuestions, materialsToChange } from '../../source/steps/change-expiry-questions.ts';
import type { Facts, Material } from '../../source/steps/facts.ts';
import { materialOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';

const now = new Date('2026-11-25T14:00:00.000Z');
const services = { ...makeOfflineServices(), clock: () => now };
const [sooner, later] = ['2027-01-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z'];

const material = (id: string, expiry: string, state: Material['state'] = 'CURRENT') =>
  materialOf({ keyMaterialId: id.repeat(64), expiry, state });

const contextOf = (all: readonly Material[], answers: Answers) => ({
  facts: { materials: { asOf: '', keyState: 'Enabled', wasDisabled: false, all } } satisfies Facts,
  answers,
  services,
});
const until = (moment: string): Answers => ({ expiry: 'date', 'valid-to': moment });

test('the new expiry goes to the material that has another one; material that waits for a rotation keeps its own', () => {
  const all = [
    material('a', 'never'),
    material('b', later, 'NON_CURRENT'),
    material('c', sooner),
    material('d', sooner, 'PENDING_ROTATION'),
    material('e', 'unknown'),
  ];
  const changed = (answers: Answers) => materialsToChange(contextOf(all, answers)).map(({ keyMaterialId: [id] }) => id);
  assert.deepEqual(changed({ expiry: 'never' }), ['b', 'c', 'e']);
  assert.deepEqual(changed(until(later)), ['a', 'c', 'e']);
  const [question] = changeExpiryQuestions(contextOf(all, {}));
  assert.match(question?.help ?? '', /^Material aaaaaaaa: there, the current one: it does not expire\.$/m);
  assert.match(
    question?.help ?? '',
    /^Material dddddddd: there, waits for a rotation: it expires at .*\. It keeps that\.$/m,
  );
  assert.match(question?.help ?? '', /^Material eeeeeeee: .*: nobody here knows when it expires\.$/m);
});

test('the present expiry stands at its option where all materials have the same one', () => {
  const hints = (...all: readonly Material[]) => {
    const [question] = changeExpiryQuestions(contextOf(all, {}));
    assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
    return question.options.map(({ hint }) => hint);
  };
  assert.deepEqual(hints(material('a', 'never')), ['as it is now', undefined]);
  assert.deepEqual(hints(material('a', later), material('b', later)), [undefined, 'now 2027-03-01 00:00 UTC']);
  assert.deepEqual(hints(material('a', later), material('b', 'never')), [undefined, undefined]);
  assert.deepEqual(hints(material('a', 'unknown')), [undefined, undefined]);
  assert.deepEqual(hints(material('a', later), material('b', 'never', 'PENDING_ROTATION')), [
    undefined,
    'now 2027-03-01 00:00 UTC',
  ]);
});

test('that material would expire sooner must be confirmed before its import is asked, for each of them', () => {
  const askedOf = (all: readonly Material[], answers: Answers) => changeExpiryQuestions(contextOf(all, answers)).at(-1);
  const shorten = (all: readonly Material[], answers: Answers) => {
    const question = askedOf(all, answers);
    assert.ok(question?.kind === 'confirm' && question.id === 'shorten' && question.mustTick === true);
    return question;
  };
  const one = shorten([material('a', later)], until(sooner));
  assert.equal(one.ask, 'This is 59 days sooner than now. That is what I want.');
  assert.match(one.help ?? '', /From 2027-01-01 00:00 UTC on, everything under the key is unreadable/);
  assert.match(shorten([material('a', 'never')], until(later)).ask, /^This ends what does not expire now\. /);
  const mixed = shorten([material('a', later), material('b', 'never', 'NON_CURRENT')], until(sooner));
  assert.match(mixed.ask, /^For 2 of 2 materials this is sooner than now\./);
  assert.match(mixed.help ?? '', /^Material bbbbbbbb: it does not expire now\. This ends what does not expire now\.$/m);
  assert.match(
    shorten([material('a', later), material('b', '2026-12-01T00:00:00.000Z')], until(sooner)).ask,
    /^For 1 of 2 materials/,
  );
  for (const [all, answers] of [
    [[material('a', sooner)], { expiry: 'date' }],
    [[material('a', later)], until(later)],
    // Nobody can say that this is sooner.
    [[material('a', 'unknown')], until(sooner)],
  ] as const)
    assert.notEqual(askedOf(all, answers)?.id, 'shorten');
});

test('each question comes once the ones before it are answered, and those of the import only after a sooner expiry is ticked', () => {
  const asked = (all: readonly Material[], answers: Answers) =>
    changeExpiryQuestions(contextOf(all, answers)).map(({ id }) => id);
  const dated = [material('a', later)];
  assert.deepEqual(asked(dated, {}), ['expiry']);
  assert.deepEqual(asked(dated, { expiry: 'date' }), ['expiry', 'valid-to']);
  assert.deepEqual(asked(dated, until(later)), ['expiry', 'valid-to'], 'nothing changes');
  assert.deepEqual(asked(dated, until(sooner)), ['expiry', 'valid-to', 'shorten']);
  assert.deepEqual(asked(dated, { ...until(sooner), shorten: false }), ['expiry', 'valid-to', 'shorten']);
  const ticked = asked(dated, { ...until(sooner), shorten: true });
  assert.deepEqual(ticked.slice(0, 4), ['expiry', 'valid-to', 'shorten', 'backups']);
  assert.deepEqual(asked([material('a', sooner)], until(later)).slice(0, 3), ['expiry', 'valid-to', 'backups']);
  assert.deepEqual(asked(dated, { expiry: 'never' }).slice(0, 2), ['expiry', 'backups'], 'never is not sooner');
  assert.deepEqual(asked([material('a', 'never')], { expiry: 'never' }), ['expiry']);
});

test('material that keeps its date does not count as one that would expire sooner', () => {
  const all = [material('a', later), material('b', 'never', 'NON_CURRENT'), material('c', 'unknown', 'NON_CURRENT')];
  const question = changeExpiryQuestions(contextOf(all, until(later))).at(-1);
  assert.match(question?.ask ?? '', /^For 1 of 2 materials this is sooner than now\./);
  assert.doesNotMatch(question?.help ?? '', /aaaaaaaa|cccccccc/);
  const same = changeExpiryQuestions(contextOf([material('a', later), material('b', later)], until(sooner))).at(-1);
  assert.equal(same?.ask, 'This is 59 days sooner than now. That is what I want.');
  assert.match(
    same?.help ?? '',
    /^Material aaaaaaaa: it expires at 2027-03-01 00:00 UTC now\.\nMaterial bbbbbbbb: .* now\.\n/,
  );
});
