import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './progress.ts';

/** A pause before another try of something that may work a little later. */
export type Wait = {
  /** Why, for a person: "KMS is busy". */
  readonly label: string;
  /** Which try comes after the pause; the first one was 1. */
  readonly next: number;
  readonly milliseconds: number;
};

/** Waits in sight of the person. @throws the reason of the signal once they stop. */
export type Pause = (wait: Wait) => Promise<void>;

/**
 * Begins to wait for something, such as a host; what is given back ends that. A person is told after two seconds.
 */
export type Expect = (what: string) => () => void;

/**
 * Gives the terminal to another program, which may ask a person something there; what is given back takes it again.
 * `what` names the program.
 */
export type Lend = (what: string) => Promise<() => Promise<void>>;

const quietMs = 2000;

type Watched = {
  readonly report: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Absent where nobody reads from a terminal. */
  readonly lend?: Lend | undefined;
};

/**
 * The one place where Keyferry waits before it tries again. Whoever must wait calls `pause`; whatever a ceremony is at,
 * the count-down is shown there, and ends at once when the person stops.
 */
export class Waiting {
  #watched: Watched | undefined;
  /** What has been told of and has not come yet, and how many wait for it. */
  readonly #expected = new Map<string, number>();

  /** Shows the pauses that come up during this work. */
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
      // The first of the pieces is the odd one, so that the count falls once a second.
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
      // The seconds are those of the line that says what is done.
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

  /** Where there is no terminal to lend, the program is waited for as anything else. */
  readonly lend: Lend = async (what) => {
    const lend = this.#watched?.lend;
    if (lend !== undefined) return lend(what);
    const came = this.expect(what);
    return async () => came();
  };
}

/** The pause after so many tries: doubling, at most 15 s, and half of it random, so that many callers do not come back at once. */
export function backOff(tries: number, firstMs: number): number {
  const most = Math.min(firstMs * 2 ** (tries - 1), 15_000);
  return most / 2 + (Math.random() * most) / 2;
}
