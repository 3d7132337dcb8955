import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TerminalSession } from '../e2e/terminal-session.ts';
import { screensUnderPassphrase } from '../e2e/walk.ts';
import { newFolder } from '../new-folder.ts';

const quietMs = 250;
const idleMs = 3000;
const uploadBytes = 400_000_000;

/** What a key is worth to the line, screen by screen: the keys, and what stands on the screen when they mean that. */
const keys: readonly (readonly [shows: string, key: string, what: string])[] = [
  ['In which Region?', 'x', 'a letter'],
  ['In which Region?', '\u007F', 'backspace'],
  ['Which secret should the key be?', '\u001B[B', 'down in a list'],
  ['Which secret should the key be?', '\u001B[A', 'up in a list'],
  ['What should the key be called?', 'p', 'a letter that brings a notice'],
  ['I understand the security', ' ', 'a tick'],
  ['I understand the security', ' ', 'a tick taken away'],
  ['Who may administer the key?', '\u001B[B', 'down in a long list'],
  ['Who may administer the key?', '\u001B[A', 'up in a long list'],
  ['Who may administer the key?', '\u001B[6~', 'a page down'],
  ['Who may administer the key?', '\u001B[B', 'down in its middle'],
  ['Who may administer the key?', 's', 'a letter that filters'],
  ['Who may administer the key?', '\u007F', 'and its backspace'],
  ['How should the secret be wrapped?', '\u001B[B', 'down past what cannot be chosen'],
  ['How should the secret be wrapped?', '\u001B[A', 'and up again'],
];

const size = (session: TerminalSession) => Buffer.byteLength(session.written);

/** Bytes that come until none has come for a while. */
async function bytesAfter(session: TerminalSession, act: () => void): Promise<number> {
  const before = size(session);
  act();
  for (let seen = -1; seen !== size(session); ) {
    seen = size(session);
    await pause(quietMs);
  }
  return size(session) - before;
}

/** Counts what the program writes in a real terminal of 80 x 24: for keys, idle, and while it uploads. */
export async function benchBytes(): Promise<void> {
  const cwd = newFolder();
  const file = join(cwd, 'large.bin');
  writeFileSync(file, '');
  truncateSync(file, uploadBytes);
  const session = new TerminalSession(['--practice'], { cwd });
  try {
    const costs: [string, number][] = [];
    let idle = 0;
    for (const [shows, answer] of screensUnderPassphrase) {
      await session.shows(shows, 60);
      await bytesAfter(session, () => {});
      for (const [where, key, what] of keys)
        if (where === shows) costs.push([what, await bytesAfter(session, () => session.send(key))]);
      if (shows.startsWith('In which')) {
        const before = size(session);
        await pause(idleMs);
        idle = size(session) - before;
      }
      if (shows.startsWith('What should be encrypted')) break;
      session.send(shows.startsWith('What should the key') ? answer.slice(1) : answer);
    }
    session.send('\u001B[B\r');
    await session.shows('Which files?');
    // With text in the filter, Enter ticks the row; the next Enter ends the question.
    session.send('large\r');
    await session.shows('[x] large.bin');
    session.send('\r');
    await session.shows('Read each object back');
    session.send('\r');
    await session.shows('Upload them now?');
    session.send('\r');
    await session.shows(/ %\s+uploading/, 60);
    const began = performance.now();
    const before = size(session);
    await session.showsOneOf(['What should become of', 'payments-2026 is Enabled'], 300);
    const perSecond = ((size(session) - before) / (performance.now() - began)) * 1000;
    const [dearest, most] = costs.reduce((a, b) => (b[1] > a[1] ? b : a));
    const average = costs.reduce((sum, [, bytes]) => sum + bytes, 0) / costs.length;
    console.log(`bytes per key          at most ${most} (${dearest}), ${average.toFixed(0)} on average (budget 300)`);
    console.log(`                       ${costs.map(([what, bytes]) => `${what} ${bytes}`).join(', ')}`);
    console.log(`bytes while idle       ${idle} in ${idleMs / 1000} s (budget 0)`);
    console.log(`bytes while uploading  ${perSecond.toFixed(0)} a second (budget 3000)`);
  } finally {
    session.kill('SIGKILL');
  }
}
