import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Box, renderToString, Text } from 'ink';
import { cells } from '../../source/terminal/cells.ts';
import { printable } from '../../source/terminal/printable.ts';
import stringWidth from '../../source/terminal/string-width.ts';
import '../seed.ts';

const columns = 200;

/** How many columns Ink gives to a text: what it leaves between it and a mark at the right edge. */
function columnsInInk(text: string): number {
  const line = renderToString(
    <Box width={columns} justifyContent="space-between">
      <Text>{`[${text}]`}</Text>
      <Text>|</Text>
    </Box>,
    { columns },
  );
  const [, between = ''] = /\]( *)\|$/u.exec(line) ?? assert.fail(line);
  return columns - between.length - '[]|'.length;
}

/** What a name, a path or a message may hold. */
const tricky = [
  'a\u200Bb',
  'soft\u00ADhyphen',
  '\u2060',
  'a\u3164b',
  '\uFEFF',
  'e\u0301',
  '\u0E19\u0E49\u0E33',
  '\u0915\u094D\u0937\u093F',
  '한글',
  '日本語',
  'ﾊﾞ',
  'Ａ',
  '１',
  '❤',
  '❤️',
  '1️⃣',
  '👩‍👩‍👧',
  '👋🏽',
  '🇩🇪',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '✔',
  '❯',
  '─',
  '…',
  '▏',
  '█',
];
const piece = fc.oneof(
  fc.constantFrom(...tricky),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'grapheme-composite', maxLength: 4 }),
);
const text = fc.array(piece, { maxLength: 6 }).map((parts) => printable(parts.join(''), { unicode: true }));

test('a text takes as many columns in Ink as we count', () => {
  for (const each of tricky) assert.equal(columnsInInk(each), cells(each), JSON.stringify(each));
  fc.assert(
    fc.property(text, (each) => assert.equal(columnsInInk(each), cells(each))),
    { numRuns: 400 },
  );
});

test('what stands in the build for the measure of Ink counts no colours', () => {
  fc.assert(
    fc.property(text, (each) =>
      assert.equal(stringWidth(`\u001B[1m\u001B[36m${each}\u001B[39m\u001B[22m`), cells(each)),
    ),
  );
});
