import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largestObject, partSizeOf, requestsOf, usualLimits } from '../../source/objects/part-size.ts';

const [mebibyte, gibibyte, tebibyte] = [2 ** 20, 2 ** 30, 2 ** 40];

test('parts fit the limits of S3 for every size up to the largest object, which is 48.8 TiB', () => {
  assert.equal((largestObject / tebibyte).toFixed(1), '48.8');
  for (const size of [
    1,
    8 * mebibyte,
    78 * gibibyte,
    100 * gibibyte,
    400 * gibibyte,
    tebibyte,
    5 * tebibyte,
    20 * tebibyte,
    48 * tebibyte,
    largestObject,
  ]) {
    const partSize = partSizeOf(size) ?? 0;
    assert.ok(partSize >= 5 * mebibyte && partSize <= 5 * gibibyte, `${size}: ${partSize}`);
    assert.ok(Math.ceil(size / partSize) <= 10_000, `${size}: ${partSize}`);
  }
  assert.equal(partSizeOf(largestObject), 5 * gibibyte);
  assert.equal(partSizeOf(largestObject + 1), undefined);
});

test('parts that are read into memory are of few sizes, and no larger than 32 MiB', () => {
  assert.equal(partSizeOf(9 * mebibyte), 8 * mebibyte);
  assert.equal(partSizeOf(80_000 * mebibyte), 8 * mebibyte);
  assert.equal(partSizeOf(80_000 * mebibyte + 1), 16 * mebibyte);
  assert.equal(partSizeOf(320_000 * mebibyte), usualLimits.largestInMemory);
  assert.equal(partSizeOf(320_000 * mebibyte + 1), 33 * mebibyte);
});

test('a small file takes one request, a larger one two more than it has parts', () => {
  assert.equal(requestsOf(0), 1);
  assert.equal(requestsOf(8 * mebibyte), 1);
  assert.equal(requestsOf(8 * mebibyte + 1), 4);
});
