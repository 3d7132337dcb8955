import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestNames } from '../../source/ceremony/nearest-name.ts';

test('the nearest name comes first, whatever its case', () => {
  assert.deepEqual(nearestNames('RNU', ['explain', 'run']), ['run']);
  assert.deepEqual(nearestNames('rsaes_oaep_sha_265', ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']), [
    'RSAES_OAEP_SHA_256',
    'RSAES_OAEP_SHA_1',
  ]);
});

test('nothing is near to what is quite another word', () => {
  assert.deepEqual(nearestNames('wrapping', ['alias', 'expiry', '']), []);
  assert.deepEqual(nearestNames('abcdefghi', ['abcdefxyz', 'abcdewxyz']), ['abcdefxyz']);
  assert.deepEqual(nearestNames('abcdefghij', ['abcdefwxyz']), [], 'four of ten letters');
});

test('an ending that many names share does not bring them near', () => {
  const known = ['AbcException', 'InvalidException'];
  assert.deepEqual(nearestNames('XyzException', known, 'exception').length, 0);
  assert.deepEqual(nearestNames('invalid', known, 'exception'), ['InvalidException']);
  assert.deepEqual(nearestNames('InvalidExceptoin', known, 'exception'), ['InvalidException']);
});
