import type { Table } from './question.ts';

/**
 * Gives each row of a table as a line: its first cell, a colon, and the heads of the columns in which this row has a tick, or the
 * word `nothing`. When a cell has a text, the text follows the head in brackets. A table without heads has names, each with one
 * text.
 */
export function tableSentences({ head, rows }: Table): readonly string[] {
  if (head.length === 0) return rows.map(([name, text]) => `${String(name)}: ${String(text)}`);
  return rows.map(([rowName, ...marks]) => {
    const words = marks.flatMap((mark, index) => {
      const name = head[index + 1] ?? '';
      if (typeof mark === 'string') return [`${name} (${mark})`];
      return mark ? [name] : [];
    });
    return `${String(rowName)}: ${words.join(', ') || 'nothing'}`;
  });
}
