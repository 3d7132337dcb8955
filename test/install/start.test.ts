import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bareEnvironment, program } from '../e2e/program.ts';
import { copyProject, copySmallProject, runNpm } from './project-copy.ts';

/** Runs a script of the project as if Node had another version. */
function runWith(node: string, script: string, ...args: readonly string[]) {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } })`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(versions)}`, script, ...args],
    { encoding: 'utf8', env: bareEnvironment('/nowhere') },
  );
  return { status, stdout, stderr };
}

test('an older Node gets one plain line; the floor is the one of package.json', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(engines.node, '^22.21 || >=24.5');
  for (const old of ['12.22.9', '18.20.4', '20.19.2', '22.20.0', '23.11.1', '24.4.1']) {
    assert.deepEqual(runWith(old, program, '--version'), {
      status: 2,
      stdout: '',
      stderr: `keyferry: needs Node 22.21 or newer, or 24.5 or newer; this is Node ${old}.\n`,
    });
  }
  for (const good of ['22.21.0', '24.5.0', '24.21.0', '25.0.0', '26.10.0'])
    assert.deepEqual(runWith(good, program, '--version'), { status: 0, stdout: '0.1.0\n', stderr: '' });
});

test('npm start runs what was built, and says in one line if the sources are newer', async () => {
  const copy = copySmallProject();
  await runNpm(['run', 'build'], copy);
  const start = () => runNpm(['start', '--silent', '--', '--version'], copy);
  assert.deepEqual(await start(), { stdout: '0.1.0\n', stderr: '' });
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(copy, 'source/steps/import.ts'), later, later);
  const { stdout, stderr } = await start();
  assert.equal(stdout, '0.1.0\n');
  assert.match(stderr, /^keyferry: the sources are newer than the build.*npm run build\n$/);
});

test('npm start says in words what is missing, where npm installed less', () => {
  const copy = copyProject();
  const script = join(copy, '.build/start.js');
  assert.match(runWith('24.21.0', script).stderr, /^keyferry: not built yet.*ignore-scripts.*npm run build\n$/);
  rmSync(join(copy, 'node_modules'));
  mkdirSync(join(copy, 'node_modules'));
  assert.match(runWith('24.21.0', script).stderr, /^keyferry: not built.*npm ci, without --omit=dev\.\n$/);
  assert.match(
    runWith('18.20.4', script).stderr,
    /^keyferry: this Node, 18\.20\.4, is too old.*npm ci, without --omit=dev\.\n$/,
  );
  mkdirSync(join(copy, 'node_modules/node'));
  const { status, stderr } = runWith('18.20.4', script);
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^keyferry: this Node, 18\.20\.4, is too old.*npm rebuild --ignore-scripts=false && npm run build\n$/,
  );
});

test('a build without the build tools says which are missing, and is no failure of npm itself', () => {
  const copy = copyProject();
  rmSync(join(copy, 'node_modules'));
  const build = (env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, ['.esbuild.js'], { cwd: copy, env, encoding: 'utf8' });
  const byHand = build({});
  assert.equal(byHand.status, 1);
  assert.match(byHand.stderr, /^keyferry: not built, because esbuild is not installed\./);
  const byNpm = build({ npm_lifecycle_event: 'dependencies' });
  assert.equal(byNpm.status, 0);
  assert.equal(byNpm.stderr, byHand.stderr);
});
