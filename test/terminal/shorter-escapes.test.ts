import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortenUpdate } from '../../source/terminal/shorter-escapes.ts';
import { contentOf, draw, emulator } from './mosh-like.ts';

const esc = '\u001B[';

/** What an emulator shows after an update of a screen that was full of text. */
async function shown(update: string, like: 'xterm' | 'mosh' = 'xterm'): Promise<string> {
  const terminal = emulator({ cols: 20, rows: 6 }, like);
  await draw(terminal, Array.from({ length: 5 }, (_, row) => `line ${row}\r\n`).join('') + update);
  return contentOf(terminal);
}

test('an update of a frame is shorter, and shows the same', async () => {
  const update = `${esc}5A${esc}E${esc}E${esc}E${esc}3G${esc}K${esc}36m${esc}39m${esc}90mgrey${esc}39m plain\r\n${esc}E`;
  const short = shortenUpdate(update);
  assert.equal(short, `${esc}5A${esc}3B${esc}3G${esc}K${esc}39m${esc}90mgrey${esc}39m plain\r\n${esc}B\r`);
  assert.equal(await shown(short), await shown(update));
});

test('moves to the beginning of another line are written so that mosh follows them', async () => {
  for (const update of [
    `${esc}4A${esc}Ex`,
    `${esc}4Aab${esc}2Ex`,
    `${esc}4Aab${esc}E${esc}2E${esc}Ex`,
    `${esc}4Aab${esc}E${esc}2Gx`,
    `ab${esc}Fx`,
    `ab${esc}F${esc}2Fx${esc}Ey`,
    `${esc}2Aab${esc}99Fx${esc}99Ey`,
  ]) {
    assert.equal(await shown(shortenUpdate(update), 'mosh'), await shown(update), JSON.stringify(update));
    assert.notEqual(await shown(update, 'mosh'), await shown(update), JSON.stringify(update));
  }
});

test('synchronized output, which mosh and screen do not know, is left out', () => {
  assert.equal(shortenUpdate(`${esc}?2026h${esc}?25lx${esc}?2026l`), `${esc}?25lx`);
});

test('text and other sequences stay as they are', () => {
  for (const text of ['EEE [E[E', `${esc}36mblue${esc}39m`, `${esc}2J${esc}H`, `${esc}?2004h${esc}?25l`])
    assert.equal(shortenUpdate(text), text);
});
