import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { formsIn, needlesOf } from '../secrets/needles.ts';
import { sampleOf } from '../seed.ts';
import { keyInBackup } from './backup-key.ts';
import { isLocked } from './lock.ts';
import { howMuch } from './set-up.ts';
import { type SessionOptions, TerminalSession } from './terminal-session.ts';
import { assertFinished, type Screens, screens, screensUnderPassphrase } from './walk.ts';

const enter = '\r';
/** A program that a failed test leaves behind would keep the tests from ending. */
function openSession(t: TestContext, args: readonly string[], options: SessionOptions): TerminalSession {
  const session = new TerminalSession(args, options);
  t.after(() => session.kill('SIGKILL'));
  return session;
}

async function walk(session: TerminalSession, part: Screens): Promise<void> {
  for (const [shows, keys] of part) {
    await session.shows(shows);
    session.send(keys);
  }
}

const sizes = [
  [80, 24],
  [60, 20],
  [120, 40],
  [40, 12],
] as const;

for (const [columns, rows] of sampleOf(sizes, 4)) {
  test(`a person goes from the first screen to what comes next at ${columns}x${rows}, keys of a screen in one burst`, async (t) => {
    const cwd = newFolder();
    const session = openSession(t, ['--practice'], { cwd, columns, rows });
    await walk(session, screensUnderPassphrase);
    await session.shows('payments-2026 is Enabled');
    session.send(enter);
    assert.equal(await session.ends(), 0);
    await assertFinished(cwd);
    const folder = join(cwd, 'keyferry-payments-2026');
    assert.equal(existsSync(join(folder, 'plain_text_aes_key.bin')), false);
    const key = await keyInBackup(join(folder, 'payments-2026.key.age'), passphrase);
    assert.deepEqual(formsIn(Buffer.from(session.written), needlesOf(key, 1)), []);
    for (const place of [session.written, readFileSync(join(folder, 'journal.jsonl'), 'utf8')])
      assert.equal(place.includes('horse'), false);
  });
}

test('every key of the ceremony in a single burst leads to the same end, which Ctrl+C leaves finished', async (t) => {
  const cwd = newFolder();
  const session = openSession(t, ['--practice'], { cwd });
  await session.shows('In which Region?');
  session.send(screensUnderPassphrase.map(([, keys]) => keys).join(''));
  await session.shows('payments-2026 is Enabled');
  session.send('\u0003');
  assert.equal(await session.ends(), 0);
  await assertFinished(cwd);
  assert.match(session.transcript(), /Yours to do/);
  assert.doesNotMatch(session.transcript(), /To continue/);
});

test('without credentials practice AWS is the first choice', async (t) => {
  const session = openSession(t, [], { cwd: newFolder() });
  await session.shows(/❯ Practice AWS/);
  await session.shows('To connect to an account');
  session.send(enter);
  await walk(session, screens.slice(0, 1));
  await session.shows('PRACTICE · us-east-1');
  session.send('\u0003');
  await session.shows('Stop here?');
  session.send(enter);
  assert.equal(await session.ends(), 130);
});

test('stopping with Ctrl+C keeps everything, and the next start goes on there', async (t) => {
  const cwd = newFolder();
  const first = openSession(t, ['--practice'], { cwd });
  const stopAt = screensUnderPassphrase.findIndex(([shows]) => shows.startsWith('Who wraps'));
  await walk(first, screensUnderPassphrase.slice(0, stopAt));
  await first.shows('Who wraps the secret?');
  first.send('\u0003');
  await first.shows('Stop here?');
  first.send(enter);
  assert.equal(await first.ends(), 130);
  assert.match(first.transcript(), /To continue: keyferry/);
  assert.equal(isLocked(join(cwd, 'keyferry-payments-2026')), false);

  const second = openSession(t, [], { cwd });
  await second.shows('Continue keyferry-payments-2026');
  await second.shows('stopped at Wrap');
  second.send(enter);
  await walk(second, screensUnderPassphrase.slice(stopAt, stopAt + 1));
  await second.shows('What is the passphrase of payments-2026.key.age?');
  second.send(`not this one${enter}`);
  // It is told at the question itself, whose field is empty again.
  await second.shows('This passphrase does not open it.');
  await second.shows('What is the passphrase of payments-2026.key.age?');
  second.send(`${passphrase}${enter}`);
  await walk(second, screensUnderPassphrase.slice(stopAt + 1));
  await second.shows('payments-2026 is Enabled');
  second.send(enter);
  assert.equal(await second.ends(), 0);
  await assertFinished(cwd);
});

