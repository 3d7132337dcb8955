import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cells } from '../../source/terminal/cells.ts';
import { sampleOf } from '../seed.ts';
import './fixed-size.ts';
import { photographCeremony } from './photographed.ts';
import type { Picture } from './photographer.ts';

// Stored frames are the product's own words. `npm run frames` writes them anew; the difference is there to be read.

const stored = [
  [120, 40],
  [100, 30],
  [80, 24],
  [60, 20],
  [40, 12],
  [24, 10],
] as const;
/** Sizes of which only the measures count. */
const measured = [
  [200, 60],
  [80, 10],
  [79, 24],
  [24, 24],
  [45, 60],
] as const;

let pictures: readonly Picture[] = [];
let draw: (picture: Picture, columns: number, rows: number, unicode: boolean) => string;

before(async () => {
  process.env.FORCE_COLOR = '0';
  const { renderToString } = await import('ink');
  const { Frame } = await import('../../source/ui/ink/frame.tsx');
  const { UnicodeProvider } = await import('../../source/ui/ink/lines.tsx');
  const { firstImport } = await import('../../source/ceremonies/first-import/first-import.ts');
  pictures = await photographCeremony();
  const titles = firstImport.steps.map(({ title }) => title);
  draw = ({ journey }, columns, rows, unicode) => {
    const frame = (
      <UnicodeProvider value={unicode}>
        <Frame
          {...{ journey, titles, size: { columns, rows }, practice: true, seconds: undefined }}
          onPoint={() => {}}
          onChoose={() => {}}
        />
      </UnicodeProvider>
    );
    return renderToString(frame, { columns }).replaceAll(/ +$/gm, '');
  };
});

for (const [columns, rows] of [...stored, ...sampleOf(measured, 3)]) {
  for (const unicode of [true, false]) {
    const name = `${columns}x${rows}-${unicode ? 'unicode' : 'ascii'}`;
    test(name, (t) => {
      const frames = pictures.map((picture) => {
        const frame = draw(picture, columns, rows, unicode);
        const lines = frame.split('\n');
        assert.ok(lines.length < rows, `${picture.name}: ${lines.length} rows\n${frame}`);
        for (const line of lines) {
          assert.ok(cells(line) <= columns, `${picture.name}: ${line}`);
          if (!unicode) assert.match(line, /^[\x20-\x7e]*$/, picture.name);
        }
        return `== ${picture.name}\n${frame}\n`;
      });
      if (!stored.some(([width, height]) => width === columns && height === rows)) return;
      const file = fileURLToPath(new URL(`../frames/${name}.txt`, import.meta.url));
      t.assert.fileSnapshot(frames.join('\n'), file, { serializers: [(text) => text] });
    });
  }
}
