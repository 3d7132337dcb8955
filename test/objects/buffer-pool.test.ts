import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BufferPool } from '../../source/objects/buffer-pool.ts';

const mebibyte = 2 ** 20;

test('a buffer is at least as large as is needed, 64 KiB or twice that again and again', () => {
  const pool = new BufferPool();
  for (const [needed, length] of [
    [0, 65_536],
    [65_536, 65_536],
    [65_537, 131_072],
    [300_000, 524_288],
    [8 * mebibyte, 8 * mebibyte],
  ] as const)
    assert.equal(pool.lend(needed).length, length);
});

test('buffers from one MiB on are in memory that threads share', () => {
  const pool = new BufferPool();
  assert.ok(pool.lend(mebibyte).buffer instanceof SharedArrayBuffer);
  assert.ok(pool.lend(mebibyte / 2).buffer instanceof ArrayBuffer);
});

test('buffers that came back are lent again for the same size, each to one borrower', () => {
  const pool = new BufferPool();
  const [one, other] = [pool.lend(1), pool.lend(1)];
  pool.takeBack(one);
  pool.takeBack(other);
  assert.notEqual(pool.lend(100_000), one);
  assert.deepEqual(new Set([pool.lend(5), pool.lend(65_536)]), new Set([one, other]));
  assert.ok(![one, other].includes(pool.lend(1)));
});

test('up to 64 MiB are kept while nobody uses them, and no more', () => {
  const pool = new BufferPool();
  const large = pool.lend(64 * mebibyte);
  pool.takeBack(large);
  const small = pool.lend(1);
  pool.takeBack(small);
  assert.notEqual(pool.lend(1).buffer, small.buffer);
  assert.equal(pool.lend(64 * mebibyte).buffer, large.buffer);
  pool.takeBack(small);
  assert.equal(pool.lend(1).buffer, small.buffer);
});
