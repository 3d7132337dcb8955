import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { contentOf, draw, emulator } from '../terminal/mosh-like.ts';
import { onRequest, sequencesIn, unknownIn } from '../terminal/sequences.ts';
import { TerminalSession } from './terminal-session.ts';
import { walkToTheEnd } from './walk.ts';

/**
 * Shows the two emulators the same bytes, bit by bit.
 * @throws where they show something else.
 */
async function assertSameScreens(written: string, size: { cols: number; rows: number }): Promise<void> {
  const [xterm, mosh] = [emulator(size, 'xterm'), emulator(size, 'mosh')];
  const bits = 200;
  const length = Math.ceil(written.length / bits);
  for (let at = 0; at < written.length; at += length) {
    const bit = written.slice(at, at + length);
    await Promise.all([draw(xterm, bit), draw(mosh, bit)]);
    assert.equal(contentOf(mosh), contentOf(xterm));
  }
}

test('a whole ceremony sends only sequences that mosh, screen and tmux know, and looks the same in mosh', async (t) => {
  const session = new TerminalSession(['--practice'], { cwd: newFolder() });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('In which Region?');
  // Pages over a question, an answer that is refused, the question before stopping, and the shell in between.
  session.send('\u0007');
  await session.shows('Connection: why');
  session.send('\u001B');
  await session.shows('In which Region?');
  session.send('\u0015nowhere\r');
  await session.shows('A Region looks like');
  session.send('\u0015us-east-1\u0003');
  await session.shows('Stop here?');
  session.send('\u001B');
  await walkToTheEnd(session);
  assert.deepEqual(unknownIn(session.written), []);
  assert.deepEqual(
    [...onRequest].filter((name) => sequencesIn(session.written).has(name)),
    [],
  );
  await assertSameScreens(session.written, { cols: 80, rows: 24 });
});

test('links and copies are sent where the terminal takes them, and nothing else beside', async (t) => {
  const session = new TerminalSession(['--practice'], {
    cwd: newFolder(),
    columns: 60,
    rows: 20,
    env: { FORCE_HYPERLINK: '1' },
  });
  t.after(() => session.kill('SIGKILL'));
  await walkToTheEnd(session, 'y\r');
  assert.deepEqual(unknownIn(session.written), []);
  for (const name of onRequest) assert.ok(sequencesIn(session.written).has(name), name);
  await assertSameScreens(session.written, { cols: 60, rows: 20 });
});
