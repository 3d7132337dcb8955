import { ownCommand } from '../ceremony/own-command.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import type { Check } from './check.ts';

/** In a smaller terminal, the full screen of the assistant leaves out parts that a person should see. */
const smallest = { columns: 40, rows: 12 };

/** Reports what the terminal can do, and whether the screen of the assistant works well in it. */
export function checkTerminal(terminal: Terminal, { TERM: term = '' }: NodeJS.ProcessEnv): Check {
  const { isTty, colour, unicode, screenReader, dumb } = terminal;
  const columns = terminal.columns();
  const rows = terminal.rows();
  const isSmall = columns < smallest.columns || rows < smallest.rows;
  const kind = term === '' ? 'TERM is not set' : `TERM is ${term}`;
  const abilities = `${columns} x ${rows}, ${colour ? 'colour' : 'no colour'}, ${unicode ? 'Unicode' : 'ASCII'} signs, ${kind}`;
  return {
    id: 'terminal',
    ...verdictOn({ isTty, dumb, screenReader, isSmall }),
    ...(isTty ? { details: [abilities] } : {}),
    facts: { isTerminal: isTty, columns, rows, colour, unicode, screenReader, term },
  };
}

type TerminalKind = {
  readonly isTty: boolean;
  /** True when the terminal cannot move its cursor. */
  readonly dumb: boolean;
  readonly screenReader: boolean;
  /** True when the terminal is smaller than `smallest`. */
  readonly isSmall: boolean;
};

/**
 * Says how well the full screen of the assistant works in a kind of terminal. Where it does not work well, says what the assistant
 * does instead, or what the person can do.
 */
function verdictOn({ isTty, dumb, screenReader, isSmall }: TerminalKind): Pick<Check, 'state' | 'what' | 'next'> {
  if (!isTty)
    return {
      state: 'warning',
      what: 'Input or output is no terminal: the assistant cannot open its screen here.',
      next: [`Line by line: ${ownCommand('--plain')}. Without a person: ${ownCommand('run')}`],
    };
  if (dumb) return { state: 'warning', what: 'A terminal without a cursor: the assistant asks line by line.' };
  if (screenReader)
    return {
      state: 'warning',
      what: 'A screen reader is in use: line by line reads better.',
      next: [ownCommand('--plain')],
    };
  if (isSmall)
    return {
      state: 'warning',
      what: 'The terminal is small for the screen of the assistant.',
      next: [`Make it at least ${smallest.columns} x ${smallest.rows}, or go line by line: ${ownCommand('--plain')}`],
    };
  return { state: 'fine', what: 'The terminal shows the screen of the assistant.' };
}
