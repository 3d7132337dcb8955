/** Tells of an error that no step could make a problem of, in one line and without a stack. @returns the exit status. */
export function tellFailure(error: unknown): number {
  process.stderr.write(`keyferry: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`);
  return 1;
}
