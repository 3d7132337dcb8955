import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { piped } from './piped.ts';
import { howMuch } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';
import { assertOneKey } from './walk.ts';

const enter = '\r';
const plan = 'Is this what you want?';

const toPassphrase: readonly (readonly [shows: string, keys: string])[] = [
  ['In which Region?', enter],
  [howMuch, enter],
  ['What should the key be called?', `my-photos${enter}`],
  ['Which passphrase should open the backup?', `${passphrase}${enter}`],
];

function open(t: TestContext, cwd: string): TerminalSession {
  const session = new TerminalSession(['--practice'], { cwd });
  t.after(() => session.kill('SIGKILL'));
  return session;
}

async function walk(session: TerminalSession, screens: typeof toPassphrase): Promise<void> {
  for (const [shows, keys] of screens) {
    await session.shows(shows);
    session.send(keys);
  }
}

const journalIn = (cwd: string) => readFileSync(join(cwd, 'keyferry-my-photos', 'journal.jsonl'), 'utf8');

test('an Enter that is held down does not get past the plan', async (t) => {
  const cwd = newFolder();
  const session = open(t, cwd);
  await walk(session, [...toPassphrase, ['Type the passphrase once more.', `${passphrase}${enter.repeat(30)}`]]);
  await session.shows(plan);
  session.send(enter.repeat(30));
  await session.shows('Space ticks the sentence. Nothing goes on without the tick.');
  assert.doesNotMatch(journalIn(cwd), /KMS\.CreateKey/);
});

test('a tick and an Enter that are typed before the plan appears do not agree to it', async (t) => {
  const cwd = newFolder();
  const session = open(t, cwd);
  await walk(session, [...toPassphrase, ['Type the passphrase once more.', `${passphrase}${enter} ${enter}`]]);
  await session.shows(plan);
  session.send(enter);
  await session.shows('Space ticks the sentence. Nothing goes on without the tick.');
  assert.doesNotMatch(journalIn(cwd), /KMS\.CreateKey/);
});

test('Esc at a change leads back to the plan as it was, and the backup stays', async (t) => {
  const cwd = newFolder();
  const session = open(t, cwd);
  await walk(session, [
    ...toPassphrase,
    ['Type the passphrase once more.', `${passphrase}${enter}`],
    [plan, `jjj${enter}`],
    ['How should the backup be encrypted?', '\u001B'],
    [plan, `j${enter}`],
    ['What should the key be called?', '\u001B'],
    [plan, ` ${enter}`],
    ['Where should the first object go?', `jj${enter}`],
  ]);
  await session.shows('my-photos is Enabled');
  const files = readdirSync(join(cwd, 'keyferry-my-photos'));
  assert.deepEqual(
    files.filter((name) => name.includes('unused')),
    [],
  );
});

test('who stops at the plan meets it again, with what was chosen there, and comes to the end', async (t) => {
  const cwd = newFolder();
  const first = open(t, cwd);
  await walk(first, [...toPassphrase, ['Type the passphrase once more.', `${passphrase}${enter}`]]);
  await first.shows(plan);
  first.send('j'.repeat(8));
  await first.shows(/❯ Expires/);
  first.send(enter);
  await walk(first, [
    ['Should the material expire?', `j${enter}`],
    ['When should the material expire?', `90d${enter}`],
  ]);
  await first.shows('then all under it is unreadable');
  first.send('\u0003');
  await first.shows('Stop here?');
  first.send(enter);
  assert.equal(await first.ends(), 130);

  const second = open(t, cwd);
  await walk(second, [
    ['Continue keyferry-my-photos', enter],
    ['then all under it is unreadable', ` ${enter}`],
    ['What is the passphrase of my-photos.key.age?', `${passphrase}${enter}`],
    ['Where should the first object go?', `jj${enter}`],
  ]);
  await second.shows('my-photos is Enabled');
  second.send(enter);
  assert.equal(await second.ends(), 0);
  const record = JSON.parse(readFileSync(join(cwd, 'keyferry-my-photos', 'record.json'), 'utf8'));
  assert.equal(record.material.expirationModel, 'KEY_MATERIAL_EXPIRES');
  await assertOneKey(cwd, record);
});

test('the name of the key can be changed on the plan; the backup stays, and no passphrase is asked again', async (t) => {
  const cwd = newFolder();
  const session = open(t, cwd);
  await walk(session, [...toPassphrase, ['Type the passphrase once more.', `${passphrase}${enter}`]]);
  await session.shows(plan);
  session.send(`j${enter}`);
  await walk(session, [
    ['What should the key be called?', `\u0015holidays${enter}`],
    ['What is it for?', enter],
    ['Which tags should the key have?', enter],
    ['Make it a multi-Region key', enter],
  ]);
  await session.shows(/Name +alias\/holidays/);
  await session.shows(/Backup +holidays\.key\.age/);
  assert.deepEqual(
    readdirSync(join(cwd, 'keyferry-holidays')).filter((file) => file.includes('.age')),
    ['holidays.key.age'],
  );
});

test('line by line from a pipe, the plan is lines, and its sentence takes a yes', async () => {
  const cwd = newFolder();
  const answers = ['', '', 'my-photos', passphrase, passphrase, '', 'yes', '', '', ''];
  const { status, stdout, stderr } = await piped(['--plain', '--practice'], answers, cwd);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^Ready to create the key\n\nIs this what you want\?$/m);
  assert.match(stdout, /^ {2}1\. Create alias\/my-photos and import the secret$/m);
  assert.match(stdout, /^ {2}9\. Expires \(never\)$/m);
  assert.match(stdout, /^I understand: if KMS loses the secret, only my backup brings it back\.$/m);
  assert.match(stdout, /alias\/my-photos is Enabled in us-east-1/);
});

test('line by line from a pipe, Enter alone does not make the key', async () => {
  const cwd = newFolder();
  const answers = ['', '', 'my-photos', passphrase, passphrase, '', ''];
  const { status, stdout } = await piped(['--plain', '--practice'], answers, cwd);
  assert.equal(status, 3, stdout);
  assert.match(stdout, /Nothing goes on without the tick\. Type yes\./);
  assert.doesNotMatch(journalIn(cwd), /KMS\.CreateKey/);
});
