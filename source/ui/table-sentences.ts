import type { Table } from '../ceremony/question.ts';

/**
 * Gives each row of a table as a line: its first cell, a colon, and then the heads of the columns with a tick, and the texts
 * of the other cells.
 */
export function tableSentences({ head, rows }: Table): readonly string[] {
  return rows.map(([name, ...marks]) => {
    const words = marks.flatMap((mark, index) => {
      if (typeof mark === 'string') return [mark];
      return mark === true ? [head[index + 1] ?? ''] : [];
    });
    return `${String(name)}: ${words.join(', ') || 'nothing'}`;
  });
}
