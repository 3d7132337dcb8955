/** Why a run without a screen ends before its time, with the exit status that says so. */
class StoppedBySignal extends Error {
  readonly status: number;

  constructor(name: string, status: number) {
    super(`stopped by ${name}`);
    this.status = status;
  }
}

/** Gives the exit status of a run that this abort signal has stopped: 128 plus the number of the signal, else 130. */
export function statusOf({ reason }: AbortSignal): number {
  return reason instanceof StoppedBySignal ? reason.status : 130;
}

/**
 * Runs a command without a screen. SIGINT, SIGTERM and SIGHUP abort the command and set its exit status. The command itself
 * must tell the person what state it leaves.
 */
export async function untilStopped(command: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  let stoppedWith = 0;
  const listeners = [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const;
  const onSignal = listeners.map(([name, code]) => {
    const listener = () => {
      stoppedWith = code;
      stop.abort(new StoppedBySignal(name, code));
    };
    process.once(name, listener);
    return () => process.removeListener(name, listener);
  });
  try {
    const status = await command(stop.signal);
    return stop.signal.aborted && status !== 0 ? stoppedWith : status;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write(`keyferry: ${stop.signal.reason.message}.\n`);
    return stoppedWith;
  } finally {
    for (const remove of onSignal) remove();
  }
}
