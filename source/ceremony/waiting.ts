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
 * Begins to wait for something, such as a host, and gives a function that ends the wait. A wait of more than two seconds is
 * shown to the person.
 */
export type Expect = (what: string) => () => void;

/**
 * Gives the terminal to another program, which may ask a person something there. `what` names the program. The result is a
 * function that takes the terminal back.
 */
export type Lend = (what: string) => Promise<() => Promise<void>>;

const quietMs = 2000;

/** Where waits are shown, and what ends them. */
type Watched = {
  readonly report: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Absent when the interface reads nothing from a terminal. */
  readonly lend?: Lend | undefined;
};

/**
 * The only place where Keyferry waits before another try. Code that must wait calls `pause`. The current step of the ceremony
 * shows the count-down, which ends at once when the person stops.
 */
export class Waiting {
  #watched: Watched | undefined;
  /** The things for which the person sees that Keyferry waits, with the number of waits for each. */
  readonly #expected = new Map<string, number>();

  /** Runs `work`. Every pause and wait during this work is shown by `watched` and ends when its signal aborts. */
  async during<Result>(watched: Watched, work: () => Promise<Result>): Promise<Result> {
    const outer = this.#watched;
    this.#watched = watched;
    try {
      return await work();
    } finally {
      this.#watched = outer;
    }
  }

  readonly pause: Pause = async ({ label, next, milliseconds }) => {
    const { report, signal } = this.#watched ?? { report: () => {}, signal: undefined };
    const line = { id: `wait: ${label}`, label };
    const end = performance.now() + milliseconds;
    for (let tick = false; ; tick = true) {
      const left = end - performance.now();
      if (left <= 0) break;
      report({ ...line, note: `try ${next} in ${Math.ceil(left / 1000)} s`, state: 'waiting', tick });
      // The first sleep is the part below a whole second. So the shown number falls once a second.
      await sleep(left % 1000 || 1000, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
        throw signal?.aborted === true ? signal.reason : error;
      });
    }
    report({ ...line, note: 'tried again', state: 'done', tick: true });
  };

  readonly expect: Expect = (what) => {
    const { report } = this.#watched ?? { report: () => {} };
    const id = `expect: ${what}`;
    const begun = performance.now();
    let isTold = false;
    const timer = setTimeout(() => {
      const others = this.#expected.get(what) ?? 0;
      this.#expected.set(what, others + 1);
      isTold = true;
      // This line shows no seconds: the line of the current work counts them.
      if (others === 0) report({ id, label: `Waiting for ${what}`, state: 'working', tick: false });
    }, quietMs);
    return () => {
      clearTimeout(timer);
      if (!isTold) return;
      isTold = false;
      const others = (this.#expected.get(what) ?? 1) - 1;
      this.#expected.set(what, others);
      const note = `${Math.round((performance.now() - begun) / 1000)} s`;
      if (others === 0) report({ id, label: `Waited for ${what}`, note, state: 'done', tick: true });
    };
  };

  /** Lends the terminal. Without a terminal, this only waits for the program, like {@link expect}. */
  readonly lend: Lend = async (what) => {
    const lend = this.#watched?.lend;
    if (lend !== undefined) return lend(what);
    const came = this.expect(what);
    return async () => came();
  };
}

/**
 * Gives the pause in milliseconds after a number of tries. It doubles with each try up to 15 s. Half of it is random, so that
 * many callers do not try again at the same moment.
 */
export function backOff(tries: number, firstMs: number): number {
  const most = Math.min(firstMs * 2 ** (tries - 1), 15_000);
  return most / 2 + (Math.random() * most) / 2;
}

/**
 * Waits for work and gives its result. When the signal aborts, waits at most `graceMs` more for the work to end.
 * @throws the signal's reason when it has aborted before the work ended.
 */
export async function orStopped<Result>(work: Promise<Result>, signal: AbortSignal, graceMs = 0): Promise<Result> {
  const stopped = Promise.withResolvers<'stopped'>();
  const onAbort = () => stopped.resolve('stopped');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const first = await Promise.race([work.then((result) => ({ result })), stopped.promise]);
    if (first !== 'stopped') return first.result;
    const timer = new AbortController();
    await Promise.race([work.then(ignore, ignore), sleep(graceMs, undefined, { signal: timer.signal }).catch(ignore)]);
    timer.abort();
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const ignore = () => {};
