import { clip, wrap } from '../../../terminal/cells.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import type { OpenPanel } from '../journey.ts';
import { blank, type Line, say } from '../lines.tsx';
import { shellRows } from './shell-rows.ts';

type Page = Pick<OpenPanel, 'kind' | 'content'>;

/** Gives all text rows of a page at a width. Commands are broken in such a way that they still work when they are copied. */
function pageRows({ kind, content }: Page, width: number): readonly string[] {
  return content.lines.flatMap((line) => {
    if (kind !== 'commands') return wrap(line, width);
    const isComment = line.startsWith('# ');
    return isComment ? wrap(line.slice(2), width - 2).map((row) => `# ${row}`) : shellRows(line, width);
  });
}

/** Gives the index of the last text row that can be at the top of a page of this size. */
export function lastTop(page: Page, { width, rows }: { readonly width: number; readonly rows: number }): number {
  return Math.max(0, pageRows(page, width).length - textRowsOf(rows));
}

/** Gives how many text rows fit on a page of this height. The title, a blank row and the scroll mark take three rows. */
const textRowsOf = (rows: number) => Math.max(1, rows - 3);

type Signs = Pick<Symbols, 'ellipsis'> & {
  /** Says how many lines are left. */
  readonly more?: (lines: number) => string;
};

/**
 * Gives the visible lines of a page: the title, the text from its top row on, and a note: how many lines are below, or that this
 * is the end of a page that was scrolled. On fewer than five rows there is no title.
 */
export function panelLines(
  { top, ...page }: Page & { readonly top: number },
  { width, rows }: { readonly width: number; readonly rows: number },
  { ellipsis, more = (lines) => `${lines} more below` }: Signs,
): readonly Line[] {
  const all = pageRows(page, width);
  const shown = all.slice(top, top + textRowsOf(rows));
  const below = all.length - top - shown.length;
  const title = rows >= 5 ? [say(clip(page.content.title, width, ellipsis), 'title'), blank] : [];
  const endMark = top > 0 ? 'the end' : '';
  const mark = below > 0 ? more(below) : endMark;
  return [...title, ...shown.map((line) => say(line)), ...(mark === '' ? [] : [say(mark, 'aside')])].slice(0, rows);
}
