import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../source/objects/pace.ts';

/** What is said after each of these moments, at which so many bytes were done of `total`. */
function saidAt(total: number, moments: readonly (readonly [seconds: number, done: number])[]): readonly string[] {
  let now = 5000;
  const pace = new Pace(() => now);
  return moments.map(([seconds, done]) => {
    now = 5000 + seconds * 1000;
    return pace.words(done, total);
  });
}

test('how fast a transfer is, and how long the rest takes, is said once two seconds have passed', () => {
  const said = saidAt(12e6, [
    [1, 1e6],
    [1.9, 2e6],
    [2, 2e6],
    [4, 4e6],
  ]);
  assert.deepEqual(said, ['', '', '1.0 MB/s, 10 s left', '1.0 MB/s, 8 s left']);
});

test('while nothing comes, no speed is said', () => {
  assert.deepEqual(saidAt(9e6, [[60, 0]]), ['']);
  // All that came, came before the seconds over which the speed is measured.
  const moments = [0, 1, 2, 30, 60].map((seconds) => [seconds, 1000] as const);
  assert.equal(saidAt(9e6, moments).at(-1), '');
});

test('the speed is that of the last ten seconds', () => {
  const moments = Array.from({ length: 41 }, (_, second) => {
    const done = second <= 20 ? second * 1e6 : 20e6 + (second - 20) * 1e5;
    return [second, done] as const;
  });
  assert.equal(saidAt(23e6, moments).at(-1), '100 kB/s, 10 s left');
});

test('speeds and times have the unit that suits them', () => {
  const said = (perSecond: number, secondsLeft: number) =>
    saidAt(perSecond * (2 + secondsLeft), [[2, 2 * perSecond]])[0];
  assert.equal(said(999_000, 89), '999 kB/s, 89 s left');
  assert.equal(said(1e6, 90), '1.0 MB/s, 2 min left');
  assert.equal(said(2.5e9, 89 * 60), '2.5 GB/s, 89 min left');
  assert.equal(said(12_345_678, 200 * 60), '12.3 MB/s, 3 h 20 min left');
});

test('the speed is measured from the last moment that is more than ten seconds ago', () => {
  const said = saidAt(50e6, [
    [1, 6e6],
    [11, 11e6],
    [11.001, 11e6],
  ]);
  assert.deepEqual(
    said.map((words) => words.split(',')[0]),
    ['', '1.0 MB/s', '500 kB/s'],
  );
  const afterRest = saidAt(50e6, [
    [1, 1e6],
    [2, 2e6],
    [3, 3e6],
    [4, 4e6],
    [40, 7.6e6],
  ]);
  assert.match(afterRest.at(-1) ?? '', /^100 kB\/s,/);
});

test('speeds and times at the edges of their units are rounded so that nothing ends later than was said', () => {
  const said = (perSecond: number, secondsLeft: number) =>
    saidAt(perSecond * (2 + secondsLeft), [[2, 2 * perSecond]])[0];
  assert.equal(said(1e9, 10.5), '1.0 GB/s, 11 s left');
  assert.equal(said(1600, 61 * 60 + 1), '2 kB/s, 62 min left');
  assert.equal(said(1e6, 90 * 60), '1.0 MB/s, 1 h 30 min left');
  assert.deepEqual(saidAt(9e6, [[1.999, 1e6]]), ['']);
});
