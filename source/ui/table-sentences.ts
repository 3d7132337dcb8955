import type { Table } from '../ceremony/question.ts';

/** Gives each row of a table as a line: its first cell, and after a colon the heads of the columns that are ticked. */
export function tableSentences({ head, rows }: Table): readonly string[] {
  return rows.map(([name, ...marks]) => {
    const words = marks.flatMap((mark, index) =>
      mark === true ? [head[index + 1] ?? ''] : typeof mark === 'string' ? [mark] : [],
    );
    return `${String(name)}: ${words.join(', ') || 'nothing'}`;
  });
}
