import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './progress.ts';

/** A pause before another try of something that may work a little later. */
export type Wait = {
  /** The reason, for a person: "KMS is busy". */
  readonly label: string;
  /** The number of the try after the pause. The first try was 1. */
  readonly next: number;
  readonly milliseconds: number;
};

/**
 * Waits and shows the count-down to the person.
 * @throws the reason of the signal when the person stops.
 */
export type Pause = (wait: Wait) => Promise<void>;

/**
 * Notes that Keyferry begins to wait for something, such as a host. A wait of more than two seconds is shown to the person.
 * `what` names the thing. The result is a function that the caller calls when the wait has ended.
 */
export type Expect = (what: string) => () => void;

/**
 * Gives the terminal to another program, which may ask a person something there. `what` names the program. The result is a
 * function that takes the terminal back.
 */
export type Lend = (what: string) => Promise<() => Promise<void>>;

/** A wait shorter than this is not shown. */
const quietMs = 2000;

/** Where waits are shown, and what ends them. */
type Watcher = {
  readonly report: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Lends the terminal. Absent when the interface reads nothing from a terminal. */
  readonly lend?: Lend | undefined;
};

/**
 * The only place where Keyferry waits before another try. Code that must wait calls `pause`. The current step of the ceremony
 * shows the count-down, which ends immediately when the person stops.
 */
export class Waiting {
  #watcher: Watcher | undefined;
  /** How many waits for a thing the person sees now, by the name of the thing. Several callers may wait for the same host. */
  readonly #expected = new Map<string, number>();

  /**
   * Runs `work` and gives its result. While `work` runs, `watcher` is told of each pause and wait, and its signal ends each
   * pause. Afterwards, the watcher from before is told of them.
   */
  async during<Result>(watcher: Watcher, work: () => Promise<Result>): Promise<Result> {
    const outer = this.#watcher;
    this.#watcher = watcher;
    try {
      return await work();
    } finally {
      this.#watcher = outer;
    }
  }

  readonly pause: Pause = async ({ label, next, milliseconds }) => {
    const { report, signal } = this.#watcher ?? { report: () => {}, signal: undefined };
    const line = { id: `wait: ${label}`, label };
    const end = performance.now() + milliseconds;
    for (let tick = false; ; tick = true) {
      const leftMs = end - performance.now();
      if (leftMs <= 0) break;
      report({ ...line, note: `try ${next} in ${Math.ceil(leftMs / 1000)} s`, state: 'waiting', tick });
      // Sleeps until a whole number of seconds is left. So the shown number falls once a second.
      await sleep(leftMs % 1000 || 1000, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
        // `sleep` throws an error of its own when the signal aborts.
        throw signal?.aborted === true ? signal.reason : error;
      });
    }
    report({ ...line, note: 'tried again', state: 'done', tick: true });
  };

  readonly expect: Expect = (what) => {
    const { report } = this.#watcher ?? { report: () => {} };
    const id = `expect: ${what}`;
    const begun = performance.now();
    let isShown = false;
    const timer = setTimeout(() => {
      const others = this.#expected.get(what) ?? 0;
      this.#expected.set(what, others + 1);
      isShown = true;
      // This line shows no seconds: the line of the current work counts them.
      if (others === 0) report({ id, label: `Waiting for ${what}`, state: 'working', tick: false });
    }, quietMs);
    return () => {
      clearTimeout(timer);
      if (!isShown) return;
      isShown = false;
      const others = (this.#expected.get(what) ?? 1) - 1;
      this.#expected.set(what, others);
      const note = `${Math.round((performance.now() - begun) / 1000)} s`;
      if (others === 0) report({ id, label: `Waited for ${what}`, note, state: 'done', tick: true });
    };
  };

  /** Lends the terminal. Without a terminal, this only waits for the program, like {@link expect}. */
  readonly lend: Lend = async (what) => {
    const lend = this.#watcher?.lend;
    if (lend !== undefined) return lend(what);
    const endWait = this.expect(what);
    return async () => endWait();
  };
}

/**
 * Gives the pause in milliseconds after a number of tries. The pause doubles with each try, up to 15 s. Half of it is random,
 * so that many callers do not try again at the same moment.
 * @param firstMs the longest pause after the first try.
 */
export function backOff(tries: number, firstMs: number): number {
  const most = Math.min(firstMs * 2 ** (tries - 1), 15_000);
  return most / 2 + (Math.random() * most) / 2;
}

/**
 * Waits for work and gives its result. When the signal aborts, waits at most `graceMs` milliseconds more, so that the work can
 * end.
 * @throws the signal's reason when the signal has aborted before the work ended, also when the work ends in that time.
 */
export async function orStopped<Result>(work: Promise<Result>, signal: AbortSignal, graceMs = 0): Promise<Result> {
  const stopped = Promise.withResolvers<'stopped'>();
  const onAbort = () => stopped.resolve('stopped');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const winner = await Promise.race([work.then((result) => ({ result })), stopped.promise]);
    if (winner !== 'stopped') return winner.result;
    const timer = new AbortController();
    await Promise.race([work.then(ignore, ignore), sleep(graceMs, undefined, { signal: timer.signal })]);
    // When the work has ended first, the sleep must not keep the process alive.
    timer.abort();
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const ignore = () => {};
