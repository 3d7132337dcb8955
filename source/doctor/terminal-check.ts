import { ownCommand } from '../ceremony/own-command.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import type { Check } from './check.ts';

/** In a smaller terminal, the screen leaves out parts that a person should see. */
const least = { columns: 40, rows: 12 };

/** Reports the abilities of the terminal and what they mean for the assistant. */
export function checkTerminal(terminal: Terminal, { TERM: term = '' }: NodeJS.ProcessEnv): Check {
  const { isTty, colour, unicode, screenReader, dumb } = terminal;
  const [columns, rows] = [terminal.columns(), terminal.rows()];
  const kind = term === '' ? 'TERM is not set' : `TERM is ${term}`;
  const can = `${columns} x ${rows}, ${colour ? 'colour' : 'no colour'}, ${unicode ? 'Unicode' : 'ASCII'} signs, ${kind}`;
  return {
    id: 'terminal',
    ...meaning({ isTty, dumb, screenReader, isSmall: columns < least.columns || rows < least.rows }),
    ...(isTty ? { details: [can] } : {}),
    facts: { isTerminal: isTty, columns, rows, colour, unicode, screenReader, term },
  };
}

type Kind = {
  readonly isTty: boolean;
  readonly dumb: boolean;
  readonly screenReader: boolean;
  readonly isSmall: boolean;
};

function meaning({ isTty, dumb, screenReader, isSmall }: Kind): Pick<Check, 'state' | 'what' | 'next'> {
  if (!isTty)
    return {
      state: 'warning',
      what: 'Input or output is no terminal: the assistant opens no screen here.',
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
      next: [`Make it larger than ${least.columns} x ${least.rows}, or go line by line: ${ownCommand('--plain')}`],
    };
  return { state: 'fine', what: 'The terminal shows the screen of the assistant.' };
}
