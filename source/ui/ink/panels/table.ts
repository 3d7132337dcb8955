import type { Table } from '../../../ceremony/question.ts';
import { cells, clip, padTo } from '../../../terminal/cells.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { tableSentences } from '../../table-sentences.ts';
import { type Line, paragraph } from '../lines.tsx';

/** Gives a table with ticks. When its columns do not fit the width, gives each row as a sentence. */
export function tableLines({ head, rows }: Table, width: number, symbols: Symbols): readonly Line[] {
  const others = head.slice(1).map((name) => Math.max(cells(name), 3) + 2);
  const first = Math.max(4, width - others.reduce((sum, each) => sum + each, 0));
  const longest = Math.max(cells(head[0] ?? ''), ...rows.map((row) => cells(String(row[0] ?? '')))) + 2;
  const name = Math.min(first, longest);
  if (name < Math.min(12, longest)) return tableSentences({ head, rows }).flatMap((row) => paragraph(row, width));
  const line = (marks: readonly (string | boolean)[]): Line =>
    marks.map((mark, index) => {
      const text = typeof mark === 'boolean' ? (mark ? symbols.yes : symbols.no) : mark;
      const room = index === 0 ? name : (others[index - 1] ?? 5);
      const shown = clip(text, room - 1, symbols.ellipsis);
      if (index === 0) return { text: padTo(shown, room) };
      const left = Math.floor((room - cells(shown)) / 2);
      return { text: padTo(' '.repeat(left) + shown, room), tone: mark === true ? 'good' : undefined };
    });
  return [line(head), ...rows.map(line)];
}
