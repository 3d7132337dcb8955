import assert from 'node:assert/strict';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { cells } from '../../source/terminal/cells.ts';
import { ScreenSession } from './screen-session.ts';

const down = '\u001B[B';
const esc = '\u001B[27u';

/** The way through the fake ceremony: what is typed, what then stands on the screen, and the name of that picture. */
const walk: readonly (readonly [name: string, keys: string, until: RegExp])[] = [
  ['choice', '', /Where|Practice AWS/],
  ['choice that cannot be made', `${down}\r`, /cannot/],
  ['text', `${down}${down}\r`, /Region: /],
  ['text refused', '!\r', /x A R/],
  ['file with a notice', '\u007F\rmy.key', /45 bytes/],
  ['choice behind a file', '\r', /decoded 32/i],
  ['text with a placeholder', '\r', /payments/],
  ['text taken', 'taken\r', /x alias/],
  ['tick', '\u0015pay\r', /\[ \] I/],
  ['tick missing', '\r', /x Space ticks/],
  ['many', ' \r', /\[ \] role/],
  ['many filtered', 'sec ', /\[x\] role/],
  ['many typed', '\u0015arn:aws:iam::000000000000:role/Else', /Else[▏_]/],
  ['table and choice', '\r\r', /Create the key/],
  ['page of text', `${down}\r`, /"line": 1/],
  ['why', `${esc}?`, /: why\s/],
  ['commands', 'c', /KEY_ID/],
  ['stop', `${esc}\u0003`, /Stop/],
  ['problem', `${esc}\u001B[A\r`, /x Can't/],
  ['phrase', `${down}\r`, /ends in/],
  ['closing', 'close', /Enabled/],
];

const sizes = [
  [120, 40],
  [100, 30],
  [80, 24],
  [60, 20],
  [40, 12],
  [24, 10],
] as const;

// Each waits for its screen most of the time, so that they run beside each other.
test('frames', { concurrency: true }, async (t) => {
  const pictures = sizes.flatMap(([columns, rows]) => [true, false].map((unicode) => ({ columns, rows, unicode })));
  for (const { columns, rows, unicode } of pictures) {
    const name = `${columns}x${rows}-${unicode ? 'unicode' : 'ascii'}`;
    void t.test(name, async (t) => {
      const session = await ScreenSession.open({ size: { columns, rows }, unicode, services: { trouble: true } });
      session.run().catch(() => {});
      const frames: string[] = [];
      for (const [title, keys, until] of walk) {
        if (keys === 'close') {
          const lines = ['alias/payments-2026 is Enabled in us-east-1.', '', 'Yours to do', '- put the backup away'];
          void session.screen.closing({ title: 'Done', lines });
        } else {
          session.type(keys);
        }
        await session.until(until);
        await session.settled(120);
        const frame = lastFrame(await session.shown());
        const lines = frame.split('\n');
        assert.ok(lines.length < rows, `${title}: ${lines.length} rows`);
        for (const line of lines) {
          assert.ok(cells(line) <= columns, `${title}: ${line}`);
          if (!unicode) assert.match(line, /^[\x20-\x7e]*$/, title);
        }
        frames.push(`== ${title}\n${frame}\n`);
      }
      session.stop.abort(new Error('test over'));
      await session.screen.close();
      const file = fileURLToPath(new URL(`../frames/${name}.txt`, import.meta.url));
      t.assert.fileSnapshot(frames.join('\n'), file, { serializers: [(text) => text] });
    });
  }
});

/** The live region alone: it begins with the last header, below the receipts. */
function lastFrame(shown: string): string {
  const lines = shown.split('\n');
  const start = lines.findLastIndex((line) => /^ ?Keyferry|^Step \d+ of|^\d+\/\d+ /.test(line));
  return lines.slice(Math.max(0, start)).join('\n');
}
