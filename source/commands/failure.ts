import { printableLines } from '../terminal/printable.ts';

/** Tells of an error that no step could make a problem of, in one line and without a stack. @returns the exit status. */
export function tellFailure(error: unknown): number {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`keyferry: ${printableLines(text.split('\n')[0] ?? '')}\n`);
  return 1;
}
