import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { findExposures } from '../../source/private-process.ts';
import { newFolder } from '../new-folder.ts';
import { bareEnvironment, keyferryAlone, program } from './program.ts';

/** The program serving practice AWS, so that it stays, and what it has said. */
async function staying(t: TestContext) {
  const folder = newFolder();
  const listening = Promise.withResolvers<string>();
  let said = '';
  const child = spawn(process.execPath, [program, 'practice-aws', '--port', '0'], {
    cwd: folder,
    env: bareEnvironment(folder),
  });
  child.once('exit', () => listening.reject(new Error(`It ended. ${said}`)));
  t.after(() => child.kill('SIGKILL'));
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk;
    const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
    if (endpoint !== undefined) listening.resolve(endpoint);
  });
  return { child, endpoint: await listening.promise, said: () => said };
}

test('SIGUSR1 opens no debugger and ends nothing', async (t) => {
  const { child, endpoint, said } = await staying(t);
  child.kill('SIGUSR1');
  // A program that still answers has handled the signal.
  for (let times = 0; times < 5; times += 1) assert.ok((await fetch(endpoint)).status > 0);
  child.kill('SIGTERM');
  await once(child, 'close');
  assert.doesNotMatch(said(), /Debugger/);
});

for (const flag of ['--inspect', '--inspect=127.0.0.1:0', '--inspect-brk', '--inspect-wait', '--inspect-wait=0'])
  test(`the debugger of ${flag} is told`, (t) => {
    t.mock.property(process, 'execArgv', ['--no-warnings', flag]);
    assert.match(findExposures()[0] ?? '', /^--inspect has opened a debugger/);
  });

test('no other flag of Node counts as one that opens a debugger, and the user root is told at a terminal alone', (t) => {
  const execArgv = ['--inspect-port=0', '--inspector', '--no-inspect', '--import=--inspect'];
  t.mock.property(process, 'execArgv', execArgv);
  const { isTTY } = process.stderr;
  const { geteuid } = process;
  t.after(() => {
    Object.assign(process.stderr, { isTTY });
    Object.assign(process, { geteuid });
  });
  const exposuresOf = (uid: number, isTerminal: boolean) => {
    Object.assign(process.stderr, { isTTY: isTerminal });
    Object.assign(process, { geteuid: () => uid });
    return findExposures();
  };
  assert.deepEqual(exposuresOf(1000, true), []);
  assert.deepEqual(exposuresOf(0, true), ['You are root. Your own user is enough.']);
  assert.deepEqual(exposuresOf(0, false), []);
  execArgv.push('--inspect');
  assert.deepEqual(exposuresOf(0, true), [
    '--inspect has opened a debugger: whoever reaches it can read the key. Start again without it.',
    'You are root. Your own user is enough.',
  ]);
});

test('what this process makes is for its owner alone, and no report of Node has its environment', () => {
  const source = new URL('../../source/private-process.ts', import.meta.url).href;
  // Some containers have no /proc: everything else is kept private there too.
  const code = `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { keepProcessPrivate } from '${source}';
    fs.writeFileSync = () => { throw new Error('ENOENT'); };
    syncBuiltinESMExports();
    keepProcessPrivate();
    const { reportOnFatalError, reportOnSignal, reportOnUncaughtException, excludeEnv } = process.report;
    console.log(process.umask().toString(8), reportOnFatalError, reportOnSignal, reportOnUncaughtException, excludeEnv);`;
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--report-on-fatalerror',
      '--report-on-signal',
      '--report-uncaught-exception',
      '--input-type=module',
      '--eval',
      code,
    ],
    { encoding: 'utf8' },
  );
  assert.equal(stdout, '77 false false false true\n');
});

test('an error leaves no diagnostic report, also where a flag of Node asks for one', () => {
  const source = new URL('../../source/private-process.ts', import.meta.url).href;
  const reportsAfter = (first: string) => {
    const folder = newFolder();
    const code = `import { keepProcessPrivate } from '${source}'; ${first} throw new Error('a defect');`;
    const { status } = spawnSync(
      process.execPath,
      ['--report-uncaught-exception', '--input-type=module', '--eval', code],
      { cwd: folder, stdio: 'ignore' },
    );
    assert.equal(status, 1);
    return readdirSync(folder).length;
  };
  assert.equal(reportsAfter(''), 1, 'Node follows the flag');
  assert.equal(reportsAfter('keepProcessPrivate();'), 0);
});

test('a debugger that a flag of Node has opened is told', async () => {
  const folder = newFolder();
  const { stderr } = await keyferryAlone(['--version'], folder, { NODE_OPTIONS: '--inspect=127.0.0.1:0' });
  assert.match(stderr, /^keyferry: --inspect has opened a debugger: whoever reaches it can read the key\./m);
  const asRoot = `data:text/javascript,${encodeURIComponent('process.geteuid=()=>0;process.stderr.isTTY=true')}`;
  const root = await keyferryAlone(['--version'], folder, { NODE_OPTIONS: `--import=${asRoot} --inspect=127.0.0.1:0` });
  assert.match(
    root.stderr,
    /^keyferry: --inspect has opened a debugger: .*\nkeyferry: You are root\. Your own user is enough\.$/m,
  );
  const quiet = await keyferryAlone(['--version'], folder);
  assert.equal(quiet.stderr, '');
});
