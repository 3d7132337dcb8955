import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  destinationWords,
  findNameProblem,
  findPrefixProblem,
  objectName,
  oddPrefixWords,
  readDestination,
} from '../../source/steps/object-name.ts';

test('an object is called after its file, behind the prefix and one slash', () => {
  const name = (prefix: string) => objectName('/some/where/a b.txt', prefix);
  assert.deepEqual(['', 'in', 'in/', 'a/b c', 'a//'].map(name), [
    'a b.txt',
    'in/a b.txt',
    'in/a b.txt',
    'a/b c/a b.txt',
    'a//a b.txt',
  ]);
});

test('a prefix that begins with a slash is refused; two dots are told as odd, and taken', () => {
  assert.match(findPrefixProblem('/in') ?? '', /does not begin with a slash/);
  assert.equal(findPrefixProblem('a/../b'), undefined);
  assert.match(oddPrefixWords('a/../b') ?? '', /^"\.\." is a name like any other to S3, and does no harm there/);
  assert.deepEqual(['', 'a..b/c', 'a/.b'].map(oddPrefixWords), [undefined, undefined, undefined]);
});

test('the name of an object has at most 1024 bytes, counted in UTF-8 with its prefix', () => {
  const prefix = 'é'.repeat(511);
  assert.equal(findPrefixProblem(prefix), undefined);
  assert.match(findPrefixProblem(`${prefix}x`) ?? '', /at most 1024 bytes/);
  assert.equal(findNameProblem('/tmp/b', prefix), undefined);
  assert.match(findNameProblem('/tmp/bc', prefix) ?? '', /That of bc would have 1025/);
});

test('a place in S3 is read with its bucket and prefix, and written again', () => {
  const places = ['s3://bucket', 's3://bucket/in/2026', 's3://bucket/in/', 's3://bucket//x'];
  assert.deepEqual(places.map(readDestination), [
    { bucket: 'bucket', prefix: '' },
    { bucket: 'bucket', prefix: 'in/2026' },
    { bucket: 'bucket', prefix: 'in/' },
    { bucket: 'bucket', prefix: '/x' },
  ]);
  for (const place of places)
    assert.equal(destinationWords(readDestination(place) ?? { bucket: '', prefix: '' }), place);
  assert.deepEqual(['bucket/in', 's3:/bucket', 's3://', 'https://bucket'].map(readDestination), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
