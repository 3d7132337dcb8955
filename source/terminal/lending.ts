import type { HandOver } from './job-control.ts';

/** Whether the terminal is lent to a program that was started from here. */
export class Lending {
  #borrowers = 0;
  #isSpared = false;

  /** The program has the terminal from now until what is given back is called. */
  begin(): () => void {
    this.#borrowers += 1;
    this.#isSpared = false;
    return () => {
      this.#borrowers -= 1;
    };
  }

  /** Whether an interrupt was for the program, which got it too. The next one is for whoever lends, should it go on. */
  takesInterrupt(): boolean {
    if (this.#borrowers === 0 || this.#isSpared) return false;
    this.#isSpared = true;
    return true;
  }
}

/** Lets several have the terminal at once: the first takes the screen down, the last draws it again. */
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
