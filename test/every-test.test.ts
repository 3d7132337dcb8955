import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { quickFiles } from './quick/parts.ts';

type Package = { readonly scripts: Readonly<Record<string, string>> };

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as Package;

/** The files of a script's globs. */
const filesOf = (script: string) =>
  [...(scripts[script] ?? '').matchAll(/'(test\/[^']+)'/g)].flatMap(([, glob = '']) => globSync(glob));

test('npm test and npm run test:long run every test file once, the quick ones in parts', () => {
  const all = globSync('test/**/*.test.{ts,tsx}').toSorted();
  for (const script of ['test', 'test:long'])
    assert.deepEqual([...filesOf(script), ...quickFiles].toSorted(), all, script);
});

test('the four parts of the quick tests are all there', () => {
  assert.deepEqual(
    [...filesOf('test:quick')].toSorted(),
    [1, 2, 3, 4].map((part) => `test/quick/${part}.test.ts`),
  );
  for (const part of [1, 2, 3, 4])
    assert.match(readFileSync(`test/quick/${part}.test.ts`, 'utf8'), new RegExp(`runPart\\(${part}\\)`));
});
