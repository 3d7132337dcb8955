import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import {
  answersFile,
  type Changes,
  exampleWith,
  memoryAlone,
  ofEnvironment,
  together,
  underPassphrase,
} from '../e2e/answers.ts';
import { keyInBackup } from '../e2e/backup-key.ts';
import { bareEnvironment, program } from '../e2e/program.ts';
import { everything, howMuch } from '../e2e/set-up.ts';
import { TerminalSession } from '../e2e/terminal-session.ts';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { sampleOf } from '../seed.ts';
import { HeldRequests } from './held-requests.ts';
import { formsIn, needlesOf } from './needles.ts';
import { type Find, findInMemory } from './process-memory.ts';

const noMemory = existsSync('/proc/self/mem') ? false : 'no /proc/PID/mem';
/** Not of words: those of a dictionary lie in the program itself. */
const passphrase = randomBytes(18).toString('base64url');

/** A running `keyferry run` whose requests are held, so that it stands still while its memory is read. */
async function heldRun(t: TestContext, changes: Changes, files: Record<string, Buffer | string>) {
  const aws = await startPracticeAws({ stateFolder: newFolder() });
  const requests = await HeldRequests.before(aws.endpoint);
  const folder = newFolder();
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents, { mode: 0o600 });
  const answers = exampleWith(changes, ofEnvironment);
  const child = spawn(
    'sh',
    [
      '-c',
      'ulimit -c unlimited; exec "$@"',
      'sh',
      process.execPath,
      program,
      'run',
      answersFile(folder, answers),
      '--endpoint-url',
      requests.endpoint,
      '--workdir',
      'w',
    ],
    {
      cwd: folder,
      env: {
        ...bareEnvironment(folder),
        AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
        ...(aws.credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: aws.credentials.sessionToken }),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const told = text(child.stderr);
  const ended = once(child, 'close');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
    requests.close();
    await aws.close();
  });
  return {
    requests,
    folder,
    pid: child.pid ?? 0,
    w: join(folder, 'w'),
    find: (key: Buffer) => findInMemory(child.pid ?? 0, key),
    async abort() {
      child.kill('SIGABRT');
      await ended;
    },
    async ends() {
      await ended;
      assert.equal(child.exitCode, 0, await told);
    },
  };
}

/**
 * Where the passphrase lies in memory that a program can zero. The strings that a terminal and the estimator of strength
 * take cannot be: JavaScript has them in a heap of its own, which is no part of the system's.
 */
function passphraseIn(pid: number): readonly string[] {
  return words(findInMemory(pid, Buffer.from(passphrase)).filter(({ mapping }) => mapping !== '(anonymous)'));
}

const words = (finds: readonly Find[]) =>
  finds.map(({ form, address, mapping, whole }) => `${form}${whole ? '' : ' in part'} at ${address} in ${mapping}`);

const inMemory = together(memoryAlone, underPassphrase('pass.txt'));