test('a kill in the middle leaves a ceremony that goes on', async (t) => {
  const cwd = newFolder();
  const first = openSession(t, ['--practice'], { cwd });
  const killAt = screens.findIndex(([shows]) => shows.startsWith('Should the material'));
  await walk(first, screens.slice(0, killAt));
  await first.shows('Should the material expire?');
  first.kill('SIGKILL');
  await first.ends();
  const second = openSession(t, ['--practice'], { cwd });
  await second.shows('Continue keyferry-payments-2026');
  second.send(enter);
  await walk(second, screens.slice(killAt));
  await second.shows('payments-2026 is Enabled');
  second.send(enter);
  assert.equal(await second.ends(), 0);
  await assertFinished(cwd);
});

test('Esc goes back over a key that is only in memory, which stays, and Ctrl+C says that it would be lost', async (t) => {
  const cwd = newFolder();
  const session = openSession(t, ['--practice'], { cwd });
  const alias = screens.findIndex(([shows]) => shows.startsWith('What should the key be called?'));
  await walk(session, screens.slice(0, alias));
  await session.shows('What should the key be called?');
  const [, value] = /key check value ([0-9A-F]+)/.exec(session.transcript()) ?? [];
  assert.ok(value);
  session.send('\u001B');
  await session.shows('Where may the plain key be');
  session.send('\u001B');
  await session.shows('Keep the one that was made here');
  await session.shows(`The key from before, with the check value ${value}, is only in memory`);
  session.send('\u0003');
  await session.shows('Stop here? The key in memory is lost');
  session.send('\u001B');
  session.send('\u001B');
  await session.shows(howMuch);
  session.send('\u001B');
  await session.shows('In which Region?');
  session.send('\r');
  // The cursor is on what was chosen before.
  await session.shows(howMuch);
  session.send('\r');
  await walk(session, screens.slice(2, alias));
  await session.shows('What should the key be called?');
  assert.match(
    session.transcript(),
    new RegExp(`Again: Secret key made: 32 bytes in memory, key check value ${value}`),
  );
});

test('SIGTERM leaves the terminal as it was', async (t) => {
  const session = openSession(t, ['--practice'], { cwd: newFolder() });
  await session.shows('In which Region?');
  session.kill('SIGTERM');
  assert.equal(await session.ends(), 143);
  assert.equal(session.written.lastIndexOf('\u001B[?25h') > session.written.lastIndexOf('\u001B[?25l'), true);
});

test('Esc goes back through the questions of a step and into the one before, and keeps what was typed', async (t) => {
  const cwd = newFolder();
  const session = openSession(t, ['--practice'], { cwd });
  const backup = screens.findIndex(([shows]) => shows.startsWith('How should the backup'));
  await walk(session, screens.slice(0, backup));
  await session.shows('How should the backup be encrypted?');
  session.send('\u001B');
  await session.shows('I understand the security');
  session.send('\u001B');
  await session.shows('Make it a multi-Region key');
  session.send('\u001B');
  await session.shows('Which tags should the key have?');
  session.send('\u001B');
  await session.shows('Archive of payments');
  session.send('\u001B');
  await session.shows('payments-2026');
  session.send(`-b${enter}`);
  const policy = screens.findIndex(([shows]) => shows.startsWith('Create the key'));
  await walk(session, [['What is it for?', enter], ...screens.slice(backup - 3, policy)]);
  await session.shows('alias/payments-2026-b');
  await session.shows('Create the key with this policy?');
  session.send('\u001B');
  await session.shows('Who may use the key?');
  session.send('\u001B');
  await session.shows('Administrators may also delete this key');
  session.send('\u001B');
  await session.shows('Who may administer the key?');
  session.send('\u001B\u0003');
  await session.shows('Stop here?');
  session.send(enter);
  assert.equal(await session.ends(), 130);
  assert.ok(readdirSync(join(cwd, 'keyferry-payments-2026-b')).includes('payments-2026-b.key.age'));
});

test('a passphrase that is mistyped or weak is not taken, and a paste is', async (t) => {
  const session = openSession(t, ['--practice'], { cwd: newFolder() });
  const at = screensUnderPassphrase.findIndex(([shows]) => shows.startsWith('Which passphrase'));
  await walk(session, screensUnderPassphrase.slice(0, at));
  await session.shows('Which passphrase should open the backup?');
  session.send('password1');
  await session.shows(/\*{8}▏ {2}9 characters/);
  session.send(enter);
  await session.shows('This is guessed within a day.');
  session.send('\u0015');
  session.send(`\u001B[200~${passphrase}\n\u001B[201~`);
  await session.shows('28 characters');
  await session.shows(/(Good|Strong): a room full of computers would guess it/);
  session.send(enter);
  await session.shows('Type the passphrase once more.');
  session.send(`correct horse${enter}`);
  await session.shows('The two differ.');
  // The field is empty again.
  session.send(`${passphrase}${enter}`);
  await session.shows('Which kind of key policy?');
  assert.equal(session.written.includes('horse'), false);
});
