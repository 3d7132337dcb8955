import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bareEnvironment } from '../e2e/program.ts';
import { everything } from '../e2e/set-up.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { addLine, copyBuiltProject, copySmallProject, runNpm, startedBuild } from './project-copy.ts';

/** Each build takes seconds on an idle machine, and on a busy one several times as long. */
const timeout = 600_000;

/** Answers to everything that is asked on practice AWS after the Region. */
const lines = [
  '',
  everything.line,
  '',
  '',
  'payments-2026',
  'Archive of payments',
  '',
  '',
  'yes',
  '',
  passphrase,
  passphrase,
  ...Array(14).fill(''),
];

test('a running ceremony survives npm run build, npm test and npm pack beside it', { timeout }, async (t) => {
  const copy = copyBuiltProject();
  const first = startedBuild(copy);
  const cwd = newFolder();
  const child = spawn(process.execPath, [join(copy, 'dist/cli.js'), '--plain', '--practice'], {
    cwd,
    env: bareEnvironment(cwd),
  });
  t.after(() => child.kill('SIGKILL'));
  let seen = '';
  const collect = (chunk: Buffer) => {
    seen += chunk;
  };
  child.stderr.on('data', collect);
  child.stdout.on('data', collect);
  while (!seen.includes('In which Region?')) await once(child.stdout, 'data');

  // Nothing of practice AWS is loaded yet, and all of it changes its name.
  addLine(copy, 'source/practice/server.ts', 'globalThis.name = "first change";');
  addLine(copy, 'source/ceremony/journal.ts', 'globalThis.name = "first change";');
  await runNpm(['run', 'build'], copy);
  const second = startedBuild(copy);
  assert.notEqual(second, first);
  mkdirSync(join(copy, 'test'));
  copyFileSync(new URL('../typescript.ts', import.meta.url), join(copy, 'test/typescript.ts'));
  writeFileSync(join(copy, 'test/one.test.ts'), "import { test } from 'node:test';\ntest('one', () => {});\n");
  addLine(copy, 'source/practice/server.ts', 'globalThis.name = "second change";');
  const { stdout } = await runNpm(['test'], copy);
  assert.match(stdout, /pass 1/);
  const third = startedBuild(copy);
  assert.equal(new Set([first, second, third]).size, 3);
  await runNpm(['pack', '--pack-destination', cwd], copy);
  // The same sources give the same build.
  assert.equal(startedBuild(copy), third);

  child.stdin.end(`${lines.join('\n')}\n`);
  await once(child, 'close');
  assert.equal(child.exitCode, 0, seen);
  assert.match(seen, /record\.md/);
});

test('the same sources give the same build; the build before stays, older ones for a day', async () => {
  const copy = copySmallProject();
  const build = async (change: string) => {
    addLine(copy, 'source/version.ts', `globalThis.name = '${change}';`);
    await runNpm(['run', 'build'], copy);
    return startedBuild(copy);
  };
  const builds = () => readdirSync(join(copy, 'dist')).filter((entry) => /^[0-9a-f]{12}$/.test(entry));
  const hour = 60 * 60 * 1000;
  const setReplaced = (name: string, ago: number) => {
    const time = new Date(Date.now() - ago);
    utimesSync(join(copy, 'dist', name), time, time);
  };

  // The first is older than a day, but in use until the second replaces it.
  const first = await build('one');
  setReplaced(first, 26 * hour);
  const second = await build('two');
  const third = await build('three');
  assert.deepEqual(builds().toSorted(), [first, second, third].toSorted());

  setReplaced(first, 26 * hour);
  setReplaced(second, 25 * hour);
  await runNpm(['run', 'build'], copy);
  assert.equal(startedBuild(copy), third);
  assert.deepEqual(builds().toSorted(), [second, third].toSorted());
});
