import { constants } from 'node:os';

type Signal = 'SIGTSTP' | 'SIGCONT';

/** The part of `process` that job control needs. */
export type JobProcess = {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
  kill(pid: number, signal: Signal): unknown;
};

/** Removes the screen and frees the terminal for another program; `resume` draws the screen again. */
export type HandOver = () => Promise<{ readonly resume: () => Promise<void> }>;

/** What the program can do about job control. */
export type JobControl = {
  /** Does what Ctrl+Z does in a shell. */
  readonly suspend: () => void;
  /** Stops watching. */
  readonly stop: () => void;
};

/**
 * Makes the job control of the shell work. At SIGTSTP and at `suspend`, it frees the terminal and stops the program. At
 * SIGCONT, it draws the screen again. It ignores each of these while the screen is removed already. `suspend` is for Ctrl+Z,
 * because a terminal in raw mode sends no signal for it. Does nothing on a system without these signals.
 */
export function watchJobControl(process: JobProcess, handOver: HandOver): JobControl {
  if (!('SIGTSTP' in constants.signals)) return { suspend: () => {}, stop: () => {} };
  /** True while the screen is removed. */
  let isAway = false;
  /** True when the next SIGCONT ends a stop by `suspend`, which draws the screen again itself. */
  let isContinueExpected = false;
  /** Removes the screen, calls `standStill`, and draws the screen again. `standStill` returns when the program may go on. */
  const leave = async (standStill: () => void) => {
    if (isAway) return;
    isAway = true;
    const { resume } = await handOver();
    standStill();
    await resume();
    isAway = false;
  };
  const suspend = () =>
    void leave(() => {
      isContinueExpected = true;
      // Without our listener, the signal stops the program. Process 0 means the whole foreground job, so that a program which
      // started this one stops too. The line after `kill` runs when the shell has continued the job.
      process.off('SIGTSTP', suspend);
      process.kill(0, 'SIGTSTP');
      process.on('SIGTSTP', suspend);
    });
  const onContinue = () => {
    // The program was stopped from outside and goes on already, so that there is no need to stop it.
    if (!isContinueExpected) void leave(() => {});
    isContinueExpected = false;
  };
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', onContinue);
  return {
    suspend,
    stop: () => {
      process.off('SIGTSTP', suspend);
      process.off('SIGCONT', onContinue);
    },
  };
}
