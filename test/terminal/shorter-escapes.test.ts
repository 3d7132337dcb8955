import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shortenEscapes, shortenUpdate } from '../../source/terminal/shorter-escapes.ts';
import '../seed.ts';
import { FakeOutput } from '../ui/fake-output.ts';
import { contentOf, draw, emulator } from './mosh-like.ts';

const esc = '\u001B[';

/** What an emulator shows after an update of a screen that was full of text. */
async function shown(update: string, like: 'xterm' | 'mosh' = 'xterm'): Promise<string> {
  const terminal = emulator({ cols: 80, rows: 6 }, like);
  await draw(terminal, Array.from({ length: 5 }, (_, row) => `line ${row}\r\n`).join('') + update);
  return contentOf(terminal);
}

test('an update of a frame is shorter, and shows the same', async () => {
  const update = `${esc}5A${esc}E${esc}E${esc}E${esc}3G${esc}K${esc}36m${esc}39m${esc}90mgrey${esc}39m plain\r\n${esc}E`;
  const short = shortenUpdate(update);
  assert.equal(short, `${esc}2A${esc}3G${esc}K${esc}90mgrey ${esc}39mplain\r\n${esc}B\r`);
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

test('a style is written once, and only before a letter', () => {
  const [bold, dim, green, normal, plain] = ['1m', '2m', '32m', '22m', '39m'].map((style) => esc + style);
  assert.equal(shortenUpdate(`${bold}a${normal}${dim} b${normal}`), `${esc}1ma ${esc}22;2mb${esc}22m`);
  assert.equal(shortenUpdate(`${bold}${green}a${plain}${normal}b`), `${esc}1;32ma${esc}22;39mb`);
  assert.equal(shortenUpdate(`${dim}a${normal}${dim}b${normal}`), `${dim}ab${normal}`);
  assert.equal(shortenUpdate(`${green}${plain}${dim}  ${normal}a`), '  a');
});

test('updates with any styles show the same when they are shorter', async () => {
  const styles = { '1m': '22m', '2m': '22m', '31m': '39m', '36m': '39m' } as const;
  const text = fc.stringMatching(/^(?:[ab ]{0,3}| {5,8})$/);
  const styled = fc
    .tuple(fc.constantFrom(...(Object.keys(styles) as (keyof typeof styles)[])), text)
    .map(([style, letters]) => `${esc}${style}${letters}${esc}${styles[style]}`);
  const move = fc.constantFrom('\r\n', `${esc}2A`, `${esc}2B`, `${esc}3G`, `${esc}3G${esc}K`);
  const update = fc.array(fc.oneof(text, styled, move), { maxLength: 12 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(update, async (each) => {
      const short = shortenUpdate(each);
      assert.ok(short.length <= each.length);
      assert.equal(await shown(short), await shown(each));
    }),
  );
});

test('a move takes the place of blanks in a line that was cleared, and of a move back', async () => {
  const update = `${esc}5A${esc}2B${esc}3G${esc}K       a${esc}1A      b`;
  assert.equal(shortenUpdate(update), `${esc}3A${esc}3G${esc}K${esc}7Ca${esc}1A      b`);
  assert.equal(await shown(shortenUpdate(update)), await shown(update));
});

test('what sets the column twice sets it once, and two moves become one', () => {
  for (const [update, short] of [
    [`a\r\n${esc}1Gb`, 'a\r\nb'],
    [`a\r\n${esc}3Gb`, `a\n${esc}3Gb`],
    [`a\r\n${esc}B${esc}3Gb`, `a\n${esc}B${esc}3Gb`],
    [`${esc}2A${esc}Bb`, `${esc}Ab`],
    [`${esc}A${esc}Bb`, `${esc}A${esc}Bb`],
    [`${esc}2A${esc}2Bb`, `${esc}2A${esc}2Bb`],
  ] as const)
    assert.equal(shortenUpdate(update), short, JSON.stringify(update));
});

test('a style that also shows on blanks is left as it is', () => {
  for (const update of [
    `${esc}1m${esc}mx`,
    `${esc}1;31mx${esc}39my${esc}22m`,
    `${esc}31;1mx${esc}39m${esc}22my`,
    `${esc}44m ${esc}22mb`,
  ])
    assert.equal(shortenUpdate(update), update, JSON.stringify(update));
  for (const update of [`${esc}7m ${esc}27m`, `${esc}1m${esc}2mx${esc}22m`, `${esc}44m ${esc}49m`])
    assert.equal(shortenUpdate(update), update);
});

test('what is written to the terminal is shortened, bytes are not, and both say when they are written', async () => {
  const output = new FakeOutput({ columns: 80, rows: 6 });
  const written: string[] = [];
  const { _write: write } = output;
  output._write = (data, encoding, done) => {
    written.push(data.toString());
    write.call(output, data, encoding, done);
  };
  const short = shortenEscapes(output);
  for (const text of [`${esc}2E`, Buffer.from(`${esc}2E`)])
    await new Promise((resolve) => void short.write(text, resolve));
  assert.deepEqual(written, [`${esc}2B\r`, `${esc}2E`]);
  assert.equal(short.columns, 80);
  assert.deepEqual(short.getWindowSize(), [80, 6]);
});

test('text and other sequences stay as they are', () => {
  for (const text of ['EEE [E[E', `${esc}36mblue${esc}39m`, `${esc}2J${esc}H`, `${esc}?2004h${esc}?25l`])
    assert.equal(shortenUpdate(text), text);
});
