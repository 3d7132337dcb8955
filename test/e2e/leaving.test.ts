import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { sampleOf } from '../seed.ts';
import { isLocked, lockHolder } from './lock.ts';
import { program } from './program.ts';
import { TerminalSession } from './terminal-session.ts';
import { screens } from './walk.ts';

const show = '\u001B[?25h';
const hide = '\u001B[?25l';
const pasteOn = '\u001B[?2004h';
const pasteOff = '\u001B[?2004l';

const ceremony = (cwd: string) => join(cwd, 'keyferry-payments-2026');
const untilAlias = screens.findIndex(([shows]) => shows.startsWith('Who may administer'));

/** The program in a shell that says how the terminal was before and after, and what landed in it. */
function inShell(t: TestContext, cwd: string): TerminalSession {
  const script = `stty -g > before; '${process.execPath}' '${program}' --practice; echo "status=$?"; stty -g > after; read -r -t 1 late; echo "late=[$late]"`;
  const session = new TerminalSession([], { cwd, command: ['/bin/bash', '--norc', '-c', script] });
  t.after(() => session.kill('SIGKILL'));
  return session;
}

/** Goes on to a ceremony that has a folder and a lock. */
async function begun(session: TerminalSession): Promise<void> {
  for (const [shows, keys] of screens.slice(0, untilAlias)) {
    await session.shows(shows);
    session.send(keys);
  }
  await session.shows('Who may administer the key?');
}

function assertRestored(session: TerminalSession, cwd: string): void {
  const { written } = session;
  assert.ok(written.lastIndexOf(show) > written.lastIndexOf(hide), 'the cursor is shown');
  assert.ok(written.lastIndexOf(pasteOff) > written.lastIndexOf(pasteOn), 'bracketed paste is off');
  assert.equal(readFileSync(join(cwd, 'after'), 'utf8'), readFileSync(join(cwd, 'before'), 'utf8'), 'line settings');
}

const signals = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const;

for (const [signal, status] of sampleOf(signals, 3)) {
  test(`${signal} puts the terminal back, keeps everything and says how to come back`, async (t) => {
    const cwd = newFolder();
    const session = inShell(t, cwd);
    await begun(session);
    assert.ok(isLocked(ceremony(cwd)));
    process.kill(lockHolder(ceremony(cwd)), signal);
    await session.shows(`status=${status}`);
    await session.shows('To continue: keyferry');
    await session.shows('late=[]');
    assertRestored(session, cwd);
    assert.equal(isLocked(ceremony(cwd)), false, 'the lock is given back');
    assert.equal(session.transcript().match(/Who may administer/g), null, 'no half of a screen is left');
  });
}

test('Ctrl+C and Enter leave, and keys behind them do not land in the shell', async (t) => {
  const cwd = newFolder();
  const session = inShell(t, cwd);
  await begun(session);
  session.send('\u0003');
  await session.shows('Stop here?');
  session.send('\recho too late\r');
  await session.shows('status=130');
  await session.shows('late=[]');
  assert.match(session.transcript(), /To continue: keyferry/);
  assertRestored(session, cwd);
});

test('a lost terminal ends the program, and the next start goes on', async (t) => {
  const cwd = newFolder();
  const session = new TerminalSession(['--practice'], { cwd });
  t.after(() => session.kill('SIGKILL'));
  await begun(session);
  session.hangUp();
  await session.ends();
  assert.equal(isLocked(ceremony(cwd)), false, 'the lock is given back');
  const next = new TerminalSession(['--practice'], { cwd });
  t.after(() => next.kill('SIGKILL'));
  await next.shows('stopped at');
});

test('Ctrl+Z gives the terminal to the shell, and fg draws the screen again with what was typed', async (t) => {
  const cwd = newFolder();
  const session = new TerminalSession([], {
    cwd,
    command: ['/bin/bash', '--norc', '--noediting', '-i'],
    env: { PS1: 'shell> ' },
  });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('shell>');
  session.send(`stty -g > before; '${process.execPath}' '${program}' --practice\r`);
  await session.shows('In which Region?');
  session.send('x');
  await session.shows('Region: us-east-1x');
  session.send('\u001A');
  // What is typed before the prompt is echoed in front of it, and the answer then stands behind the prompt.
  await session.shows(/Stopped[\s\S]*^shell> *$/m);
  session.send('stty -g > after; echo $((6 * 7))\r');
  await session.shows(/^42$/m);
  assertRestored(session, cwd);
  session.send('fg\r');
  await session.shows('Region: us-east-1x');
  session.send('y');
  await session.shows('Region: us-east-1xy');
  session.send('\u0003');
  await session.shows('Stop here? Nothing is saved yet.');
  session.send('\r');
  await session.shows('Stopped. Nothing was made.');
  session.send('exit\r');
  await session.ends();
});
