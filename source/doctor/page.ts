import { hangingLines } from '../terminal/hanging-lines.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import type { Check } from './check.ts';

/**
 * Gives a function that turns one check into lines: its sentence with a mark, then the details, the reason, and what to do.
 * A reason or a piece of advice that several checks share is printed once.
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
      ...hangingLines(`${mark} `, what, terminal),
      ...details.flatMap((line) => hangingLines('    ', line, terminal)),
      ...(why !== '' && isNew(why) ? hangingLines('  ', why, terminal) : []),
      ...next.filter(isNew).flatMap((line) => hangingLines('  > ', line, terminal)),
    ];
  };
}

/** Sums up all checks in one sentence. */
export function verdict(checks: readonly Check[]): string {
  const count = (state: Check['state']) => checks.filter((check) => check.state === state).length;
  const [failed, warned] = [count('fails'), count('warning')];
  const warnings = warned === 0 ? '' : `, with ${warned === 1 ? '1 warning' : `${warned} warnings`} (!)`;
  if (failed === 0) return `Keyferry will work here${warnings}.`;
  return `Keyferry will not work here: ${failed === 1 ? '1 thing is' : `${failed} things are`} in the way (x)${warnings}.`;
}
