/** The reason of an AbortSignal after a signal of the system, such as SIGTERM, has stopped a run without a screen. */
class StoppedBySignal extends Error {
  /** The exit status: 128 plus the number of the signal. */
  readonly status: number;

  constructor(name: string, status: number) {
    super(`stopped by ${name}`);
    this.status = status;
  }
}

/** Gives the exit status of a stopped run: 128 plus the number of the system's signal, or 130 for any other reason. */
export function statusOf({ reason }: AbortSignal): number {
  return reason instanceof StoppedBySignal ? reason.status : 130;
}

/**
 * Runs a command without a screen until it ends, or until SIGINT, SIGTERM or SIGHUP comes. Such a signal aborts the AbortSignal
 * that the command gets. The command itself must tell the person what has and has not changed. When the command throws then,
 * prints which signal came.
 * @returns the exit status of the command. When a signal came and the command did not end with 0: 128 plus the number
 * of the signal.
 */
export async function runUntilStopped(command: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  let signalStatus = 0;
  const statusBySignal = [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const;
  const removeListeners = statusBySignal.map(([name, status]) => {
    const listener = () => {
      signalStatus = status;
      stop.abort(new StoppedBySignal(name, status));
    };
    process.once(name, listener);
    return () => process.removeListener(name, listener);
  });
  try {
    const status = await command(stop.signal);
    return stop.signal.aborted && status !== 0 ? signalStatus : status;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write(`keyferry: ${stop.signal.reason.message}.\n`);
    return signalStatus;
  } finally {
    for (const remove of removeListeners) remove();
  }
}
