import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utc } from '../../source/steps/dates.ts';
import { dateQuestion } from '../../source/steps/expiry.ts';
import { expiryProblem, parseMoment, readMoment, suggestedMoment } from '../../source/steps/moment-text.ts';
import type { Services } from '../../source/steps/services.ts';
import '../seed.ts';

const now = new Date('2026-11-24T10:00:00Z');

for (const [text, expected] of [
  ['2027-03-01 11:59 UTC', '2027-03-01T11:59:00.000Z'],
  ['2027-03-01 11:59', '2027-03-01T11:59:00.000Z'],
  ['2027-03-01', '2027-03-01T00:00:00.000Z'],
  ['2027-03-01 UTC', '2027-03-01T00:00:00.000Z'],
  ['2027-03-01T11:59:00Z', '2027-03-01T11:59:00.000Z'],
  ['2027-03-01t11:59:07.9z', '2027-03-01T11:59:07.000Z'],
  ['2027/03/01', '2027-03-01T00:00:00.000Z'],
  ['2027/03/01 11:59', '2027-03-01T11:59:00.000Z'],
  ['2026-12-31T12:00:00-08:00', '2026-12-31T20:00:00.000Z'],
  ['2026-12-31 12:00+0530', '2026-12-31T06:30:00.000Z'],
  ['2026-12-31 12:00:30 +01', '2026-12-31T11:00:30.000Z'],
  ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00.000Z'],
  ['90d', '2027-02-22T10:00:00.000Z'],
  ['1 day', '2026-11-25T10:00:00.000Z'],
  ['12h', '2026-11-24T22:00:00.000Z'],
  ['1h', '2026-11-24T11:00:00.000Z'],
  ['36 hours', '2026-11-25T22:00:00.000Z'],
] as const)
  test(`${text} is ${expected}, and can be an expiry`, () => {
    assert.equal(parseMoment(text, now)?.toISOString(), expected);
    assert.equal(expiryProblem(text, now), undefined);
  });

const forms = 'Type a date and time, or a time from now: 2027-03-01 11:59 UTC, 2027-03-01T11:59:00-08:00, 90d or 12h.';
for (const [text, says] of [
  ['', forms],
  ['soon', forms],
  ['next friday', forms],
  ['-3d', forms],
  ['90m', forms],
  ['2027-03/01', forms],
  ['2027-03-01 11:59 +01:00 UTC', forms],
  ['01/03/2027', 'Write the year first, as in 2027-03-01: this date can be read in two ways.'],
  ['1.3.2027 11:59', 'Write the year first, as in 2027-03-01: this date can be read in two ways.'],
  ['2027-03-01 11:59 CET', 'Write the zone as UTC, or as an offset such as +01:00.'],
  ['2027-02-29', 'There is no such day or time.'],
  ['2027-02-30', 'There is no such day or time.'],
  ['2027-03-00', 'There is no such day or time.'],
  ['2027-03-01T11:59:00+01:60', 'There is no such day or time.'],
  ['0050-03-01', 'There is no such day or time.'],
  ['2027/02/29 11:59', 'There is no such day or time.'],
  ['2027-13-01 11:59 UTC', 'There is no such day or time.'],
  ['2027-03-01 25:00', 'There is no such day or time.'],
  ['2027-03-01T11:59:60Z', 'There is no such day or time.'],
  ['2027-03-01T11:59:00+24:00', 'There is no such day or time.'],
  ['2016/12/01 11:59', '2016-12-01 11:59 UTC is in the past.'],
  ['0d', '2026-11-24 10:00 UTC is in the past.'],
  ['2026-11-24 09:59', '2026-11-24 09:59 UTC is in the past.'],
  ['365d', 'KMS takes at most 365 days: a time before 2027-11-24 10:00 UTC.'],
  ['9999h', 'KMS takes at most 365 days: a time before 2027-11-24 10:00 UTC.'],
  ['2028-02-29', 'KMS takes at most 365 days: a time before 2027-11-24 10:00 UTC.'],
] as const)
  test(`"${text}" is refused for its own reason`, () => assert.equal(expiryProblem(text, now), says));

test('the longest life that KMS takes can be an expiry', () => {
  assert.equal(expiryProblem('364d', now), undefined);
  assert.equal(expiryProblem('2027-11-24 09:59:59', now), undefined);
});

test('a date with single digits is read for what it surely says', () => {
  for (const [text, meant] of [
    ['2027-3-1', '2027-03-01'],
    ['2027/3/1 9:05', '2027/03/01 09:05'],
    ['2027-3-01T9:05:00Z', '2027-03-01T09:05:00Z'],
    ['01/03/2027', undefined],
    ['next friday', undefined],
  ] as const)
    assert.equal(suggestedMoment(text), meant, text);
});

test('the forms that are taken stand beside the field, and a time without a zone is told to be UTC', () => {
  const question = dateQuestion({ clock: () => now } as Services);
  assert.ok(question.kind === 'text');
  for (const words of [question.help, question.form])
    assert.match(words ?? '', /2027-03-01T11:59:00-08:00, 90d or 12h/);
  assert.match(question.notice?.('2027/03/01 11:59') ?? '', /^Read as UTC: Monday, 2027-03-01 11:59 UTC/);
  assert.match(question.notice?.('2027-03-01T11:59:00+01:00') ?? '', /^Monday, 2027-03-01 10:59 UTC/);
  assert.equal(question.notice?.('2027-02-29'), '');
  assert.equal(question.notice?.('2027-02'), undefined);
});

const second = fc.integer({ min: Date.UTC(1970, 0, 1) / 1000, max: Date.UTC(2200, 0, 1) / 1000 });
const two = (number: number) => String(number).padStart(2, '0');

test('any second is read back from each way to write it, at any offset', () => {
  fc.assert(
    fc.property(
      second,
      fc.integer({ min: -1439, max: 1439 }),
      fc.constantFrom('T', ' ', 't'),
      (seconds, minutes, gap) => {
        const moment = new Date(seconds * 1000);
        const [day = '', time = ''] = new Date(moment.getTime() + minutes * 60_000)
          .toISOString()
          .slice(0, 19)
          .split('T');
        const size = Math.abs(minutes);
        const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        const plain = moment.toISOString().slice(0, 19).replace('T', gap);
        for (const text of [
          `${day}${gap}${time}${offset}`,
          `${day.replaceAll('-', '/')}${gap}${time}${offset.replace(':', '')}`,
          moment.toISOString(),
          plain,
          `${plain} UTC`,
        ])
          assert.equal(parseMoment(text, now)?.getTime(), moment.getTime(), text);
        assert.equal(parseMoment(utc(moment), now)?.getTime(), Math.floor(seconds / 60) * 60_000);
      },
    ),
  );
});

test('no text makes it throw, and a text that names no moment is always told why', () => {
  const anything = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ maxLength: 30, unit: fc.constantFrom(...'0123456789-/:+TZ .dhUC') }),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const read = readMoment(text, now);
      const problem = expiryProblem(text, now);
      if (read.kind !== 'moment') assert.ok(problem !== undefined);
      else assert.ok(!Number.isNaN(read.moment.getTime()));
      if (problem === undefined) assert.ok((parseMoment(text, now)?.getTime() ?? 0) > now.getTime());
    }),
    { numRuns: 1000 },
  );
});
