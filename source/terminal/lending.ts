import type { HandOver } from './job-control.ts';

/** Knows whether other programs that Keyferry started use the terminal now. */
export class Lending {
  #borrowers = 0;
  /** True when the other program has got an interrupt already. */
  #isSpared = false;

  /** Notes that a program uses the terminal. @returns a function that notes that the program has ended. */
  begin(): () => void {
    this.#borrowers += 1;
    this.#isSpared = false;
    return () => {
      this.#borrowers -= 1;
    };
  }

  /** True when an interrupt was for the other program, which got it too. The next one is for Keyferry. */
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
