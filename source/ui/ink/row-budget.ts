import { cells, clip } from '../../terminal/cells.ts';
import type { Symbols } from '../../terminal/symbols.ts';
import type { Line } from './lines.tsx';

/** A part of the body that can be shown on fewer rows than it likes. */
export type Block = {
  readonly id: string;
  /** Rows it would fill. */
  readonly want: number;
  /** Rows that it can use when others leave some over. */
  readonly most?: number;
  /** Rows below which it is of no use; 0 where it may be left out. */
  readonly least: number;
  /** True where a part of it would be a cut-off sentence: it is shown whole or left out. */
  readonly whole?: boolean;
  /** Of all blocks the lowest give up their rows first. */
  readonly rank: number;
  /** A blank row above, while there is room for it. */
  readonly gap: boolean;
};

/** Rows for one block; `gap` is true when a blank row is above it. */
export type Share = { readonly rows: number; readonly gap: boolean };

/** Shares `rows` among blocks: blank rows go first, then the blocks of lowest rank shrink to what they need. */
export function share(blocks: readonly Block[], rows: number): ReadonlyMap<string, Share> {
  const given = new Map(blocks.map(({ id, want }) => [id, want]));
  const filled = blocks.filter(({ want }) => want > 0);
  const gaps = new Set(filled.filter(({ gap }, index) => gap && index > 0).map(({ id }) => id));
  let over = [...given.values()].reduce((sum, want) => sum + want, 0) + gaps.size - rows;
  const shrink = (ranked: readonly Block[], floor: (block: Block) => number) => {
    for (const block of ranked) {
      if (over <= 0) return;
      const has = given.get(block.id) ?? 0;
      const less = block.whole === true ? 0 : Math.max(floor(block), has - over);
      over -= has - less;
      given.set(block.id, less);
      const topmost = blocks.find(({ id }) => given.get(id) !== 0);
      for (const { id } of [...(less === 0 ? [block] : []), ...(topmost === undefined ? [] : [topmost])])
        if (gaps.delete(id)) over -= 1;
    }
  };
  const ranked = blocks.toSorted((a, b) => a.rank - b.rank);
  shrink(
    ranked.filter(({ least }) => least === 0),
    ({ want }) => Math.min(want, 1),
  );
  for (const { id } of ranked) if (over > 0 && gaps.delete(id)) over -= 1;
  shrink(ranked, ({ least }) => least);
  shrink(ranked, () => 0);
  for (const { id, want, most = want } of blocks) {
    if (over >= 0 || given.get(id) !== want) continue;
    const more = Math.min(most - want, -over);
    given.set(id, want + more);
    over += more;
  }
  return new Map(blocks.map(({ id }) => [id, { rows: given.get(id) ?? 0, gap: gaps.has(id) }]));
}

/** Gives the first of some lines, the last of them marked where others are left out. */
export function cut(
  lines: readonly Line[],
  { rows, width }: { readonly rows: number; readonly width: number },
  { ellipsis }: Symbols,
): readonly Line[] {
  const shown = lines.slice(0, Math.max(0, rows));
  const last = shown.at(-1);
  if (lines.length <= rows || last === undefined) return shown;
  const mark = ` ${ellipsis}`;
  let room = width - cells(mark);
  const kept = last.map(({ text, tone }) => {
    const part = cells(text) <= room ? text : clip(text, Math.max(0, room), '').replace(/\s+\S*$/u, '');
    room -= cells(part);
    return { text: part, tone };
  });
  return [...shown.slice(0, -1), [...kept, { text: mark }]];
}
