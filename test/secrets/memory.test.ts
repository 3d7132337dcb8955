import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { answersFile, exampleWith } from '../e2e/answers.ts';
import { keyInBackup } from '../e2e/backup-key.ts';
import { bareEnvironment, program } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { HeldRequests } from './held-requests.ts';
import { type Find, findInMemory } from './process-memory.ts';

const noMemory = existsSync('/proc/self/mem') ? false : 'no /proc/PID/mem';
const passphrase = 'correct horse battery staple';

/** A running `keyferry run` whose requests are held, so that it stands still while its memory is read. */
async function heldRun(
  t: TestContext,
  changes: Readonly<Record<string, string>>,
  files: Record<string, Buffer | string>,
) {
  const aws = await startPracticeAws({ stateFolder: newFolder() });
  const requests = await HeldRequests.before(aws.endpoint);
  const folder = newFolder();
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents, { mode: 0o600 });
  const answers = exampleWith({ ...changes, 'region: us-east-1': 'source: environment\n  region: us-east-1' });
  const child = spawn(
    process.execPath,
    [program, 'run', answersFile(folder, answers), '--endpoint-url', requests.endpoint, '--workdir', 'w'],
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
    w: join(folder, 'w'),
    find: (key: Buffer) => findInMemory(child.pid ?? 0, key),
    async ends() {
      await ended;
      assert.equal(child.exitCode, 0, await told);
    },
  };
}

const words = (finds: readonly Find[]) =>
  finds.map(({ form, address, mapping, whole }) => `${form}${whole ? '' : ' in part'} at ${address} in ${mapping}`);

const memoryAlone = {
  'keep: file ': 'keep: memory ',
  'how: none': 'how: passphrase\n  passphrase-file: pass.txt',
  '  confirm-none: no backup     # typed by a person who keeps a copy elsewhere\n': '',
  '  plain-key: keep             # keep, or destroy:\n': '',
  'finish:': 'finish: {}',
};

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

for (const [name, changes, files] of [
  ['made here, backed up under a passphrase', memoryAlone, { 'pass.txt': `${passphrase}\n` }],
  [
    'brought as a file, kept in memory',
    { ...memoryAlone, 'origin: generate': 'origin: file\n  file: my.key' },
    { 'pass.txt': `${passphrase}\n`, 'my.key': randomBytes(32) },
  ],
  ['as in the article, in a file', {}, {}],
] as const) {
  test(`key bytes in memory: ${name}`, { skip: noMemory }, async (t) => {
    const run = await heldRun(t, changes, files);
    const keyOf = () =>
      existsSync(join(run.w, 'plain_text_aes_key.bin'))
        ? readFileSync(join(run.w, 'plain_text_aes_key.bin'))
        : keyInBackup(join(run.w, 'my-first-key.key.age'), passphrase);
    const held = 'keep: file ' in changes ? 1 : 0;
    const beforeWrap = await run.requests.next('GetParametersForImport');
    const key = await keyOf();
    assert.equal(run.find(key).filter(({ whole }) => whole).length, held, `before: ${words(run.find(key))}`);
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
    t.diagnostic(
      `while it is needed: ${words(whileHeld).join(', ') || 'nowhere'}; afterwards: ${words(afterwards).join(', ') || 'nowhere'}`,
    );
    assert.deepEqual(words(afterwards), []);
    assert.ok(whileHeld.length <= held && whileHeld.every(({ whole }) => whole), words(whileHeld).join('\n'));
  });
}
