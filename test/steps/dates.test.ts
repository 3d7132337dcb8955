import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  expiryProblem,
  isNoDay,
  momentInWords,
  parseMoment,
  suggestedMoment,
  timeLeft,
} from '../../source/steps/dates.ts';

const now = new Date('2026-11-24T10:00:00Z');

for (const [text, expected] of [
  ['2027-03-01 11:59 UTC', '2027-03-01T11:59:00.000Z'],
  ['2027-03-01 11:59', '2027-03-01T11:59:00.000Z'],
  ['2027-03-01', '2027-03-01T00:00:00.000Z'],
  ['2027-03-01T11:59:00Z', '2027-03-01T11:59:00.000Z'],
  ['90d', '2027-02-22T10:00:00.000Z'],
  ['1 day', '2026-11-25T10:00:00.000Z'],
] as const)
  test(`${text} is ${expected}`, () => assert.equal(parseMoment(text, now)?.toISOString(), expected));

for (const text of [
  '',
  'soon',
  'next friday',
  '2027-02-30',
  '2027-13-01',
  '2027-03-01 25:00',
  '01/03/2027',
  '-3d',
  '2027-03-01 11:59 CET',
])
  test(`"${text}" is no moment`, () => assert.equal(parseMoment(text, now), undefined));

test('the past, and more than 365 days, are refused', () => {
  assert.match(expiryProblem('2026-11-24 09:59', now) ?? '', /past/);
  assert.match(expiryProblem('365d', now) ?? '', /365 days/);
  assert.equal(expiryProblem('364d', now), undefined);
});

test('a date in another form is read for what it surely says', () => {
  for (const [text, meant] of [
    ['2027/03/01', '2027-03-01'],
    ['2027/03/01 11:59', '2027-03-01 11:59'],
    ['2026-12-31T12:00:00-08:00', '2026-12-31 20:00 UTC'],
    ['2026-12-31 12:00+0530', '2026-12-31 06:30 UTC'],
    ['2026-12-31T12:00:30-08:00', undefined],
    ['01/03/2027', undefined],
    ['next friday', undefined],
  ] as const)
    assert.equal(suggestedMoment(text), meant, text);
});

test('a whole date of no day is told apart from an unfinished one', () => {
  for (const text of ['2027-02-29', '2027-13-01 11:59 UTC']) {
    assert.ok(isNoDay(text));
    assert.equal(expiryProblem(text, now), 'There is no such day or time.');
  }
  for (const text of ['2027-02', '2028-02-29', '90d']) assert.ok(!isNoDay(text), text);
});

test('time left is told in its two largest units', () => {
  assert.equal(timeLeft(new Date('2026-11-25T09:41:30Z'), now), '23 h 41 min');
  assert.equal(timeLeft(new Date('2027-02-22T14:00:00Z'), now), '90 d 4 h');
  assert.equal(timeLeft(new Date('2026-11-24T09:00:00Z'), now), '0 min');
});

test('a moment is told with its weekday, in both time zones, and as time left', () => {
  const moment = new Date('2027-03-01T11:59:00Z');
  assert.equal(momentInWords(moment, now, 'UTC'), 'Monday, 2027-03-01 11:59 UTC, in 97 d 1 h');
  assert.equal(
    momentInWords(moment, now, 'Asia/Kolkata'),
    'Monday, 2027-03-01 11:59 UTC (2027-03-01 17:29 in Asia/Kolkata), in 97 d 1 h',
  );
});
