import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentInWords, spanInWords, timeLeft } from '../../source/steps/dates.ts';

const now = new Date('2026-11-24T10:00:00Z');

test('time left is told in its two largest units', () => {
  assert.equal(timeLeft(new Date('2026-11-25T09:41:30Z'), now), '23 h 41 min');
  assert.equal(timeLeft(new Date('2027-02-22T14:00:00Z'), now), '90 d 4 h');
  assert.equal(timeLeft(new Date('2026-11-25T10:00:00Z'), now), '1 d 0 h');
  assert.equal(timeLeft(new Date('2026-11-24T11:00:00Z'), now), '1 h 0 min');
  assert.equal(timeLeft(new Date('2026-11-24T10:59:59Z'), now), '59 min');
  for (const past of ['2026-11-24T09:59:59Z', '2026-11-24T09:00:00Z'])
    assert.equal(timeLeft(new Date(past), now), '0 min');
});

test('a span is told in its largest unit, and as a minute at least', () => {
  const minute = 60_000;
  assert.deepEqual(
    [0, 1, 2, 59, 60, 89, 90, 1439, 1440, 2159, 2160, 57_600].map((minutes) => spanInWords(minutes * minute)),
    [
      '1 minute',
      '1 minute',
      '2 minutes',
      '59 minutes',
      '1 hour',
      '1 hour',
      '2 hours',
      '24 hours',
      '1 day',
      '1 day',
      '2 days',
      '40 days',
    ],
  );
});

test('a moment is told with its weekday, in both time zones, and as time left', () => {
  const moment = new Date('2027-03-01T11:59:00Z');
  assert.equal(momentInWords(moment, now, 'UTC'), 'Monday, 2027-03-01 11:59 UTC, in 97 d 1 h');
  assert.equal(
    momentInWords(moment, now, 'Asia/Kolkata'),
    'Monday, 2027-03-01 11:59 UTC (2027-03-01 17:29 in Asia/Kolkata), in 97 d 1 h',
  );
});
