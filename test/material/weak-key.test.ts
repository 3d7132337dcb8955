import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { key } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();

/** The sample key with so many bytes in a row, of which each differs from the one before by `step`. */
function withRun(length: number, step: number, at: number): Buffer {
  const run = Buffer.from(Array.from({ length }, (_, index) => (0x41 + index * step) & 0xff));
  return Buffer.concat([key.subarray(0, at), run, key.subarray(at + length)]);
}

for (const [name, step] of [
  ['equal bytes', 0],
  ['bytes that count up', 1],
  ['bytes that go down by 3', -3],
  ['bytes that go up by 40, beyond 255 and on from 0,', 40],
] as const) {
  for (const [place, startOf] of [
    ['at the beginning', () => 0],
    ['in the middle', () => 12],
    ['at the end', (length: number) => key.length - length],
  ] as const) {
    test(`8 ${name} in a row ${place} are no random key, and 7 may be one`, () => {
      const eight = inspectKeyFile(folder.put('key', withRun(8, step, startOf(8))));
      assert.equal(eight.verdict, 'refused');
      assert.match(eight.findings.join(' '), /8 bytes in a row/);
      assert.equal(inspectKeyFile(folder.put('key', withRun(7, step, startOf(7)))).verdict, 'ready');
    });
  }
}

test('32 bytes of 12 different values may be random, and of 11 are not', () => {
  const withValues = (count: number) => {
    const bytes = createHash('sha256').update('values').digest();
    return bytes.map((byte, index) => 0x81 + 9 * (index < count ? (index * 5) % count : byte % count));
  };
  for (const [count, verdict] of [
    [12, 'ready'],
    [11, 'refused'],
  ] as const) {
    assert.equal(new Set(withValues(count)).size, count);
    assert.equal(inspectKeyFile(folder.put('key', withValues(count))).verdict, verdict);
  }
  const { findings } = inspectKeyFile(folder.put('key', withValues(11)));
  assert.match(findings.join(' '), /have only 11 different values/);
});