test('the scan finds what is there, in every form', { skip: noMemory }, async (t) => {
  const secret = randomBytes(32);
  const holder = spawn(
    process.execPath,
    [
      '-e',
      `
    const key = Buffer.from(new ArrayBuffer(32));
    process.stdin.once('data', (data) => { key.set(data.subarray(0, 32)); globalThis.forms = [key.toString('hex'), '.' + Buffer.concat([Buffer.from('a'), key]).toString('base64')]; data.fill(0); process.stdout.write('held'); });
  `,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  t.after(() => holder.kill('SIGKILL'));
  holder.stdin.write(secret);
  await once(holder.stdout, 'data');
  const forms = new Set(findInMemory(holder.pid ?? 0, secret).map(({ form }) => form));
  for (const form of ['raw', 'hex', 'base64']) assert.ok(forms.has(form), form);
  assert.deepEqual(findInMemory(holder.pid ?? 0, randomBytes(32)), []);
});

const asInTheArticle: Changes = {};
const heldKeys = [
  ['made here, backed up under a passphrase', inMemory, { 'pass.txt': `${passphrase}\n` }],
  [
    'brought as a file, kept in memory',
    together(inMemory, { 'secret-key': { origin: 'file', file: 'my.key' } }),
    { 'pass.txt': `${passphrase}\n`, 'my.key': randomBytes(32) },
  ],
  ['as in the article, in a file', asInTheArticle, {}],
] as const;

for (const [name, changes, files] of sampleOf(heldKeys, 2)) {
  test(`key bytes in memory: ${name}`, { skip: noMemory }, async (t) => {
    const run = await heldRun(t, changes, files);
    const keyOf = () =>
      existsSync(join(run.w, 'plain_text_aes_key.bin'))
        ? readFileSync(join(run.w, 'plain_text_aes_key.bin'))
        : keyInBackup(join(run.w, 'my-first-key.key.age'), passphrase);
    const held = changes === asInTheArticle ? 0 : 1;
    const beforeWrap = await run.requests.next('GetParametersForImport');
    const key = await keyOf();
    // The backup was made a moment ago, and read back.
    if (held === 1) assert.equal(run.find(key).length, 1);
    assert.deepEqual(passphraseIn(run.pid), []);
    const importing = run.requests.next('ImportKeyMaterial');
    beforeWrap();
    const send = await importing;
    const whileHeld = run.find(key);
    const proving = run.requests.next('GenerateDataKey');
    send();
    const prove = await proving;
    const afterwards = run.find(key);
    prove();
    await run.ends();
    assert.deepEqual(words(afterwards), []);
    assert.ok(whileHeld.length <= held && whileHeld.every(({ whole }) => whole), words(whileHeld).join('\n'));
  });
}

/** What is asked up to the wrapping key, and what is typed; the rest takes Enter alone. */
const typed: Readonly<Record<string, string>> = {
  'Where should the key go?': '',
  'In which Region?': '',
  [howMuch]: everything.line,
  'Which secret should the key be?': '',
  'Where may the plain key be': '',
  'What should the key be called?': 'payments-2026',
  'What is it for?': '',
  'Which tags should the key have?': '',
  'Make it a multi-Region key': '',
  'I understand the security': 'yes',
  'How should the backup be encrypted?': '',
  'Which passphrase should open the backup?': passphrase,
  'Type the passphrase once more.': passphrase,
  'Which kind of key policy?': '',
  'Who may administer the key?': '',
  'Administrators may also delete this key': '',
  'Who may use the key?': '',
  'Create the key with this policy?': '',
  'How should the secret be wrapped?': '',
};

const waysToType = [
  ['line by line', ['--plain'], typed],
  ['on the screen', [], { ...typed, [howMuch]: everything.keys.slice(0, -1), 'I understand the security': ' ' }],
] as const;

for (const [name, args, answers] of sampleOf(waysToType, 2)) {
  test(`bytes of a passphrase that was typed ${name} are zero once the backup is made`, {
    skip: noMemory,
  }, async (t) => {
    const aws = await startPracticeAws({ stateFolder: newFolder() });
    const requests = await HeldRequests.before(aws.endpoint);
    const session = new TerminalSession([...args, '--endpoint-url', requests.endpoint], {
      cwd: newFolder(),
      env: environmentOf(aws.credentials),
      // In one piece, the terminal hands it over in memory that is not the program's to zero.
      link: 'slow typing',
    });
    t.after(async () => {
      session.kill('SIGKILL');
      requests.close();
      await aws.close();
    });
    const wrapping = requests.next('GetParametersForImport');
    for (const [shows, keys] of Object.entries(answers)) {
      await session.shows(shows, 60);
      session.send(`${keys}\r`);
    }
    await wrapping;
    assert.deepEqual(passphraseIn(session.pid), []);
  });
}

test('a core dump of a running ceremony holds no memory', { skip: noMemory }, async (t) => {
  const run = await heldRun(t, inMemory, { 'pass.txt': `${passphrase}\n` });
  await run.requests.next('ImportKeyMaterial');
  assert.equal(readFileSync(`/proc/${run.pid}/coredump_filter`, 'utf8').trim(), '00000000');
  const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
  if (pattern !== 'core') return t.skip(`no core dump was tried: they go to ${pattern}`);
  const key = await keyInBackup(join(run.w, 'my-first-key.key.age'), passphrase);
  assert.equal(run.find(key).length, 1);
  await run.abort();
  const cores = readdirSync(run.folder).filter((name) => name.startsWith('core'));
  assert.equal(cores.length, 1, 'the system wrote a core dump');
  const core = readFileSync(join(run.folder, cores[0] ?? ''));
  assert.ok(core.length > 0);
  assert.deepEqual(formsIn(core, needlesOf(key, 1)), []);
});
