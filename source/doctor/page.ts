import { wrapToCopy } from '../terminal/cells.ts';
import { printable } from '../terminal/printable.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import type { Check } from './check.ts';

/** Lines longer than this are hard to read. */
const widest = 80;

/**
 * Makes lines of one check after the other: the first with its mark, below it the facts, why, and what to do. What several
 * checks have in common is said once.
 */
export function openPage(terminal: Terminal): (check: Check) => readonly string[] {
  const { done, caution, problem } = symbolsFor(terminal);
  const said = new Set<string>();
  const isNew = (line: string) => {
    const isSaid = said.has(line);
    said.add(line);
    return !isSaid;
  };
  return ({ state, what, why = '', details = [], next = [] }) => {
    const mark = { fine: done, warning: caution, fails: problem }[state];
    return [
      ...hung(`${mark} `, what, terminal),
      ...details.flatMap((line) => hung('    ', line, terminal)),
      ...(why !== '' && isNew(why) ? hung('  ', why, terminal) : []),
      ...next.filter(isNew).flatMap((line) => hung('  > ', line, terminal)),
    ];
  };
}

/** What comes of all checks, in one line. */
export function verdict(checks: readonly Check[]): string {
  const count = (state: Check['state']) => checks.filter((check) => check.state === state).length;
  const [failed, warned] = [count('fails'), count('warning')];
  const warnings = warned === 0 ? '' : `, with ${warned === 1 ? '1 warning' : `${warned} warnings`} (!)`;
  if (failed === 0) return `Keyferry will work here${warnings}.`;
  return `Keyferry will not work here: ${failed === 1 ? '1 thing is' : `${failed} things are`} in the way (x)${warnings}.`;
}

/** A text within the terminal, each of its lines below the first word. */
export function hung(lead: string, text: string, terminal: Terminal): readonly string[] {
  const width = Math.min(widest, terminal.columns()) - lead.length;
  const rows = wrapToCopy(printable(text, terminal), Math.max(20, width));
  return rows.map((row, index) => `${index === 0 ? lead : ' '.repeat(lead.length)}${row}`);
}
