import type { Store } from './store.ts';

/** The clock of practice AWS. It may run faster or slower than the system clock, and is never set back. */
export type Clock = {
  now(): Date;
  /** From now on, `speed` practice seconds pass in each real second. */
  setSpeed(speed: number): void;
  /** Sets the speed back to 1 if this process changed it. */
  release(): void;
};

/**
 * How many milliseconds of the system clock a changed speed lasts without renewal: its lease. Without this limit, a killed
 * process would leave a fast clock behind, which makes every key expire.
 */
const lease = 3000;

/** At the system time `wall`, the practice time was `practice` (both in milliseconds). Since then it runs at this speed. */
type Anchor = { readonly wall: number; readonly practice: number; readonly speed: number };

/**
 * Opens the clock of a state folder. All processes that serve the folder share this clock. It is never set back, not even
 * by a restart, so that expired material stays expired. The process that set a speed renews the speed before its lease ends.
 */
export function openClock(store: Store): Clock {
  let renewal: NodeJS.Timeout | undefined;
  /** Reads when the speed was set last. Before it is set for the first time, the practice time is the real time. */
  const readAnchor = (): Anchor =>
    store.first<Anchor>('SELECT wall, practice, speed FROM clock WHERE one = 1') ?? { wall: 0, practice: 0, speed: 1 };
  /** Gives the practice time of this moment. After the lease, the clock runs at speed 1. */
  const practiceTime = ({ wall, practice, speed }: Anchor) => {
    const elapsed = Math.max(Date.now() - wall, 0);
    const leased = Math.min(elapsed, lease);
    return practice + leased * speed + (elapsed - leased);
  };
  /** Sets an anchor at this moment: from now on, the clock runs at this speed for a lease. */
  const write = (speed: number) =>
    store.run(
      'INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?)',
      Date.now(),
      Math.round(practiceTime(readAnchor())),
      speed,
    );
  const renew = (speed: number) => {
    try {
      store.change(() => write(speed));
    } catch {
      // The disk is full, or another process has locked the state for long. The next renewal tries again.
    }
  };
  return {
    now: () => new Date(Math.round(practiceTime(readAnchor()))),
    setSpeed(speed) {
      clearInterval(renewal);
      renewal = undefined;
      store.change(() => write(speed));
      if (speed !== 1) renewal = setInterval(renew, lease / 3, speed).unref();
    },
    release() {
      if (renewal) {
        clearInterval(renewal);
        store.change(() => write(1));
      }
    },
  };
}
