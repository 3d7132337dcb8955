/** Limits how many tasks run at the same time. */
export class Room {
  readonly #most: () => number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param most gives the limit, which may change. */
  constructor(most: () => number) {
    this.#most = most;
  }

  /** Waits until one more task may begin. */
  async wait(): Promise<void> {
    while (this.#running >= this.#most()) await new Promise<void>((wake) => this.#waiting.push(wake));
  }

  /** Counts a task until it ends. Its promise must not reject. */
  async during(task: Promise<void>): Promise<void> {
    this.#running += 1;
    await task;
    this.#running -= 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits until no task runs. */
  async empty(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((wake) => this.#waiting.push(wake));
  }
}
