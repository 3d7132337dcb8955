import type { Table } from '../ceremony/question.ts';

/**
 * Gives each row of a table as a line: its first cell, a colon, and then the heads of the columns with a tick. Where a cell
 * has a text, the text follows the head in brackets.
 */
export function tableSentences({ head, rows }: Table): readonly string[] {
  return rows.map(([rowName, ...marks]) => {
    const words = marks.flatMap((mark, index) => {
      const name = head[index + 1] ?? '';
      if (typeof mark === 'string') return [`${name} (${mark})`];
      return mark ? [name] : [];
    });
    return `${String(rowName)}: ${words.join(', ') || 'nothing'}`;
  });
}
