import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { exampleWith } from './answers.ts';
import { keyferry } from './program.ts';
import { TerminalSession } from './terminal-session.ts';
import { walkToTheLastPage } from './walk.ts';

const state = 'keyferry-practice-aws';
const plainKey = join('keyferry-my-first-key', 'plain_text_aes_key.bin');

/** A folder in which a practice ceremony has left its account and a plain key. */
async function practisedFolder(): Promise<string> {
  const cwd = newFolder();
  writeFileSync(join(cwd, 'answers.yaml'), exampleWith());
  const { status, stderr } = await keyferry(['run', 'answers.yaml', '--practice'], cwd);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /Remove it when you are done: keyferry practice-aws --forget --state keyferry-practice-aws/);
  return cwd;
}

const foldersIn = (cwd: string) => readdirSync(cwd).filter((name) => name.startsWith('keyferry-'));

const forget = (cwd: string, ...flags: readonly string[]) => keyferry(['practice-aws', '--forget', ...flags], cwd);

test('what practice has left is named, and removed only when that is said', { timeout: 120_000 }, async () => {
  const cwd = await practisedFolder();
  writeFileSync(join(cwd, state, 'my-notes.txt'), 'mine');
  const named = await forget(cwd);
  assert.equal(named.status, 2);
  assert.equal(
    named.stdout,
    [
      `${join(cwd, state)}: practice AWS with 1 KMS key, 1 bucket, 1 object`,
      '  These files in it are not of practice AWS, and stay: my-notes.txt',
      `${join(cwd, plainKey)}: a plain practice key`,
      '',
    ].join('\n'),
  );
  assert.match(named.stderr, /To remove this, add --yes\. Nothing was removed\./);
  assert.equal(existsSync(join(cwd, plainKey)), true);

  const served = await startPracticeAws({ stateFolder: join(cwd, state) });
  const refused = await forget(cwd, '--yes');
  await served.close();
  assert.equal(refused.status, 3);
  assert.match(refused.stderr, /Practice AWS is running with this state folder\.[\s\S]*Nothing was removed\./);
  assert.equal(existsSync(join(cwd, plainKey)), true);

  const removed = await forget(cwd, '--yes');
  assert.equal(removed.status, 0, removed.stderr);
  assert.deepEqual(readdirSync(join(cwd, state)), ['my-notes.txt']);
  assert.equal(existsSync(join(cwd, plainKey)), false);
  assert.equal(existsSync(join(cwd, 'keyferry-my-first-key', 'record.md')), true);
  assert.equal((await forget(cwd, '--yes')).status, 2);
});

test('a key file that the person brought stays, and so does a folder that is none of practice AWS', async () => {
  const cwd = newFolder();
  const workdir = join(cwd, 'keyferry-mine');
  mkdirSync(workdir, { mode: 0o700 });
  writeFileSync(join(workdir, 'plain_text_aes_key.bin'), randomBytes(32), { mode: 0o600 });
  const own = { 'secret-key': { origin: 'file', keep: undefined, file: 'plain_text_aes_key.bin' } };
  writeFileSync(join(cwd, 'answers.yaml'), exampleWith(own, { finish: { 'plain-key': undefined } }));
  const { status, stderr } = await keyferry(['run', 'answers.yaml', '--practice', '--workdir', workdir], cwd);
  assert.equal(status, 0, stderr);
  const gone = await forget(cwd, '--state', join(workdir, state), '--yes');
  assert.equal(gone.status, 0, gone.stderr);
  assert.equal(existsSync(join(workdir, 'plain_text_aes_key.bin')), true);
  assert.equal(existsSync(join(workdir, state)), false);
  const other = join(cwd, 'photos');
  const no = await forget(cwd, '--state', other, '--yes');
  assert.deepEqual(
    [no.status, no.stderr],
    [2, `keyferry: ${other} is no state folder of practice AWS. Nothing was removed.\n`],
  );
});

test('at a terminal it asks, and Enter removes nothing', { timeout: 120_000 }, async () => {
  const cwd = await practisedFolder();
  const session = new TerminalSession(['practice-aws', '--forget'], { cwd });
  await session.shows('Remove this for good?');
  session.send('\r');
  assert.equal(await session.ends(), 130);
  assert.equal(existsSync(join(cwd, plainKey)), true);
  const again = new TerminalSession(['practice-aws', '--forget'], { cwd });
  await again.shows('Remove this for good?');
  again.send('yes\r');
  assert.equal(await again.ends(), 0);
  assert.deepEqual(foldersIn(cwd), ['keyferry-my-first-key']);
});

test('the last page of a practice ceremony names what is left, and removes it when that is chosen twice', {
  timeout: 120_000,
}, async () => {
  const cwd = newFolder();
  const session = new TerminalSession(['--practice'], { cwd });
  await walkToTheLastPage(session);
  session.send('x');
  await session.shows('This would be removed for good');
  await session.shows('AWS with 1 KMS key, 1 bucket, 1 object.');
  assert.equal(existsSync(join(cwd, state)), true);
  session.send('x');
  await session.shows('It will be removed when you leave this page.');
  session.send('\r');
  assert.equal(await session.ends(), 0);
  assert.match(session.transcript(), new RegExp(`Removed ${join(cwd, state)}`));
  assert.deepEqual(foldersIn(cwd), ['keyferry-payments-2026']);
  assert.match(readFileSync(join(cwd, 'keyferry-payments-2026', 'record.md'), 'utf8'), /alias\/payments-2026/);
});
