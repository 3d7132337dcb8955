import type { HandOver } from './job-control.ts';

/** Keeps track of the programs that Keyferry started and that use the terminal now. */
export class Lending {
  #borrowers = 0;
  /** True when the other program has already got an interrupt. */
  #isInterrupted = false;

  /**
   * Notes that a program uses the terminal, so that the next interrupt is for that program.
   * @returns a function that notes that the program has ended.
   */
  begin(): () => void {
    this.#borrowers += 1;
    this.#isInterrupted = false;
    return () => {
      this.#borrowers -= 1;
    };
  }

  /**
   * Tells whether the interrupt that has just come is for another program, which got it too. That is so for the first
   * interrupt since the last {@link begin}, while a program uses the terminal. Must be called once for each interrupt.
   */
  takesInterrupt(): boolean {
    if (this.#borrowers === 0 || this.#isInterrupted) return false;
    this.#isInterrupted = true;
    return true;
  }
}

/** Lets several programs use the terminal at the same time: the first removes the screen, and the last draws it again. */
export function shareHandOver(handOver: HandOver): HandOver {
  /** How many programs use the terminal. */
  let holders = 0;
  /** The means to draw the screen again, once the screen is removed. */
  let removedScreen: Awaited<ReturnType<HandOver>> | undefined;
  /** Ends when the work that was begun last has ended. */
  let turn: Promise<void> = Promise.resolve();
  /** Does one work after the other. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };
  return async () => {
    await inTurn(async () => {
      if (holders === 0) removedScreen = await handOver();
      holders += 1;
    });
    const resume = () =>
      inTurn(async () => {
        holders -= 1;
        if (holders === 0) await removedScreen?.resume();
      });
    return { resume };
  };
}
