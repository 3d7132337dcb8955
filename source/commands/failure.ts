import { ownCommand } from '../ceremony/own-command.ts';
import { printableLines } from '../terminal/printable.ts';
import { type Ended, printOutcome, unfinishedOutcome } from './outcome.ts';

/** Prints an error that is a defect of this program: its first line, without a stack. @returns the exit status, 1. */
export function tellFailure(error: unknown): number {
  process.stderr.write(`keyferry: ${printableLines(firstLineOf(error))}\n`);
  return 1;
}

/**
 * Prints the JSON object that `run --json`, `encrypt --json` or `check-backup --json` owes a program, when the command itself
 * could not print it: argv was not valid, or there is a defect. Prints nothing for other commands.
 * @param ended `cannot-start` when argv was not valid, `failed` after a defect.
 */
export function printFailure(
  argv: readonly string[],
  error: unknown,
  ended: Ended & ('cannot-start' | 'failed'),
): void {
  // argv may not be valid, so it is only searched for these words.
  const command = ['run', 'encrypt', 'check-backup'].find((name) => argv.includes(name));
  if (command === undefined || !argv.includes('--json')) return;
  const what = firstLineOf(error).replace(/^error: /, '');
  const [exit, code, next] =
    ended === 'failed'
      ? ([1, 'Defect', 'Try again. If it stays, report this line.'] as const)
      : ([2, 'UsageError', `Correct the command: ${ownCommand(command, '--help')}`] as const);
  const problem = { kind: 'fixable', code, what, next: [next] } as const;
  printOutcome(unfinishedOutcome(ended, exit, { ceremony: null, problem }), process.stdout);
}

/** Gives the first line of an error message. */
function firstLineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
