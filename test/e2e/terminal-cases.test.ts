import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { quote } from '../../source/ceremony/shell-word.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { sampleOf } from '../seed.ts';
import { program } from './program.ts';
import { howMuch } from './set-up.ts';
import { type SessionOptions, TerminalSession } from './terminal-session.ts';
import { recommendedScreens } from './walk.ts';

/* What terminals send by themselves, what people paste, and which sizes and names terminals have. */

const region = 'In which Region?';
const enter = '\r';
const colourAnswers = ['\u001B]11;rgb:1e1e/1e1e/1e1e\u001B\\', '\u001B]11;rgb:1e1e/1e1e/1e1e\u0007'] as const;
/** Focus in and out, device attributes, a mouse report. */
const reports = ['\u001B[I', '\u001B[O', '\u001B[?61;4;6;22;52c', '\u001B[<0;10;10M'] as const;

function open(t: TestContext, options: Omit<SessionOptions, 'cwd'> = {}): TerminalSession {
  const session = new TerminalSession(['--practice'], { cwd: newFolder(), ...options });
  t.after(() => session.kill('SIGKILL'));
  return session;
}

/** The program in a shell that sets the size of the terminal first. */
const sized = (rows: number, columns: number): NonNullable<SessionOptions['command']> => [
  '/bin/sh',
  '-c',
  `stty rows ${rows} cols ${columns}; exec ${quote(process.execPath)} ${quote(program)} --practice`,
];

/** Sends answers and reports one by one; a key behind them shows when all of them were read. */
const sendAll = (session: TerminalSession) => {
  for (const bytes of [...colourAnswers, ...reports]) session.send(bytes);
};

test('answers and reports of the terminal are no typing, at a question, the next one and a half-typed passphrase', async (t) => {
  const session = open(t);
  for (const [shows, keys] of recommendedScreens) {
    await session.shows(shows);
    if (shows === 'Is this what you want?') break;
    const isPassphrase = shows === 'Which passphrase should open the backup?';
    const typed = isPassphrase ? passphrase.slice(0, 9) : '';
    session.send(typed);
    if (isPassphrase || shows === region || shows === howMuch) sendAll(session);
    session.send(keys.slice(typed.length));
  }
  assert.match(session.transcript(), /account 000000000000, us-east-1/);
});

test('Home of tmux, and Enter and Ctrl+C of a terminal that still has kitty keys on, do what they say', async (t) => {
  const session = open(t);
  for (const [shows, keys] of recommendedScreens.slice(0, 2)) {
    await session.shows(shows);
    session.send(keys);
  }
  await session.shows('What should the key be called?');
  session.send('ayments\u001B[1~p');
  await session.shows(/payments\b/);
  session.send('\u001B[13u');
  await session.shows('Which passphrase should open the backup?');
  session.send('\u001B[99;5u');
  await session.shows('Stop here?');
});

test('two pasted lines are left out, and it is said that there was more than one', async (t) => {
  const session = open(t);
  await session.shows(region);
  session.send('\u001B[200~eu-west-1\r\neu-west-2\u001B[201~');
  await session.shows('more than one line');
  assert.match(session.screen().join('\n'), /In which Region\?/);
});

test('a terminal of 0 rows and columns gets 80x24, and one of a single cell goes on when it grows', async (t) => {
  const none = open(t, { command: sized(0, 0) });
  await none.shows(region);
  assert.match(none.screen()[0] ?? '', /^ Keyferry +PRACTICE$/);
  const cell = open(t, { command: sized(1, 1) });
  await cell.shows(/\S/);
  cell.resize(80, 25);
  await cell.shows(region);
});

for (const Term of sampleOf(['xterm-ghostty', 'unknown', 'screen', ''], 2))
  test(`a terminal called ${Term === '' ? 'nothing' : Term} shows the assistant`, async (t) => {
    const session = open(t, { env: { TERM: Term } });
    await session.shows(region);
    session.send(enter);
    await session.shows(howMuch);
  });

test('a dumb terminal is asked line by line', async (t) => {
  const session = open(t, { env: { TERM: 'dumb' } });
  await session.shows(region);
  session.send(enter);
  await session.shows(howMuch);
  assert.ok(!session.written.includes('\u001B'), JSON.stringify(session.written));
});
