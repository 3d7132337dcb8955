import type { HandOver } from './job-control.ts';

/** Whether the terminal is lent to a program that was started from here. */
export class Lending {
  #borrowers = 0;
  #isSpared = false;

  /** Lends the terminal to the program. @returns a function that ends the loan. */
  begin(): () => void {
    this.#borrowers += 1;
    this.#isSpared = false;
    return () => {
      this.#borrowers -= 1;
    };
  }

  /** Tells whether an interrupt was for the other program, which got it too. If that program goes on, the next one is for Keyferry. */
  takesInterrupt(): boolean {
    if (this.#borrowers === 0 || this.#isSpared) return false;
    this.#isSpared = true;
    return true;
  }
}

/** Lets several programs use the terminal at the same time: the first removes the screen, and the last draws it again. */
export function shareHandOver(handOver: HandOver): HandOver {
  let holders = 0;
  let taken: Awaited<ReturnType<HandOver>> | undefined;
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };
  return async () => {
    await inTurn(async () => {
      if (holders === 0) taken = await handOver();
      holders += 1;
    });
    const resume = () =>
      inTurn(async () => {
        holders -= 1;
        if (holders === 0) await taken?.resume();
      });
    return { resume };
  };
}
