type Answer = { readonly settle: (outcome: unknown) => void; readonly fail: (error: Error) => void };

/** Whoever asked something of the person and waits for what comes of it: one at a time, answered once. */
export class WaitingCaller {
  #answer: Answer | undefined;

  get waits(): boolean {
    return this.#answer !== undefined;
  }

  /** Waits until it is answered. Only the stage that is shown knows which kind of result belongs to it. */
  wait<Result>(): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#answer = { settle: (outcome) => resolve(outcome as Result), fail: reject };
    });
  }

  /** Lets the caller go, to be answered when the screen is cleared. @returns nothing when nobody waits. */
  dismiss(): Answer | undefined {
    const answer = this.#answer;
    this.#answer = undefined;
    return answer;
  }
}
