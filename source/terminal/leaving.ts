import { constants } from 'node:os';

export type Signal = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

/** The part of `process` that leaving needs. */
export type LeavingProcess = {
  on(signal: Signal, listener: (signal: Signal) => void): unknown;
  off(signal: Signal, listener: (signal: Signal) => void): unknown;
  exit(status: number): void;
};

type Streams = { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream };

/** The sequence that switches bracketed paste off and shows the cursor. A screen may have changed both, beside raw mode. */
export const restoreSequence = '\u001B[?2004l\u001B[?25h';

/** Gives the exit status that shells report for a program ended by a signal: 128 plus the number of the signal. */
export function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** The exit status after the person stopped with Ctrl+C. It is what a shell reports for SIGINT. */
export const stoppedByPerson = 130;

/** What to do when the program must leave. */
type Leaving = {
  readonly process: LeavingProcess;
  /** Gives the terminal back as it was. */
  readonly restore: () => void;
  /** Is called at each SIGINT. Gives true when the signal was for another program, so that Keyferry must not leave. */
  readonly ignoresInterrupt?: () => boolean;
};

/**
 * From now on, calls `restore` and ends the process when a signal arrives or the terminal is gone. Running work is not waited
 * for, because everything that matters is already in the journal. A SIGINT for which `ignoresInterrupt` gives true does nothing.
 * @returns a function that stops watching.
 */
export function watchLeaving(
  { stdin, stdout }: Streams,
  { process, restore, ignoresInterrupt = () => false }: Leaving,
): () => void {
  let isLeaving = false;
  /** Makes the listener for a signal. */
  const makeListener = (signal: Signal) => () => {
    if (isLeaving || (signal === 'SIGINT' && ignoresInterrupt())) return;
    isLeaving = true;
    try {
      restore();
    } finally {
      process.exit(statusOf(signal));
    }
  };
  const hangup = makeListener('SIGHUP');
  const signals = (['SIGINT', 'SIGTERM'] as const).map((signal) => [signal, makeListener(signal)] as const);
  const listeners = [['SIGHUP', hangup] as const, ...signals];
  for (const [signal, listener] of listeners) process.on(signal, listener);
  // A closed ssh session shows as an end of input or a failed write, with or without SIGHUP.
  stdin.on('end', hangup);
  stdin.on('error', hangup);
  stdout.on('error', hangup);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    stdin.off('end', hangup);
    stdin.off('error', hangup);
    stdout.off('error', hangup);
  };
}
