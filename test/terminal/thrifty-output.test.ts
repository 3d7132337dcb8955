import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import { shortened } from '../../source/terminal/thrifty-output.ts';

const esc = '\u001B[';

/** What an emulator shows after an update of a screen that was full of text, with the colour of each cell. */
async function shown(update: string): Promise<string> {
  const terminal = new headless.Terminal({ cols: 20, rows: 6, allowProposedApi: true });
  const before = Array.from({ length: 5 }, (_, row) => `line ${row}\r\n`).join('');
  await new Promise<void>((resolve) => terminal.write(before + update, resolve));
  const { active } = terminal.buffer;
  const cells = Array.from({ length: 6 }, (_, row) =>
    Array.from({ length: 20 }, (_, column) => {
      const cell = active.getLine(row)?.getCell(column);
      return `${cell?.getChars() || ' '}${cell?.getFgColor()}`;
    }).join(''),
  );
  return [...cells, active.cursorX, active.cursorY].join('\n');
}

test('an update of a frame is shorter, and shows the same', async () => {
  const update = `${esc}5A${esc}E${esc}E${esc}E${esc}3G${esc}K${esc}36m${esc}39m${esc}90mgrey${esc}39m plain\r\n${esc}E`;
  const short = shortened(update);
  assert.equal(short, `${esc}5A${esc}3E${esc}3G${esc}K${esc}39m${esc}90mgrey${esc}39m plain\r\n${esc}E`);
  assert.equal(await shown(short), await shown(update));
});

test('text and other sequences stay as they are', () => {
  for (const text of ['EEE [E[E', `${esc}36mblue${esc}39m`, `${esc}2J${esc}H`, `${esc}1E${esc}1E`])
    assert.equal(shortened(text), text);
});
