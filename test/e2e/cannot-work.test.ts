import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { piped } from './piped.ts';
import { bareEnvironment, program } from './program.ts';
import { TerminalSession } from './terminal-session.ts';
import { walkTo } from './walk.ts';

/* Places in which no ceremony can go on: each is told in words, with what to do. */

const raw = /Something unforeseen|keyferry: E[A-Z]+|\bat .*\.ts:/;

for (const command of ['', 'check-backup', 'reimport', 'expiry', 'encrypt']) {
  test(`a journal that is a folder, and a --workdir that is a file, are told in words: keyferry ${command}`, async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'w', 'journal.jsonl'), { recursive: true, mode: 0o700 });
    writeFileSync(join(cwd, 'f'), '');
    const words = command === '' ? [] : [command];
    for (const [workdir, why] of [
      ['w', /journal\.jsonl: It is a folder\.|Why w can't go on/],
      ['f', /it is not a folder\.|There is no ceremony in/],
    ] as const) {
      const { status, stdout, stderr } = await piped(
        [...words, '--plain', '--practice', '--workdir', workdir].filter(
          (word) => command !== 'check-backup' || word !== '--practice',
        ),
        [],
        cwd,
      );
      const said = stdout + stderr;
      assert.doesNotMatch(said, raw);
      assert.ok(status === 2 || status === 3, `${status} ${said}`);
      assert.match(said, why);
    }
  });
}

test('folders that the system does not make end in words, and a cache folder that it does not make is done without', {
  skip: process.platform !== 'linux',
}, () => {
  const cwd = newFolder();
  const run = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [program, ...args], {
      cwd,
      env: { ...bareEnvironment(cwd), ...environment },
      input: '\n',
      encoding: 'utf8',
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
  const { status, stdout, stderr } = run(['--plain', '--practice', '--workdir', '/proc/w']);
  assert.equal(status, 3, stdout + stderr);
  assert.match(stdout, /There is no such file or folder\. \(\/proc\/w\)/);
  assert.doesNotMatch(stdout + stderr, raw);
  const version = run(['--version'], { XDG_CACHE_HOME: '/proc/w' });
  assert.deepEqual([version.status, version.stderr], [0, '']);
});

test('compiled code is kept in the own cache folder, for its owner alone, and never in the folder of the start', () => {
  const ownCache = newFolder();
  for (const [given, where] of [
    ['', 'home/.cache'],
    ['planted', 'home/.cache'],
    [ownCache, ownCache],
  ] as const) {
    const cwd = newFolder();
    const home = join(cwd, 'home');
    const { status, stderr } = spawnSync(process.execPath, [program, '--version'], {
      cwd,
      env: { ...bareEnvironment(home), NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: given },
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
    const cache = resolve(cwd, where, 'keyferry');
    assert.equal(statSync(cache).mode & 0o777, 0o700);
    assert.notDeepEqual(readdirSync(cache), []);
    assert.deepEqual(readdirSync(cwd), where === ownCache ? [] : ['home'], given);
  }
  // Without a home folder too, nothing is kept where the program was started.
  const cwd = newFolder();
  const env = { ...bareEnvironment(''), NODE_COMPILE_CACHE: undefined };
  assert.equal(spawnSync(process.execPath, [program, '--version'], { cwd, env }).status, 0);
  assert.deepEqual(readdirSync(cwd), []);
});

test('a second process is told who holds the ceremony, and no way on that the lock makes pointless', async (t) => {
  const cwd = newFolder();
  const first = new TerminalSession(['--practice'], { cwd });
  t.after(() => first.kill('SIGKILL'));
  await walkTo(first, 'What should the key be called?');
  const { stdout, status } = await piped(['--plain'], ['1'], cwd);
  assert.equal(status, 3);
  assert.match(stdout, /another Keyferry has it open/);
  assert.match(stdout, new RegExp(`Process ${first.pid} on`));
  assert.match(stdout, /Go on in that terminal, or stop it there first/);
  assert.doesNotMatch(stdout, /To continue:|Everything so far is saved/);
});

test('a folder that is removed under a ceremony stops it, and nothing is said to be saved', async (t) => {
  const cwd = newFolder();
  const session = new TerminalSession(['--practice'], { cwd });
  t.after(() => session.kill('SIGKILL'));
  await walkTo(session, 'I understand the security');
  rmSync(join(cwd, 'keyferry-new'), { recursive: true });
  session.send(' \r');
  await session.shows('was removed while Keyferry was at work.');
  assert.doesNotMatch(session.screen().join('\n'), /Try again/);
  session.send('\r');
  assert.equal(await session.ends(), 3);
  assert.doesNotMatch(session.transcript(), /To continue:|is saved/);
});
