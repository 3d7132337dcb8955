import type { Table } from '../../../ceremony/question.ts';
import { tableSentences } from '../../../ceremony/table-sentences.ts';
import { cells, clip, padTo, wrap } from '../../../terminal/cells.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { type Line, paragraph } from '../lines.tsx';

/** The narrowest column of ticks, without the blanks beside it. */
const leastTicks = 3;

/** The names of rows need at least this width, unless all of them are shorter. */
const leastName = 12;

/**
 * Draws a table with ticks. The words of a head stand one below the other. A table without heads has names and a text beside each.
 * When the columns do not fit the width, gives each row as a sentence.
 */
export function tableLines({ head, rows }: Table, width: number, symbols: Symbols): readonly Line[] {
  if (head.length === 0) return pairLines(rows, width);
  // The first column has the names of the rows. The other columns are as wide as the longest word of their heads.
  const headWords = head.map((name) => name.split(' '));
  const headRows = Math.max(...headWords.map(({ length }) => length));
  const wordWidths = headWords.slice(1).map((words) => Math.max(leastTicks, ...words.map(cells)));
  // Two blanks come after the longest name.
  const longestName = Math.max(cells(head[0] ?? ''), ...rows.map((row) => cells(String(row[0] ?? '')))) + 2;
  const widthOf = (gap: number) => wordWidths.reduce((sum, each) => sum + each + gap, 0);
  // There are two blanks between columns, and one where the names need the room.
  const gap = longestName + widthOf(2) <= width ? 2 : 1;
  const markWidths = wordWidths.map((each) => each + gap);
  const freeWidth = Math.max(4, width - widthOf(gap));
  const nameWidth = Math.min(freeWidth, longestName);
  // Without enough columns for the names, the rows become sentences.
  if (nameWidth < Math.min(leastName, longestName))
    return tableSentences({ head, rows }).flatMap((row) => paragraph(row, width));
  /** Draws a row, or the heads: the first cell at the left edge of its column, the others in the middle of theirs. */
  const drawRow = (contents: readonly (string | boolean)[]): Line =>
    contents.map((content, index) => {
      const tick = content === true ? symbols.yes : symbols.no;
      const text = typeof content === 'boolean' ? tick : content;
      const room = index === 0 ? nameWidth : (markWidths[index - 1] ?? 5);
      const shown = clip(text, room - 1, symbols.ellipsis);
      if (index === 0) return { text: padTo(shown, room) };
      const indent = Math.floor((room - cells(shown)) / 2);
      return { text: padTo(' '.repeat(indent) + shown, room), tone: content === true ? 'good' : undefined };
    });
  // A head of fewer words stands on the last of the rows.
  const headLines = Array.from({ length: headRows }, (_, row) =>
    drawRow(headWords.map((words) => words[row - headRows + words.length] ?? '')),
  );
  return [...headLines, ...rows.map(drawRow)];
}

/** The narrowest texts of a table of names and texts, in columns. */
const leastText = 30;

/** Draws names with a text beside each. When there is too little room for the texts, gives each row as a sentence. */
function pairLines(rows: Table['rows'], width: number): readonly Line[] {
  // Three blanks are between the longest name and the texts.
  const column = Math.max(...rows.map(([name]) => cells(String(name)))) + 3;
  if (width - column < leastText) return tableSentences({ head: [], rows }).flatMap((row) => paragraph(row, width));
  return rows.flatMap(([name, text]) =>
    wrap(String(text), width - column).map(
      (part, index): Line => [{ text: padTo(index === 0 ? String(name) : '', column) }, { text: part, tone: 'title' }],
    ),
  );
}
