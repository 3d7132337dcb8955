import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateQuestion, expiryClause, isAskedExpiry, lacksDate, validToOf } from '../../source/steps/expiry.ts';
import { askedExpiry } from '../../source/steps/import-questions.ts';
import { materialOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();

test('an expiry is as asked within two seconds of any moment that the answer meant, first or now', () => {
  const asked = { first: at(0), latest: at(100) };
  for (const [expiry, isAsked] of [
    [at(-2), true],
    [at(-2.001), false],
    [at(0), true],
    [at(50), true],
    [at(102), true],
    [at(102.001), false],
    [null, false],
  ] as const) {
    assert.equal(isAskedExpiry(expiry, asked), isAsked, `${expiry}`);
    // A clock that was set back gives an earlier moment in the later try.
    assert.equal(isAskedExpiry(expiry, { first: asked.latest, latest: asked.first }), isAsked, `${expiry}`);
  }
  assert.equal(isAskedExpiry(null, { first: null, latest: null }), true);
  assert.equal(isAskedExpiry(at(0), { first: null, latest: null }), false);
  for (const asked of [
    { first: null, latest: at(0) },
    { first: at(0), latest: null },
  ]) {
    assert.equal(isAskedExpiry(null, asked), asked.first === null, 'what was asked first counts');
    assert.equal(isAskedExpiry(at(0), asked), asked.first !== null);
  }
});

test('answers give an expiry only where a date was chosen and is whole', () => {
  const date = { expiry: 'date', 'valid-to': '90d' };
  const in90Days = '2027-02-22T10:00:00.000Z';
  assert.equal(validToOf(date, now)?.toISOString(), in90Days);
  for (const answers of [
    {},
    { expiry: 'never', 'valid-to': '90d' },
    { expiry: 'date' },
    { ...date, 'valid-to': '2027-' },
  ])
    assert.equal(validToOf(answers, now), undefined);
  assert.deepEqual(
    [date, { expiry: 'date' }, { ...date, 'valid-to': '2027-' }, { expiry: 'never' }, {}].map((answers) =>
      lacksDate(answers, now),
    ),
    [false, true, true, false, false],
  );
  const material = materialOf({ isImported: false, expiry: at(9) });
  assert.equal(askedExpiry(material, date, now), in90Days);
  assert.equal(askedExpiry(material, { expiry: 'never' }, now), null);
  assert.equal(askedExpiry(material, { expiry: 'keep' }, now), at(9));
  assert.equal(askedExpiry({ ...material, expiry: 'never' }, { expiry: 'keep' }, now), null);
  assert.equal(askedExpiry(undefined, { expiry: 'keep' }, now), null);
});

test('that material does not expire is said of null and of never, and a date is told in UTC', () => {
  assert.deepEqual(
    [null, 'never', at(0)].map((expiry) => expiryClause(expiry)),
    ['does not expire', 'does not expire', 'expires at 2026-11-24 10:00 UTC'],
  );
});

test('while a date is typed its meaning is told, a day that does not exist at once and an unfinished one not yet', () => {
  const question = dateQuestion({ ...makeOfflineServices(), clock: () => now });
  assert.ok(question.kind === 'text');
  assert.match(question.notice?.('2027-02-22 10:00Z') ?? '', /^Monday, 2027-02-22 10:00 UTC.*in 90 d 0 h$/);
  assert.match(question.notice?.('2027-02-22 10:00') ?? '', /^Read as UTC: Monday/);
  assert.equal(question.notice?.('2027-02-30'), '');
  assert.equal(question.notice?.('2027-'), undefined);
});
