import type { Store } from './store.ts';

/** The clock of practice AWS. It may run faster than the system clock and never goes back. */
export type Clock = {
  now(): Date;
  /** Sets the speed: from now on, `speed` practice seconds pass in each real second. */
  run(speed: number): void;
  /** Sets the speed back to 1 if this process changed it. */
  release(): void;
};

/**
 * How long a changed speed stays in effect without renewal, in milliseconds of the system clock. So a killed process does not
 * leave a fast clock behind that makes every key expire.
 */
const lease = 3000;

type Anchor = { readonly wall: number; readonly practice: number; readonly speed: number };

/**
 * Opens the clock of a state folder. All processes that serve the folder share it, and it stays ahead after a restart:
 * material that has expired stays expired.
 */
export function openClock(store: Store): Clock {
  let renewal: NodeJS.Timeout | undefined;
  const anchor = (): Anchor =>
    store.one<Anchor>('SELECT wall, practice, speed FROM clock WHERE one = 1') ?? { wall: 0, practice: 0, speed: 1 };
  const read = ({ wall, practice, speed }: Anchor) => {
    const elapsed = Math.max(Date.now() - wall, 0);
    const leased = Math.min(elapsed, lease);
    return practice + leased * speed + (elapsed - leased);
  };
  const write = (speed: number) =>
    store.run('INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?)', Date.now(), Math.round(read(anchor())), speed);
  const renew = (speed: number) => {
    try {
      store.change(() => write(speed));
    } catch {
      // A disk that is full, or another process that holds the state for long: the next renewal makes up for it.
    }
  };
  return {
    now: () => new Date(Math.round(read(anchor()))),
    run(speed) {
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
