import type { Table } from '../ceremony/question.ts';

/** Gives the rows of a table in words: who, and what for. */
export function tableSentences({ head, rows }: Table): readonly string[] {
  return rows.map(([name, ...marks]) => {
    const words = marks.flatMap((mark, index) =>
      mark === true ? [head[index + 1] ?? ''] : typeof mark === 'string' ? [mark] : [],
    );
    return `${String(name)}: ${words.join(', ') || 'nothing'}`;
  });
}
