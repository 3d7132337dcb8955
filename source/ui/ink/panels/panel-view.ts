import { clip, wrap } from '../../../terminal/cells.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import type { OpenPanel } from '../journey.ts';
import { blank, type Line, say } from '../lines.tsx';
import { shellRows } from './shell-rows.ts';

type Page = Pick<OpenPanel, 'kind' | 'content'>;

/** Gives the text rows of a page at a width. Commands are broken so that they still work when they are copied. */
function pageRows({ kind, content }: Page, width: number): readonly string[] {
  return content.lines.flatMap((line) => {
    if (kind !== 'commands') return wrap(line, width);
    return line.startsWith('# ') ? wrap(line.slice(2), width - 2).map((row) => `# ${row}`) : shellRows(line, width);
  });
}

/** Gives the index of the last row that can be at the top of the page. */
export function lastTop(page: Page, { width, rows }: { readonly width: number; readonly rows: number }): number {
  return Math.max(0, pageRows(page, width).length - textRows(rows));
}

/** Gives the number of text rows on a page, without the title, the blank row and the scroll mark. */
const textRows = (rows: number) => Math.max(1, rows - 3);

type Signs = Pick<Symbols, 'ellipsis'> & {
  /** Says how many lines are left. */
  readonly more?: (lines: number) => string;
};

/** Gives the visible lines of a page: title, text from its top row on, and a note when there is more below. */
export function panelLines(
  { top, ...page }: Page & { readonly top: number },
  { width, rows }: { readonly width: number; readonly rows: number },
  { ellipsis, more = (lines) => `${lines} more below` }: Signs,
): readonly Line[] {
  const all = pageRows(page, width);
  const shown = all.slice(top, top + textRows(rows));
  const below = all.length - top - shown.length;
  const title = rows >= 5 ? [say(clip(page.content.title, width, ellipsis), 'strong'), blank] : [];
  const mark = below > 0 ? more(below) : top > 0 ? 'the end' : '';
  return [...title, ...shown.map((line) => say(line)), ...(mark === '' ? [] : [say(mark, 'quiet')])].slice(0, rows);
}
