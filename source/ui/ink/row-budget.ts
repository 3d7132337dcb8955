import { cells, clip } from '../../terminal/cells.ts';
import type { Symbols } from '../../terminal/symbols.ts';
import type { Line } from './lines.tsx';

/** A part of the body that can be shown on fewer rows than it needs for all its content. */
export type Block = {
  readonly id: string;
  /** The rows for all its content. */
  readonly want: number;
  /** The rows that it can use when other blocks leave rows free. When absent, `want`. */
  readonly most?: number;
  /** The fewest rows with which it is useful, at most `want`. 0 when the block may be left out. */
  readonly least: number;
  /** True when the block must be shown completely or not at all. */
  readonly isWhole?: boolean;
  /** Blocks with the lowest rank lose their rows first. */
  readonly rank: number;
  /** True when there should be a blank row above the block. */
  readonly hasGap: boolean;
};

/** The rows that one block gets; `hasGap` is true when a blank row is above it. */
export type Share = { readonly rows: number; readonly hasGap: boolean };

/**
 * Divides `rows` among blocks. When there are too few rows, it takes these measures, one after the other, until the blocks
 * fit: it shrinks the blocks that may be left out to one row, removes blank rows, shrinks all blocks to `least`, and leaves
 * blocks out. Each measure begins with the block of the lowest rank. Rows that are left over go to blocks that can use more.
 * @returns the share of each block, by the id of the block.
 */
export function share(blocks: readonly Block[], rows: number): ReadonlyMap<string, Share> {
  const rowsOf = new Map(blocks.map(({ id, want }) => [id, want]));
  const filled = blocks.filter(({ want }) => want > 0);
  /** The ids of the blocks that have a blank row above. */
  const gaps = new Set(filled.filter(({ hasGap }, index) => hasGap && index > 0).map(({ id }) => id));
  /** How many rows are missing. A negative number says how many rows are left over. */
  let missing = [...rowsOf.values()].reduce((sum, want) => sum + want, 0) + gaps.size - rows;
  /** Shrinks blocks to `floor`, in their order, until the rows suffice. A block that must be whole loses all its rows at once. */
  const shrink = (inOrder: readonly Block[], floor: (block: Block) => number) => {
    for (const block of inOrder) {
      if (missing <= 0) return;
      const before = rowsOf.get(block.id) ?? 0;
      const after = block.isWhole === true ? 0 : Math.max(floor(block), before - missing);
      missing -= before - after;
      rowsOf.set(block.id, after);
      // A block without rows needs no blank row above, and neither does the first block that has rows.
      const topmost = blocks.find(({ id }) => rowsOf.get(id) !== 0);
      const withoutGap = after === 0 ? [block, topmost] : [topmost];
      for (const each of withoutGap) if (each !== undefined && gaps.delete(each.id)) missing -= 1;
    }
  };
  const ranked = blocks.toSorted((a, b) => a.rank - b.rank);
  shrink(
    ranked.filter(({ least }) => least === 0),
    ({ want }) => Math.min(want, 1),
  );
  for (const { id } of ranked) if (missing > 0 && gaps.delete(id)) missing -= 1;
  shrink(ranked, ({ least }) => least);
  shrink(ranked, () => 0);
  for (const { id, want, most = want } of blocks) {
    if (missing >= 0 || rowsOf.get(id) !== want) continue;
    const more = Math.min(most - want, -missing);
    rowsOf.set(id, want + more);
    missing += more;
  }
  return new Map(blocks.map(({ id }) => [id, { rows: rowsOf.get(id) ?? 0, hasGap: gaps.has(id) }]));
}

/** The narrowest screen, in columns, on which words follow the ellipsis. */
const widthForWords = 32;

/**
 * Gives as many of the first lines as there are rows. When lines are left out, the last shown line ends with an ellipsis.
 * @param size.rest gives the words that say where the rest is. A narrow screen leaves them out.
 */
export function cut(
  lines: readonly Line[],
  { rows, width, rest }: { readonly rows: number; readonly width: number; readonly rest?: (() => string) | undefined },
  { ellipsis }: Symbols,
): readonly Line[] {
  const shown = lines.slice(0, Math.max(0, rows));
  const last = shown.at(-1);
  if (lines.length <= rows || last === undefined) return shown;
  const words = width < widthForWords ? '' : (rest?.() ?? '');
  const mark = words === '' ? ` ${ellipsis}` : ` ${ellipsis} ${words}`;
  let free = width - cells(mark);
  const kept = last.map(({ text, tone }) => {
    // The expression matches a word that the clipping may have broken, with the space before it.
    const part = cells(text) <= free ? text : clip(text, Math.max(0, free), '').replace(/\s+\S*$/u, '');
    free -= cells(part);
    return { text: part, tone };
  });
  return [...shown.slice(0, -1), [...kept, { text: mark }]];
}
