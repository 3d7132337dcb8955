import { constants } from 'node:os';

type Signal = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

/** The part of `process` that leaving needs. */
export type LeavingProcess = {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
  exit(status: number): void;
};

type Streams = { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream };

/** Bracketed paste off, cursor shown: what a screen may have changed beside raw mode. */
export const restoreSequence = '\u001B[?2004l\u001B[?25h';

/** Gives the exit status of a program that a signal ended, as shells count it: 128 plus the number of the signal. */
export function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** When the person stopped with Ctrl+C: what a shell reports for SIGINT. */
export const stoppedByPerson = 130;

type Leaving = {
  readonly process: LeavingProcess;
  readonly restore: () => void;
  /** Whether an interrupt is meant for another program. */
  readonly spare?: () => boolean;
};

/**
 * Puts the terminal back before the process ends by a signal or because the terminal is gone. All that matters is in the
 * journal by then, so nothing else is waited for.
 * @returns a function that stops watching.
 */
export function watchLeaving(
  { stdin, stdout }: Streams,
  { process, restore, spare = () => false }: Leaving,
): () => void {
  let leaving = false;
  const leave = (signal: Signal) => () => {
    if (leaving || (signal === 'SIGINT' && spare())) return;
    leaving = true;
    try {
      restore();
    } finally {
      process.exit(statusOf(signal));
    }
  };
  const hangup = leave('SIGHUP');
  const signals = (['SIGINT', 'SIGTERM'] as const).map((signal) => [signal, leave(signal)] as const);
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
