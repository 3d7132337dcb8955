import { wrapToCopy } from './cells.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal-facts.ts';

/** Lines longer than this are hard to read. */
export const widest = 80;

/** Wraps a text to the width of the terminal, puts `lead` before the first line and indents the others equally. */
export function hangingLines(lead: string, text: string, terminal: Terminal): readonly string[] {
  const width = Math.min(widest, terminal.columns()) - lead.length;
  const rows = wrapToCopy(printable(text, terminal), Math.max(20, width));
  return rows.map((row, index) => `${index === 0 ? lead : ' '.repeat(lead.length)}${row}`);
}
