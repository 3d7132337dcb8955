import { ownCommand } from '../ceremony/own-command.ts';
import { printableLines } from '../terminal/printable.ts';
import { type Ended, printOutcome, unfinishedOutcome } from './outcome.ts';

/** Tells of an error that no step could make a problem of, in one line and without a stack. @returns the exit status. */
export function tellFailure(error: unknown): number {
  process.stderr.write(`keyferry: ${printableLines(lineOf(error))}\n`);
  return 1;
}

/** Prints the object of `run --json` where the run could not: argv could not be read, or there is a defect. */
export function printFailure(
  argv: readonly string[],
  error: unknown,
  ended: Ended & ('cannot-start' | 'failed'),
): void {
  // What argv means is not known where it could not be read; no other command has both words.
  if (!argv.includes('run') || !argv.includes('--json')) return;
  const what = lineOf(error).replace(/^error: /, '');
  const [exit, code, next] =
    ended === 'failed'
      ? ([1, 'Defect', 'Try again. If it stays, report this line.'] as const)
      : ([2, 'UsageError', `Correct the command: ${ownCommand('run', '--help')}`] as const);
  const problem = { kind: 'fixable', code, what, next: [next] } as const;
  printOutcome(unfinishedOutcome(ended, exit, { ceremony: null, problem }), process.stdout);
}

function lineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
