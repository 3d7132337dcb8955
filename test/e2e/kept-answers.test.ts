import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Journal } from '../../source/ceremony/journal.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { piped } from './piped.ts';
import { everything } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';
import { screensUnderPassphrase, walkTo, walkToTheEnd } from './walk.ts';

const enter = '\r';
const esc = '\u001B';

function open(t: TestContext, args: readonly string[], cwd: string): TerminalSession {
  const session = new TerminalSession(args, { cwd });
  t.after(() => session.kill('SIGKILL'));
  return session;
}

/** Begins a ceremony in `cwd`, answers up to this question, and kills the program there. */
async function killedAt(t: TestContext, question: string, cwd: string): Promise<void> {
  const session = open(t, ['--practice'], cwd);
  await walkTo(session, question, screensUnderPassphrase);
  session.kill('SIGKILL');
  await session.ends();
}

test('a step that is killed between two questions goes on at the first unanswered one, and leads back to the others', async (t) => {
  const cwd = newFolder();
  await killedAt(t, 'Make it a multi-Region key', cwd);
  const path = join(cwd, 'keyferry-new', 'journal.jsonl');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(new Journal(path).state.drafts.get('describe-key'), {
    alias: 'payments-2026',
    description: 'Archive of payments',
    tags: [],
  });
  const session = open(t, [], cwd);
  await session.shows('Continue where you stopped?');
  session.send(enter);
  await session.shows('Make it a multi-Region key');
  assert.match(session.transcript(), /Answers from before: Alias, Description, Tags\. Go back to change an answer\./);
  session.send(esc);
  await session.shows('Which tags should the key have?');
  session.send(esc);
  await session.shows('Description: Archive of payments');
  session.send(esc);
  await session.shows('Alias: payments-2026');
  session.send(enter);
  await session.shows('Description: Archive of payments');
  session.send(enter);
  await session.shows('Which tags should the key have?');
  const { answers, drafts } = new Journal(path).state;
  assert.equal(answers.get('describe-key'), undefined);
  assert.deepEqual(Object.keys(drafts.get('describe-key') ?? {}), ['alias', 'description']);
});

test('line by line, a stopped step goes on at the question that was not answered', async () => {
  const cwd = newFolder();
  const lines = ['', everything.line, '', '', 'payments-2026', 'Archive of payments'];
  const stopped = await piped(['--plain', '--practice'], [...lines, ':stop'], cwd);
  assert.match(stopped.stdout, /To continue: keyferry --plain/);
  const { stdout } = await piped(['--plain'], ['1', '<', 'Another text', '', ''], cwd);
  assert.match(stdout, /Answers from before: Alias, Description\. Go back to change an answer\./);
  assert.doesNotMatch(stdout, /What should the key be called\?/);
  assert.match(stdout, /Which tags.*What is it for\?.*\[Archive of payments\]: Another text.*Which tags/s);
  assert.match(stdout, /Then comes the step Description again, from this question on: I understand/);
});

test('read out by a screen reader, it goes on there as well', async (t) => {
  const cwd = newFolder();
  await killedAt(t, 'What is it for?', cwd);
  const session = new TerminalSession([], { cwd, env: { INK_SCREEN_READER: 'true' } });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Continue where you stopped?');
  session.send(enter);
  await session.shows('What is it for?');
  await session.shows('Answers from before: Alias.');
});

test('a passphrase is asked again, and is in no draft', async (t) => {
  const cwd = newFolder();
  await killedAt(t, 'Type the passphrase once more.', cwd);
  const journal = readFileSync(join(cwd, 'keyferry-payments-2026', 'journal.jsonl'), 'utf8');
  assert.match(journal, /"kind":"drafted","step":"backup","answers":\{"how":"passphrase","passphrase":"given"\}/);
  assert.equal(journal.includes(passphrase), false);
  const session = open(t, [], cwd);
  await session.shows('Continue where you stopped?');
  session.send(enter);
  await session.shows('Which passphrase should open the backup?');
  assert.match(session.transcript(), /Answers from before: Backup\. Go back/);
  await walkToTheEnd(session);
});
