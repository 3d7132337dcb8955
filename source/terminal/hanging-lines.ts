import { printable } from './printable.ts';
import type { Terminal } from './terminal-facts.ts';
import { wrapForCopying } from './wrap-for-copying.ts';

/** The most columns of a line: longer lines are hard to read. */
export const widest = 80;
/** The fewest columns of text beside `lead`, also on a narrower terminal. */
const narrowest = 20;

/**
 * Makes a text safe to show, and wraps it as {@link wrapForCopying} does, to the width of the terminal, but to 80 columns at most.
 * Puts `lead` before the first line, and indents the other lines by its width.
 */
export function hangingLines(lead: string, text: string, terminal: Terminal): readonly string[] {
  const width = Math.min(widest, terminal.columns()) - lead.length;
  const rows = wrapForCopying(printable(text, terminal), Math.max(narrowest, width));
  const indent = ' '.repeat(lead.length);
  return rows.map((row, index) => `${index === 0 ? lead : indent}${row}`);
}
