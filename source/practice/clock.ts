import type { Store } from './store.ts';

/** The clock of practice AWS, which may run faster than the wall's and never goes back. */
export type Clock = {
  now(): Date;
  /** From this moment on, so many practice seconds pass in a second. */
  run(speed: number): void;
  /** Lets the clock go on at the wall's speed if this process made it faster. */
  release(): void;
};

type Anchor = { readonly wall: number; readonly practice: number; readonly speed: number };

/**
 * Opens the clock of a state folder. All processes that serve the folder share it, and it stays ahead after a restart:
 * material that has expired stays expired.
 */
export function openClock(store: Store): Clock {
  let changed = false;
  const anchor = (): Anchor =>
    store.one<Anchor>('SELECT wall, practice, speed FROM clock WHERE one = 1') ?? { wall: 0, practice: 0, speed: 1 };
  const read = ({ wall, practice, speed }: Anchor) => practice + (Date.now() - wall) * speed;
  const run = (speed: number) =>
    store.change(() => {
      const before = anchor();
      if (before.speed !== speed) {
        store.run('INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?)', Date.now(), Math.round(read(before)), speed);
      }
    });
  return {
    now: () => new Date(Math.round(read(anchor()))),
    run(speed) {
      changed = true;
      run(speed);
    },
    release() {
      if (changed) {
        run(1);
      }
    },
  };
}
