import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTagProblem, findTagsProblem, readTag } from '../../source/aws/tags.ts';

test('a tag is read up to its first equals sign, without the blanks around its parts', () => {
  assert.deepEqual(readTag(' team = a=b '), { key: 'team', value: 'a=b' });
  assert.deepEqual(readTag('team='), { key: 'team', value: '' });
});

test('what AWS would refuse as a tag is said, and nothing else', () => {
  const key = '🔑'.repeat(128);
  for (const taken of ['team=payments', 'team=', 'a:b/c+d-e@f=g h', `${'k'.repeat(128)}=${'v'.repeat(256)}`])
    assert.equal(findTagProblem(taken), undefined, taken);
  for (const [text, problem] of [
    ['team', /^A tag is KEY=VALUE/],
    ['=payments', /^A tag is KEY=VALUE/],
    ['aws:team=a', /^aws:team: tags that begin with aws:/],
    ['AWS:team=a', /tags that begin with aws:/],
    ['keyferry:ceremony=a', /Keyferry sets its own/],
    ['Keyferry:x=a', /Keyferry sets its own/],
    [`${'k'.repeat(129)}=v`, /at most 128 characters/],
    [`k=${'v'.repeat(257)}`, /at most 256 characters/],
    ['team!=a', /letters, digits, spaces/],
    ['team=a!', /letters, digits, spaces/],
    // 128 characters, each of two units, are not too long: only their kind is wrong.
    [`${key}=${key}${key}`, /letters, digits, spaces/],
  ] as const)
    assert.match(findTagProblem(text) ?? 'none', problem, text);
});

test('a key has each tag once, and room for that of the ceremony', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: '' }));
  assert.equal(findTagsProblem(tags(49)), undefined);
  assert.match(findTagsProblem(tags(50)) ?? '', /^At most 49 tags/);
  assert.match(findTagsProblem([...tags(2), { key: 'k1', value: 'other' }]) ?? '', /^The tag k1 is there twice/);
});
