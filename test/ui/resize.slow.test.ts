import assert from 'node:assert/strict';
import test from 'node:test';
import { cells } from '../../source/terminal/cells.ts';
import { ScreenSession } from './screen-session.ts';

test('the screen follows the terminal from 80 columns to 40 and back', async () => {
  const session = await ScreenSession.open();
  session.run().catch(() => {});
  const wide = await session.until('Where should the key go?');
  session.resize({ columns: 40, rows: 24 });
  const narrow = await session.until('Step 1 of 7');
  assert.doesNotMatch(narrow, /Policy and key/);
  session.type('\u001B[B');
  await session.until('❯ AWS, with the role');
  session.resize({ columns: 80, rows: 24 });
  await session.until('Policy and key');
  session.type('\u001B[A');
  await session.until('❯ Practice AWS');
  await session.settled();
  assert.ok((await session.shown()).endsWith(wide.trimStart()), await session.shown());
  session.resize({ columns: 80, rows: 10 });
  await session.until('Step 1 of 7');
  await session.settled();
  assert.ok((await session.shown()).split('\n').length <= 10);
  session.resize({ columns: 200, rows: 60 });
  await session.until('Policy and key');
  session.stop.abort(new Error('test over'));
  await session.screen.close();
});

const esc = '\u001B[27u';

/** Screens of every kind, and how one comes to the next. */
const screens: readonly (readonly [keys: string, shows: RegExp])[] = [
  ['', /Where should/],
  ['?', /: why/],
  [`${esc}\r`, /Region: /],
  ['\rmy.key', /File: my\.key/],
  ['\r', /decoded 32/],
  ['\rpay\r', /\[ \] I/],
  [' \r', /\[ \] role/],
  ['sec', /SecurityAudit|role/],
  ['\r\r', /Create the key/],
  ['\u0003', /Stop/],
  [`${esc}\r`, /x Can't/],
];

const sizes = [
  { columns: 200, rows: 60 },
  { columns: 60, rows: 20 },
  { columns: 40, rows: 12 },
  { columns: 24, rows: 10 },
  { columns: 79, rows: 9 },
  { columns: 80, rows: 24 },
] as const;

/** The live region alone: it begins with the last header, below the receipts and what a smaller screen left behind. */
function lastFrame(shown: string): readonly string[] {
  const lines = shown.split('\n');
  const start = lines.findLastIndex((line) => /^ ?Keyferry|^Step \d+ of|^\d+\/\d+ /.test(line));
  return lines.slice(Math.max(0, start));
}

function fits(frame: readonly string[], { columns, rows }: (typeof sizes)[number]): boolean {
  const isWithin = frame.length < rows && frame.every((line) => cells(line) <= columns);
  return isWithin && /Keyferry|Step|\d\/7/.test(frame[0] ?? '');
}

test('every kind of screen fits every size while the size changes, and comes back as it was', async () => {
  const session = await ScreenSession.open({ services: { trouble: true } });
  session.run().catch(() => {});
  for (const [keys, shows] of screens) {
    session.type(keys);
    await session.until(shows);
    await session.settled(80);
    const before = lastFrame(await session.shown());
    for (const size of sizes) {
      session.resize(size);
      await session.settled(80);
      await session.untilShown(
        (shown) => fits(lastFrame(shown), size),
        `${shows} within ${size.columns}x${size.rows}, with its header`,
      );
    }
    await session.untilShown((shown) => lastFrame(shown).join('\n') === before.join('\n'), `${shows} as it was`);
  }
  session.stop.abort(new Error('test over'));
  await session.screen.close();
});
