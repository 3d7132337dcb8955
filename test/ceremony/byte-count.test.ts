import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteWords, inUnits, unitOf } from '../../source/ceremony/byte-count.ts';

test('a number of bytes is told in the largest unit that it reaches, and in terabytes at most', () => {
  assert.deepEqual([0, 999, 1000, 1234, 999_949, 1_000_000, 4.1e9, 1e12, 2.5e16].map(byteWords), [
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '1.2 kB',
    '999.9 kB',
    '1.0 MB',
    '4.1 GB',
    '1.0 TB',
    '25000.0 TB',
  ]);
});

test('what is done of a whole has the unit of the whole', () => {
  assert.equal(`${inUnits(28e8, 41e8)} of ${inUnits(41e8, 41e8)} ${unitOf(41e8)}`, '2.8 of 4.1 GB');
  assert.equal(`${inUnits(0, 999)} of ${inUnits(999, 999)} ${unitOf(999)}`, '0 of 999 bytes');
});
