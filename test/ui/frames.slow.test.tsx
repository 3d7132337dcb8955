import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { before, type TestContext, test } from 'node:test';
import { cells } from '../../source/terminal/cells.ts';
import { sampleOf } from '../seed.ts';
import { assertStored } from '../stored-text.ts';
import './fixed-size.ts';
import { photographCeremony } from './photographed.ts';
import type { Picture } from './photographer.ts';

/*
 * Stored frames are the product's own words. `npm run frames` writes them anew; the difference is there to be read. Every
 * screen is stored once, at 80x24, in a file of its step, so that a changed sentence changes its own frame alone; a few are
 * stored at other sizes and in ASCII. Of all others, the measures and the words count.
 */

/** Sizes at which every screen is drawn. */
const sizes = [
  [120, 40],
  [100, 30],
  [80, 24],
  [60, 20],
  [40, 12],
  [24, 10],
] as const;

/** More sizes, of which a sample is drawn. */
const moreSizes = [
  [200, 60],
  [80, 10],
  [79, 24],
  [24, 24],
  [45, 60],
] as const;

/** What shows how a size or an alphabet changes a screen: a list, a table, a long text, a problem, bytes, the last page. */
const chosen = [
  'connect/source',
  'set-up/kind',
  'permissions/administrators',
  'policy/proceed',
  'policy/plan',
  'import, problem',
  'encrypt-objects/where',
  'encrypt-objects/upload',
  'encrypt-objects, bytes',
  'closing',
];

let pictures: readonly Picture[] = [];
let stepIds: readonly string[] = [];
let draw: (picture: Picture, columns: number, rows: number, unicode: boolean) => string;

before(async () => {
  process.env.FORCE_COLOR = '0';
  const { renderToString } = await import('ink');
  const { Frame } = await import('../../source/ui/ink/frame.tsx');
  const { UnicodeProvider } = await import('../../source/ui/ink/lines.tsx');
  const { guidedFirstImport: firstImport } = await import('../../source/ceremonies/first-import/guided.ts');
  pictures = await photographCeremony();
  stepIds = firstImport.steps.map(({ id }) => id);
  const titles = firstImport.steps.map(({ title }) => title);
  draw = ({ journey }, columns, rows, unicode) => {
    const frame = (
      <UnicodeProvider value={unicode}>
        <Frame
          {...{ journey, titles, size: { columns, rows }, practice: true, seconds: undefined }}
          onPoint={() => {}}
        />
      </UnicodeProvider>
    );
    return renderToString(frame, { columns }).replaceAll(/ +$/gm, '');
  };
});

test('every screen at 80x24, in a file of its step', async (t) => {
  const files = new Map<string, string[]>();
  for (const picture of pictures) {
    const [step = ''] = picture.name.split(/[/,]/);
    const name = stepIds.includes(step) ? step : 'other';
    files.set(name, [...(files.get(name) ?? []), frameText(picture, draw(picture, 80, 24, true))]);
  }
  for (const [name, frames] of files) store(t, `80x24/${name}.txt`, frames);
  const stored = readdirSync(new URL('../frames/80x24', import.meta.url)).sort();
  assert.deepEqual(stored, [...files.keys()].map((name) => `${name}.txt`).sort(), 'no frame is left of what has gone');
});

for (const [name, columns, rows, unicode] of [
  ['80x24-ascii', 80, 24, false],
  ['120x40', 120, 40, true],
  ['60x20', 60, 20, true],
  ['40x12', 40, 12, true],
  ['24x10-ascii', 24, 10, false],
] as const) {
  test(`chosen screens: ${name}`, (t) => {
    const frames = pictures
      .filter((picture) => chosen.includes(picture.name))
      .map((picture) => frameText(picture, draw(picture, columns, rows, unicode)));
    assert.equal(frames.length, chosen.length);
    store(t, `${name}.txt`, frames);
  });
}

for (const [columns, rows] of [...sizes, ...sampleOf(moreSizes, 3)]) {
  test(`no screen at ${columns}x${rows} is too large, in either alphabet`, () => {
    for (const picture of pictures) {
      const [unicode, ascii] = [draw(picture, columns, rows, true), draw(picture, columns, rows, false)];
      for (const frame of [unicode, ascii]) {
        const lines = frame.split('\n');
        assert.ok(lines.length < rows, `${picture.name}: ${lines.length} rows\n${frame}`);
        for (const line of lines) assert.ok(cells(line) <= columns, `${picture.name}: ${line}`);
      }
      assert.match(ascii, /^[\x20-\x7e\n]*$/, picture.name);
    }
  });
}

test('every question is asked in whole words at every size but the smallest, which has room for its label alone', () => {
  const lost: string[] = [];
  for (const [columns, rows] of sizes.slice(0, -1))
    for (const { name, journey } of pictures) {
      if (!/^[\w-]+\/[\w-]+$/.test(name) || journey.stage.phase !== 'asking') continue;
      const frame = draw({ name, journey }, columns, rows, true);
      // Beside the checklist, a question is broken into lines that other words stand before.
      const lines = frame.split('\n').map((line) => (columns >= 80 ? line.slice(21) : line));
      const words = lines.join(' ').replaceAll(/\s+/g, ' ');
      if (!words.includes(journey.stage.field.question.ask)) lost.push(`${name} at ${columns}x${rows}`);
    }
  assert.deepEqual(lost, []);
});

for (const [columns, rows] of sizes.filter(([width]) => width >= 60)) {
  test(`once connected, the Region, the account and who you are stand at the top of every screen of ${columns}x${rows}`, () => {
    const connected = pictures.filter(({ name }) => !/^(connect\b|stop$)/.test(name));
    assert.ok(connected.length > 80);
    for (const picture of connected) {
      const head = draw(picture, columns, rows, true).split('\n').slice(0, 2).join('\n');
      assert.match(head, /us-east-1 · (000000000000 · )?role\/SecurityAdmin/, picture.name);
      // Practice AWS has one account only, which gives its place to the alias where both do not fit.
      assert.match(head, columns < 100 && head.includes('alias/') ? /PRACTICE/ : /000000000000/, picture.name);
    }
  });

  test(`once chosen, the alias stands at the top of every screen of ${columns}x${rows}`, () => {
    const named = pictures.filter(({ journey }) => journey.where !== undefined && journey.where.alias !== '');
    assert.ok(named.length > 50);
    for (const picture of named)
      assert.match(draw(picture, columns, rows, true).split('\n').slice(0, 2).join('\n'), /alias\/payments-2026 · /);
  });
}

const frameText = ({ name }: Picture, frame: string) => `== ${name}\n${frame}\n`;

function store(t: TestContext, name: string, frames: readonly string[]): void {
  assertStored(t, frames.join('\n'), new URL(`../frames/${name}`, import.meta.url));
}
