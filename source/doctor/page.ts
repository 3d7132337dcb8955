import { hangingLines } from '../terminal/hanging-lines.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import type { Check } from './check.ts';

/**
 * Makes a function that gives the lines of one check: its sentence with a mark, then the details, the reason, and what to do.
 * The function remembers what it gave: a reason or advice that several checks share stands only at the first of them.
 */
export function makeCheckFormatter(terminal: Terminal): (check: Check) => readonly string[] {
  const { done, caution, problem } = symbolsFor(terminal);
  const printed = new Set<string>();
  /** Notes a line as printed. Gives false when the line was printed before. */
  const addIfNew = (line: string) => {
    const isNew = !printed.has(line);
    printed.add(line);
    return isNew;
  };
  return ({ state, what, why = '', details = [], next = [] }) => {
    const mark = { fine: done, warning: caution, fails: problem }[state];
    return [
      ...hangingLines(`${mark} `, what, terminal),
      ...details.flatMap((line) => hangingLines('    ', line, terminal)),
      ...(why !== '' && addIfNew(why) ? hangingLines('  ', why, terminal) : []),
      ...next.filter(addIfNew).flatMap((line) => hangingLines('  > ', line, terminal)),
    ];
  };
}

/** Gives one sentence about all checks: whether Keyferry will work, with the number of failures and warnings. */
export function verdict(checks: readonly Check[]): string {
  const count = (state: Check['state']) => checks.filter((check) => check.state === state).length;
  const failed = count('fails');
  const warned = count('warning');
  const warnings = warned === 0 ? '' : `, with ${warned === 1 ? '1 warning' : `${warned} warnings`} (!)`;
  if (failed === 0) return `Keyferry will work here${warnings}.`;
  return `Keyferry will not work here: ${failed === 1 ? '1 thing is' : `${failed} things are`} in the way (x)${warnings}.`;
}
