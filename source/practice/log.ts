import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** What practice AWS has to say about itself, apart from its answers. */
export type Log = {
  /** Writes a line and, where there is one, the error behind it with its stack. */
  note(line: string, error?: unknown): void;
};

/** The log's name in the state folder. */
export const logFileName = 'practice-aws.log';

/**
 * Opens the log (0600) of a state folder. `tell` also gets each line, without stack traces; a caller that draws a screen
 * leaves `tell` out. No message of node:crypto contains key bytes, so the log contains none.
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
