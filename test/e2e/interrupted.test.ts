import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { outside } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { answersFile, exampleWith } from './answers.ts';
import { bareEnvironment, keyferry, program } from './program.ts';

/* `run --json` prints its object also where nothing else is printed any more. */

/** A folder for `--workdir w`, whose practice AWS is slow at one operation until `quicken`. */
function slowAt(operation: string, folder: string) {
  const state = join(folder, 'w', 'keyferry-practice-aws');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const control = join(state, 'practice-control.json');
  writeFileSync(control, JSON.stringify({ faults: [{ operation, do: 'slow', milliseconds: 60_000 }] }));
  return { quicken: () => rmSync(control) };
}

/** Runs the program until it says these words on standard error, and sends it a signal. */
async function signalled(signal: NodeJS.Signals, words: string, args: readonly string[], folder: string) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: bareEnvironment(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = text(child.stdout);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    const before = stderr;
    stderr += chunk;
    if (!before.includes(words) && stderr.includes(words)) child.kill(signal);
  });
  await once(child, 'close');
  return { status: child.exitCode, stdout: await stdout, stderr };
}

for (const [signal, exit] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} in the middle of a run: its object says interrupted and ${exit}, and it goes on`, async () => {
    const folder = newFolder();
    const args = ['run', answersFile(folder, exampleWith()), '--practice', '--workdir', 'w', '--json'];
    const { quicken } = slowAt('kms:GetParametersForImport', folder);
    const { status, stdout, stderr } = await signalled(signal, 'Asking KMS for a wrapping key', args, folder);
    assert.equal(status, exit, stderr);
    const { asOf, keyId, keyArn, ...outcome } = JSON.parse(stdout);
    assert.ok(!Number.isNaN(Date.parse(asOf)));
    assert.ok(keyArn.endsWith(keyId), keyArn);
    const workdir = join(folder, 'w');
    assert.deepEqual(outcome, {
      ended: 'interrupted',
      exit,
      ceremony: 'first-import',
      alias: 'alias/my-first-key',
      workdir,
    });
    assert.match(
      stderr,
      /(?:^|\n)Stopped\. Everything so far is saved in \S+\nTo continue: run the same command again\nkeyferry: stopped by SIG\w+\.\n$/,
    );
    quicken();
    const finished = await keyferry(args, folder);
    assert.equal(finished.status, 0, finished.stderr);
    assert.equal(JSON.parse(finished.stdout).keyId, keyId);
  });
}

test('a signal while KMS is asked how the key of a finished ceremony is ends the run too', async (t) => {
  const ceremony = await outside();
  t.after(ceremony.close);
  const finished = await ceremony.run();
  assert.equal(finished.status, 0, finished.stderr);
  const { cut } = ceremony;
  const child = spawn(process.execPath, [program, ...cut.args], {
    cwd: cut.folder,
    env: { ...bareEnvironment(cut.home), ...cut.environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  ceremony.set({ faults: [{ operation: 'kms:DescribeKey', do: 'slow', milliseconds: 60_000 }] });
  let killed = 0;
  ceremony.decide((call) => {
    // A second signal would end it without a word.
    if (call === 'kms:DescribeKey' && !child.killed) {
      child.kill('SIGTERM');
      killed = performance.now();
    }
    return undefined;
  });
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.ok(performance.now() - killed < 15_000, 'it does not wait for the answer');
  assert.equal(child.exitCode, 143);
  const { ended, exit, workdir } = JSON.parse(stdout);
  assert.deepEqual([ended, exit, workdir], ['interrupted', 143, ceremony.workdir]);
});

test('a defect ends with status 1, and its object says failed', async () => {
  const folder = newFolder();
  const defect = join(folder, 'defect.mjs');
  writeFileSync(
    defect,
    `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { existsSync } = fs;
    fs.existsSync = (path) => {
      if (String(path).endsWith('journal.jsonl')) throw new TypeError('nobody foresaw this');
      return existsSync(path);
    };
    syncBuiltinESMExports();`,
  );
  const args = ['run', answersFile(folder, exampleWith()), '--practice', '--workdir', 'w', '--json'];
  const { status, stdout, stderr } = await keyferry(args, folder, { NODE_OPTIONS: `--import=${defect}` });
  assert.equal(status, 1, stderr);
  const { ended, exit, problem } = JSON.parse(stdout);
  assert.deepEqual([ended, exit], ['failed', 1]);
  assert.match(problem.why, /nobody foresaw this/);
  assert.doesNotMatch(stderr, /\bat .*:\d+:\d+/);
  assert.equal(existsSync(join(folder, 'w')), false);
});

test('a defect of the assistant, which is opened without a command, ends with status 1 and one line', async () => {
  const code = "Object.defineProperty(process.stdin,'isTTY',{get(){throw new TypeError('nobody foresaw this')}})";
  const preload = `--import=data:text/javascript,${encodeURIComponent(code)}`;
  assert.deepEqual(await keyferry([], newFolder(), { NODE_OPTIONS: preload }), {
    status: 1,
    stdout: '',
    stderr: 'keyferry: nobody foresaw this\n',
  });
});

for (const args of [
  ['run', 'a.yaml', '--json', '--practise'],
  ['run', '--json', '--workdir'],
]) {
  test(`${args.join(' ')}: a command line that cannot be read gives an object too`, async () => {
    const { status, stdout, stderr } = await keyferry(args, newFolder());
    assert.equal(status, 2, stderr);
    const { ended, exit, ceremony, problem } = JSON.parse(stdout);
    assert.deepEqual([ended, exit, ceremony, problem.code], ['cannot-start', 2, null, 'UsageError']);
    assert.ok(stderr.includes(problem.what), stderr);
  });
}
