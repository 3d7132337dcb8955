import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathWord, quote } from '../../source/ceremony/shell-word.ts';

test('a word is quoted for a shell only where it must be', () => {
  assert.equal(quote('/home/joanna/a-1.key'), '/home/joanna/a-1.key');
  assert.equal(quote("Joanna's key"), String.raw`'Joanna'\''s key'`);
  assert.equal(quote("a'b'c"), String.raw`'a'\''b'\''c'`);
  assert.equal(quote('$(rm)'), "'$(rm)'");
  assert.equal(quote(''), "''");
  for (const word of ['two\nlines', 'a b', 'a*', '~', 'a;b', 'é', '\na', 'a\n']) assert.equal(quote(word), `'${word}'`);
});

test('a path that begins with a hyphen is written so that no program takes it for a flag, and any other as it is', () => {
  assert.deepEqual(['-rf', '--', 'a-b', './-a', '/-a'].map(pathWord), ['./-rf', './--', 'a-b', './-a', '/-a']);
});
