import assert from 'node:assert/strict';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';

const typescript = new URL('../typescript.ts', import.meta.url).href;
const program = fileURLToPath(new URL('pty-list.tsx', import.meta.url));
const down = '\u001B[B';

/** Runs the two lists in a real pseudo-terminal, sends all keys at once, and says what was chosen. */
async function chosenWith(
  mode: 'paced' | 'raw',
  keys: string,
): Promise<{ chosen: string | undefined; status: number }> {
  const terminal = spawn(process.execPath, ['--import', typescript, program, mode], { cols: 80, rows: 24 });
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  let shown = '';
  let sent = false;
  const timer = setTimeout(() => terminal.kill(), 8000);
  terminal.onExit(({ exitCode }) => resolve(exitCode));
  terminal.onData((data) => {
    shown += data;
    if (sent || !shown.includes('ready')) return;
    sent = true;
    // The list listens once its effects have run, a moment after its frame is written.
    setTimeout(() => terminal.write(keys), 150);
  });
  const status = await ended;
  clearTimeout(timer);
  return { chosen: /chosen (.*?)\r?\n/.exec(shown)?.[1], status };
}

test('keys of one read choose the right items of two lists after each other', async () => {
  const { chosen, status } = await chosenWith('paced', `${down}${down}\r${down}\r`);
  assert.equal(chosen, 'c b');
  assert.equal(status, 0);
});

test('arrows cut by reads are still arrows', async () => {
  const { chosen } = await chosenWith('paced', `${down}${down}${down}\r\u001BOB\u001BOB\r`);
  assert.equal(chosen, 'd c');
});
