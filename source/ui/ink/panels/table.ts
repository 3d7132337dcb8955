import type { Table } from '../../../ceremony/question.ts';
import { cells, clip, padTo } from '../../../terminal/cells.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { tableSentences } from '../../table-sentences.ts';
import { type Line, paragraph } from '../lines.tsx';

/** Draws a table with ticks. When its columns do not fit the width, gives each row as a sentence. */
export function tableLines({ head, rows }: Table, width: number, symbols: Symbols): readonly Line[] {
  // The first column has the names of the rows. The other columns are as wide as their heads, with two blanks between them.
  const markWidths = head.slice(1).map((name) => Math.max(cells(name), 3) + 2);
  const freeWidth = Math.max(4, width - markWidths.reduce((sum, each) => sum + each, 0));
  const longestName = Math.max(cells(head[0] ?? ''), ...rows.map((row) => cells(String(row[0] ?? '')))) + 2;
  const nameWidth = Math.min(freeWidth, longestName);
  // A name that is cut off must still have some columns.
  if (nameWidth < Math.min(12, longestName))
    return tableSentences({ head, rows }).flatMap((row) => paragraph(row, width));
  /** Draws a row, or the heads: the first cell at the left edge of its column, the others in the middle of theirs. */
  const line = (marks: readonly (string | boolean)[]): Line =>
    marks.map((mark, index) => {
      const tick = mark === true ? symbols.yes : symbols.no;
      const text = typeof mark === 'boolean' ? tick : mark;
      const room = index === 0 ? nameWidth : (markWidths[index - 1] ?? 5);
      const shown = clip(text, room - 1, symbols.ellipsis);
      if (index === 0) return { text: padTo(shown, room) };
      const indent = Math.floor((room - cells(shown)) / 2);
      return { text: padTo(' '.repeat(indent) + shown, room), tone: mark === true ? 'good' : undefined };
    });
  return [line(head), ...rows.map(line)];
}
