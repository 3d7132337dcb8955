import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newFolder } from '../new-folder.ts';

import { type SessionOptions, TerminalSession } from './terminal-session.ts';

const enter = '\r';

/** What a person sees and types, screen by screen, from the flag --practice to the last page. */
const screens: readonly (readonly [shows: string, keys: string])[] = [
  ['In which Region?', enter],
  ['Which secret should the key be?', enter],
  ['What should the key be called?', `payments-2026${enter}`],
  ['What is it for?', `For tests${enter}`],
  ['I understand the security', ` ${enter}`],
  ['Who may administer the key?', enter],
  ['Administrators may also delete this key', enter],
  ['Who may use the key?', enter],
  ['Create the key with this policy?', enter],
  ['How should the secret be wrapped?', enter],
  ['Who wraps the secret?', enter],
  ['Should the material expire?', enter],
  ['Where should the first object go?', enter],
  ['What should the new bucket be called?', enter],
  ['What should be encrypted?', enter],
  ['What should become of plain_text_aes_key.bin?', enter],
];

/** A program that a failed test leaves behind would keep the tests from ending. */
function openSession(t: TestContext, args: readonly string[], options: SessionOptions): TerminalSession {
  const session = new TerminalSession(args, options);
  t.after(() => session.kill('SIGKILL'));
  return session;
}

async function walk(session: TerminalSession, part = screens): Promise<void> {
  for (const [shows, keys] of part) {
    await session.shows(shows);
    session.send(keys);
  }
}

function assertFinished(cwd: string): void {
  const record = JSON.parse(readFileSync(join(cwd, 'keyferry-payments-2026', 'record.json'), 'utf8'));
  assert.equal(record.key.keyState, 'Enabled');
  assert.equal(record.key.description, 'For tests');
  assert.equal(record.objects[0].verified, true);
  assert.equal(record.calls.filter(({ operation }: { operation: string }) => operation === 'KMS.CreateKey').length, 1);
}

for (const [columns, rows] of [
  [80, 24],
  [60, 20],
  [120, 40],
  [40, 12],
] as const) {
  test(`a person goes from the first screen to what comes next at ${columns}x${rows}, keys of a screen in one burst`, async (t) => {
    const cwd = newFolder();
    const session = openSession(t, ['--practice'], { cwd, columns, rows });
    await walk(session);
    await session.shows('payments-2026 is Enabled');
    session.send(enter);
    assert.equal(await session.ends(), 0);
    assertFinished(cwd);
    const key = readFileSync(join(cwd, 'keyferry-payments-2026', 'plain_text_aes_key.bin'));
    const written = Buffer.from(session.written);
    for (const form of [key, Buffer.from(key.toString('hex')), Buffer.from(key.toString('base64'))]) {
      assert.equal(written.includes(form.subarray(0, 12)), false);
    }
  });
}

test('every key of the ceremony in a single burst leads to the same end', async (t) => {
  const cwd = newFolder();
  const session = openSession(t, ['--practice'], { cwd });
  await session.shows('In which Region?');
  session.send(screens.map(([, keys]) => keys).join(''));
  await session.shows('payments-2026 is Enabled');
  session.send(enter);
  assert.equal(await session.ends(), 0);
  assertFinished(cwd);
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
  const stopAt = screens.findIndex(([shows]) => shows.startsWith('Who wraps'));
  await walk(first, screens.slice(0, stopAt));
  await first.shows('Who wraps the secret?');
  first.send('\u0003');
  await first.shows('Stop here?');
  first.send(enter);
  assert.equal(await first.ends(), 130);
  assert.match(first.transcript(), /To continue: keyferry/);
  assert.equal(existsSync(join(cwd, 'keyferry-payments-2026', 'journal.lock')), false);

  const second = openSession(t, [], { cwd });
  await second.shows('Continue keyferry-payments-2026');
  await second.shows('stopped at Wrap');
  second.send(enter);
  await walk(second, screens.slice(stopAt));
  await second.shows('payments-2026 is Enabled');
  second.send(enter);
  assert.equal(await second.ends(), 0);
  assertFinished(cwd);
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
  assertFinished(cwd);
});

test('SIGTERM leaves the terminal as it was', async (t) => {
  const session = openSession(t, ['--practice'], { cwd: newFolder() });
  await session.shows('In which Region?');
  session.kill('SIGTERM');
  assert.equal(await session.ends(), 143);
  assert.equal(session.written.lastIndexOf('\u001B[?25h') > session.written.lastIndexOf('\u001B[?25l'), true);
});

test('Esc goes back through the questions and keeps what was typed', async (t) => {
  const cwd = newFolder();
  const session = openSession(t, ['--practice'], { cwd });
  const until = screens.findIndex(([shows]) => shows.startsWith('Create the key'));
  await walk(session, screens.slice(0, until));
  await session.shows('Create the key with this policy?');
  session.send('\u001B');
  await session.shows('Who may use the key?');
  session.send('\u001B');
  await session.shows('Administrators may also delete this key');
  session.send('\u001B');
  await session.shows('Who may administer the key?');
  session.send('\u001B');
  await session.shows('I understand the security');
  session.send('\u001B');
  await session.shows('For tests');
  session.send('\u001B');
  await session.shows('payments-2026');
  session.send(`-b${enter}`);
  await walk(session, screens.slice(3, 3).concat([['What is it for?', enter]], screens.slice(4, until)));
  await session.shows('alias/payments-2026-b');
  session.send('\u0003');
  await session.shows('Stop here?');
  session.send(enter);
  assert.equal(await session.ends(), 130);
  assert.ok(readdirSync(cwd).includes('keyferry-payments-2026-b'));
});
