import { constants } from 'node:os';

type Signal = 'SIGTSTP' | 'SIGCONT';

/** The part of `process` that job control needs. */
export type JobProcess = {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
  kill(pid: number, signal: Signal): unknown;
};

/** Removes the screen and gives the terminal to the shell; `resume` takes the terminal back and draws the whole screen. */
export type HandOver = () => Promise<{ readonly resume: () => Promise<void> }>;

export type JobControl = {
  /** Does what Ctrl+Z does in a shell. */
  readonly suspend: () => void;
  /** Stops watching. */
  readonly stop: () => void;
};

/**
 * Follows the shell's job control: SIGTSTP, and Ctrl+Z, which raw mode takes from the terminal, give the terminal back
 * before the program is stopped; SIGCONT draws the screen again. On a system without these signals nothing happens.
 */
export function watchJobControl(process: JobProcess, handOver: HandOver): JobControl {
  if (!('SIGTSTP' in constants.signals)) return { suspend: () => {}, stop: () => {} };
  let away = false;
  /** The SIGCONT that ends a stop of our own comes after the screen is back. */
  let expected = false;
  const leave = async (standStill: () => void) => {
    if (away) return;
    away = true;
    const { resume } = await handOver();
    standStill();
    await resume();
    away = false;
  };
  const suspend = () =>
    void leave(() => {
      expected = true;
      // Without a listener the signal does what it does to any program. 0 is the whole foreground job, so that a program
      // which started this one stops with it. The next line runs when the shell has continued the job.
      process.off('SIGTSTP', suspend);
      process.kill(0, 'SIGTSTP');
      process.on('SIGTSTP', suspend);
    });
  const continued = () => {
    if (!expected) void leave(() => {});
    expected = false;
  };
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', continued);
  return {
    suspend,
    stop: () => {
      process.off('SIGTSTP', suspend);
      process.off('SIGCONT', continued);
    },
  };
}
