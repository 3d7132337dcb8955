import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** The log of practice AWS. */
export type Log = {
  /** Writes a line, and the stack of the error when one is given. */
  note(line: string, error?: unknown): void;
};

/** The log's name in the state folder. */
export const logFileName = 'practice-aws.log';

/**
 * Opens the log (0600) of a state folder. `tell` also gets each line, without stack traces. A caller that draws a screen
 * gives no `tell`. The log contains no key bytes, because no message of node:crypto contains any.
 */
export function openLog(folder: string, tell: (line: string) => void = () => undefined): Log {
  const file = join(folder, logFileName);
  return {
    note(line, error) {
      const detail = error instanceof Error ? `${error.stack ?? error.message}\n` : '';
      try {
        appendFileSync(file, `${new Date().toISOString()} ${line}\n${detail}`, { mode: 0o600 });
      } catch {
        // A full disk must not turn an answer into a crash.
      }
      tell(line);
    },
  };
}
