import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unverifiedBehaviour } from '../../source/practice/unverified.ts';
import { texts } from '../../source/practice/unverified-texts.ts';

const folder = fileURLToPath(new URL('../../source/practice', import.meta.url));
const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !basename(name).startsWith('unverified'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

test('what the code marks as unverified is what the list has, no more and no less', () => {
  const marked = new Set([...source.matchAll(/unverified: ([a-z0-9-]+)/g)].map(([, id]) => id));
  assert.deepEqual([...marked].sort(), Object.keys(unverifiedBehaviour).sort());
});

test('every unverified text is used', () => {
  const unused = Object.keys(texts).filter((id) => !source.includes(`'${id}'`));
  assert.deepEqual(unused, []);
});
