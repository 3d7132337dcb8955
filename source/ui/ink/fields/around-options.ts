import { blank, type Line, paragraph } from '../lines.tsx';

/** The most rows of a note. */
const mostOfNote = 2;

/** A blank row is above the options only when it leaves them this number of rows. */
const leastBelowBlank = 3;

/**
 * Gives the lines above and below the options of a list field, and how many rows are left for the options: at least one.
 * @param filter the lines of the filter, which is above the options.
 * @param note the text below the options.
 */
export function aroundOptions(
  filter: readonly Line[],
  note: string | undefined,
  { width, rows }: { readonly width: number; readonly rows: number },
): { readonly above: readonly Line[]; readonly below: readonly Line[]; readonly room: number } {
  const below = note === undefined ? [] : paragraph(note, width, 'note').slice(0, mostOfNote);
  const left = rows - filter.length - below.length;
  const gap = left > leastBelowBlank ? [blank] : [];
  return { above: [...filter, ...gap], below, room: Math.max(1, left - gap.length) };
}
