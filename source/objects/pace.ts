/** The speed is measured over the last seconds, because a network changes. In milliseconds. */
const spanMs = 10_000;
/** Before this time has passed, nobody can say how long the rest takes. In milliseconds. */
const leastMs = 2000;

/** Measures how fast a transfer is, and how long the rest takes. */
export class Pace {
  readonly #now: () => number;
  /** What was done at a few moments of the last seconds. */
  readonly #moments: { readonly at: number; readonly done: number }[] = [];
  readonly #began: number;

  /** @param now gives a time in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#began = now();
    this.#moments.push({ at: this.#began, done: 0 });
  }

  /**
   * Notes how many bytes are done. Gives the speed and the time left, such as `12.3 MB/s, 2 min left`; an empty text while
   * nobody can say them.
   */
  words(done: number, total: number): string {
    const now = this.#now();
    this.#moments.push({ at: now, done });
    // The last moment before the span stays: from there the speed is measured.
    while (this.#moments.length > 2 && now - (this.#moments[1]?.at ?? now) > spanMs) this.#moments.shift();
    const [first] = this.#moments;
    if (first === undefined || now - this.#began < leastMs || done <= first.done) return '';
    const perSecond = ((done - first.done) / (now - first.at)) * 1000;
    return `${speedWords(perSecond)}, ${timeWords((total - done) / perSecond)} left`;
  }
}

/** Writes a speed, such as `12.3 MB/s`. */
function speedWords(bytesPerSecond: number): string {
  if (bytesPerSecond >= 1e9) return `${(bytesPerSecond / 1e9).toFixed(1)} GB/s`;
  if (bytesPerSecond >= 1e6) return `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  return `${Math.round(bytesPerSecond / 1000)} kB/s`;
}

/** Writes a time, such as `40 s`, `12 min` or `3 h 20 min`. */
function timeWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
