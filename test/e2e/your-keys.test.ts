import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { exampleWith } from './answers.ts';
import { piped } from './piped.ts';
import { keyferry } from './program.ts';
import { TerminalSession } from './terminal-session.ts';

const timeout = 120_000;
const state = 'keyferry-practice-aws';

/** A folder in which a practice ceremony has finished. */
async function finishedFolder(): Promise<string> {
  const cwd = newFolder();
  writeFileSync(join(cwd, 'answers.yaml'), exampleWith());
  const { status, stderr } = await keyferry(['run', 'answers.yaml', '--practice'], cwd);
  assert.equal(status, 0, stderr);
  return cwd;
}

/** Deletes the material of the one key, as somebody else might. */
async function loseMaterial(cwd: string): Promise<void> {
  const practice = await startPracticeAws({ stateFolder: join(cwd, state) });
  try {
    const { endpoint, credentials } = practice;
    const kms = new KMSClient({ endpoint, credentials, region: 'us-east-1' });
    const { Keys: [key] = [] } = await kms.send(new ListKeysCommand({}));
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: key?.KeyId }));
  } finally {
    await practice.close();
  }
}

test('a folder with a finished ceremony opens with your keys: as the folder knows them, then as AWS tells', {
  timeout,
}, async (t) => {
  const cwd = await finishedFolder();
  const session = new TerminalSession([], { cwd });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Your keys. Which one do you want to work with?');
  await session.shows(/alias\/my-first-key\n +us-east-1, does not expire, as of \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  session.send('\r');
  await session.shows(/alias\/my-first-key +Enabled, does not expire, no backup known/);
  session.send('\r');
  await session.shows('What do you want to do with alias/my-first-key?');
  await session.shows('KMS has all of its material');
  await session.shows('it had material, and takes only the same bytes back');
  await session.shows('no backup of it is known here');
  session.send('\u001B[27u');
  await session.shows('Your keys in us-east-1, as AWS tells now.');
  session.send('\u001B[27u');
  await session.shows('This is what the folders here know.');
  session.send('\u001B[B\u001B[B\r');
  await session.shows('Where should the key go?');
  session.send('\u0003\u0003');
  await session.ends();
});

test('the material of a key that has lost it comes back from there', { timeout }, async (t) => {
  const cwd = await finishedFolder();
  await loseMaterial(cwd);
  const session = new TerminalSession([], { cwd });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Your keys. Which one');
  session.send('\r');
  await session.shows(/alias\/my-first-key +Pending import, material is gone, no backup known/);
  session.send('\r');
  await session.shows('not while it has no material');
  session.send('\r');
  await session.shows('Should the material that comes back expire?');
  session.send('\u0003\u0003');
  assert.equal(await session.ends(), 130);
});

test('a ceremony that was not finished goes on from its key, and a folder that cannot be read is told', {
  timeout,
}, async (t) => {
  const cwd = await finishedFolder();
  const control = join(cwd, state, 'practice-control.json');
  writeFileSync(control, JSON.stringify({ faults: [{ operation: 'kms:GetParametersForImport', do: 'fail' }] }));
  writeFileSync(join(cwd, 'half.yaml'), exampleWith({ 'describe-key': { alias: 'alias/half' } }));
  const stopped = await keyferry(['run', 'half.yaml', '--practice'], cwd);
  assert.equal(stopped.status, 3, stopped.stderr);
  rmSync(control);
  const session = new TerminalSession([], { cwd });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Continue keyferry-half');
  session.send('\u001B[B\u001B[B\r');
  await session.shows(/alias\/half +Pending import, never had material/);
  session.send('half\r');
  await session.shows(/❯ Go on with its ceremony/);
  await session.shows('the unfinished ceremony here imports into it');
  session.send('\r');
  await session.shows('How should the secret be wrapped?');
  session.send('\u0003\u0003');
  assert.equal(await session.ends(), 130);

  const again = new TerminalSession([], { cwd });
  t.after(() => again.kill('SIGKILL'));
  await again.shows('Continue keyferry-half');
  again.send('\u001B[B\r');
  await again.shows(/alias\/my-first-key +Enabled/);
  again.send('first\r');
  await again.shows(/❯ Encrypt objects with it/);
  writeFileSync(join(cwd, 'keyferry-my-first-key', 'journal.jsonl'), 'no journal\n');
  again.send('\r');
  assert.equal(await again.ends(), 2);
  assert.match(again.transcript(), /Can't continue this ceremony: its journal is damaged at line 1/);
});

test('line by line it is the same, and a practice account that is gone is told and not made anew', {
  timeout,
}, async () => {
  const cwd = await finishedFolder();
  const known = await piped(['--plain'], ['1', '1', '6', '4', ':stop'], cwd);
  assert.match(known.stdout, /1\. alias\/my-first-key \(us-east-1, does not expire, as of /);
  assert.match(known.stdout, /1\. alias\/my-first-key \(Enabled, does not expire, no backup known\)/);
  assert.match(known.stdout, /Bring its material back \(cannot be chosen: KMS has all of its material\)/);
  assert.equal(known.stdout.match(/This is what the folders here know/g)?.length, 2);
  renameSync(join(cwd, state), join(cwd, 'elsewhere'));
  const gone = await piped(['--plain'], ['1', '1', ':stop'], cwd);
  assert.match(gone.stdout, /AWS did not tell\. Read why/);
  assert.match(gone.stdout, /There is no practice account here: keyferry-practice-aws does not exist\./);
});
