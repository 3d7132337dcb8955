import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testsIn } from './tests-in-file.ts';

/* Keeps the table in cases/cases.md whole: each input that is there is judged, and by a test that is there. */

const folder = fileURLToPath(new URL('cases/', import.meta.url));
const kinds = ['awsconfig', 'explain', 'fronts', 'keyfiles'];

const rows = readFileSync(join(folder, 'cases.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [a-z]/.test(line))
  .map((line) => {
    const [name = '', inputs = '', tests = ''] = line.slice(2, -2).split(' | ');
    return { name, inputs: inputs.split('<br>'), tests: tests.split('<br>') };
  });

/** Gives the file that an input names; `undefined` for what is typed, set or sent. */
const fileOf = (input: string) => new RegExp(`^(?:${kinds.join('|')})/[\\w./-]+`).exec(input)?.[0];

/** What tests call a case file: its name, or that of its folder. */
const shortName = (file: string) => (file.endsWith('/config') ? basename(dirname(file)) : basename(file));

function isRead(file: string, tests: readonly string[]): boolean {
  const name = shortName(file).replace(/\.(?:json|txt)$/, '');
  return tests.some((line) => readFileSync(join(folder, '..', line.split(': ')[0] ?? ''), 'utf8').includes(name));
}

test('each input of the cases is judged by a test', (t) => {
  const unjudged = rows.flatMap(({ inputs, tests }) =>
    inputs.filter((input) => {
      const file = fileOf(input);
      return file !== undefined && !isRead(file, tests);
    }),
  );
  assert.deepEqual(unjudged, []);
  for (const { tests } of rows)
    for (const line of tests) {
      const [, path = '', name = ''] = /^([\w./-]+\.test\.tsx?): (.*)$/.exec(line) ?? [];
      assert.ok(path !== '' && testsIn(path).has(name), line);
    }
  const inputs = rows.flatMap((row) => row.inputs);
  const files = new Set(inputs.map(fileOf).filter((file) => file !== undefined));
  t.diagnostic(`${rows.length} cases, ${inputs.length} inputs in ${files.size} files, ${inputs.length} judged`);
  assert.ok(rows.length >= 46 && inputs.length >= 90, `${rows.length} cases, ${inputs.length} inputs`);
});

test('each file of the cases is in the table, and each that the table names is there', () => {
  const here = globSync(`{${kinds.join(',')}}/**/*.*`, { cwd: folder });
  const configs = globSync('awsconfig/*/config', { cwd: folder });
  const named = rows.flatMap(({ inputs }) => inputs.map(fileOf)).filter((file) => file !== undefined);
  assert.deepEqual([...new Set(named)].sort(), [...here, ...configs].sort());
});
