import { mebibyte } from './part-size.ts';

/** How many requests run at the same time when a transfer begins. */
const firstRequests = 8;
/** The limit is never lower than this, even when S3 asks to wait. */
const fewestRequests = 4;
/** The SDK opens at most 50 connections to a host. */
const mostRequests = 48;
/** How many bytes the bodies of all requests together may have in memory. */
const mostBytes = 64 * mebibyte;
/** One request takes about the time in which this number of bytes is sent. With it, many small files count as work too. */
const costOfRequest = 64 * 1024;
/** The throughput is measured at least over this time, in milliseconds. */
const leastWindowMs = 100;
/** By this factor the limit is raised. */
const growth = 1.5;
/** A higher limit stays when the throughput has grown at least by this factor. */
const leastGain = 1.05;
/** After more requests were no faster, or S3 asked to wait, the limit is not raised during this number of windows. */
const restWindows = 30;

/**
 * Decides how many requests run at the same time. It begins with few. While more requests make the transfer faster, it allows
 * more; when they do not, it goes back. The bytes in memory are limited too.
 */
export class Flow {
  #limit = firstRequests;
  #running = 0;
  #bytes = 0;
  readonly #waiting: { readonly bytes: number; readonly begin: () => void }[] = [];
  readonly #now: () => number;
  #windowBegan: number;
  #windowWork = 0;
  #windowEnded = 0;
  /** True when a request had to wait in this window. */
  #wasFull = false;
  /** While more requests are tried: how many ran before, and the throughput then, in bytes a millisecond. */
  #limitBefore: number | undefined;
  #rateBefore = 0;
  /** During how many more windows the limit is not raised. */
  #restLeft = 0;

  /** @param now gives a time in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#windowBegan = now();
  }

  /** How many requests may run at the same time now. */
  get limit(): number {
    return this.#limit;
  }

  /**
   * Waits until one more request may begin. The request that has waited longest begins first.
   * @param bytes how many bytes of memory its body takes.
   * @returns the function to call when the request has ended, with the number of bytes that count as sent.
   */
  async begin(bytes: number): Promise<(sentBytes: number) => void> {
    if (this.#waiting.length === 0 && this.#fits(bytes)) this.#countRunning(bytes);
    // A request that waits is counted when `#beginWaiting` lets it begin.
    else await new Promise<void>((begin) => this.#waiting.push({ bytes, begin }));
    let hasEnded = false;
    return (sentBytes) => {
      if (hasEnded) return;
      hasEnded = true;
      this.#running -= 1;
      this.#bytes -= bytes;
      this.#measure(sentBytes);
      this.#beginWaiting();
    };
  }

  /** Allows half as many requests. Call this when S3 asks to wait. */
  slowDown(): void {
    this.#limit = Math.max(fewestRequests, Math.floor(this.#limit / 2));
    this.#limitBefore = undefined;
    this.#restLeft = restWindows;
  }

  /**
   * Tells whether one more request may run now. When it may not, notes that the window was full. One request may always run,
   * whatever its size.
   */
  #fits(bytes: number): boolean {
    const hasRoom = this.#running === 0 || this.#bytes + bytes <= mostBytes;
    const fits = this.#running < this.#limit && hasRoom;
    if (!fits) this.#wasFull = true;
    return fits;
  }

  /** Counts a request, and the bytes of its body, as running. */
  #countRunning(bytes: number): void {
    this.#running += 1;
    this.#bytes += bytes;
  }

  /** Counts and begins the waiting requests, in their order, until the next of them does not fit. */
  #beginWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#countRunning(next.bytes);
      next.begin();
    }
  }

  /**
   * Counts a request that has ended. At the end of a window, measures its throughput and decides about the limit. A window ends
   * when it has lasted long enough, and as many requests have ended in it as may run at the same time.
   */
  #measure(sentBytes: number): void {
    this.#windowWork += sentBytes + costOfRequest;
    this.#windowEnded += 1;
    const elapsed = this.#now() - this.#windowBegan;
    if (elapsed < leastWindowMs || this.#windowEnded < this.#limit) return;
    // When requests did not wait for one another, more of them would change nothing.
    if (this.#wasFull) this.#decide(this.#windowWork / elapsed);
    this.#windowBegan = this.#now();
    this.#windowWork = 0;
    this.#windowEnded = 0;
    this.#wasFull = false;
  }

  /**
   * Takes the last rise of the limit back when it brought no more throughput. After that, and after {@link slowDown}, the limit
   * stays for some windows. Else raises it for the next window.
   */
  #decide(rate: number): void {
    if (this.#limitBefore !== undefined && rate < this.#rateBefore * leastGain) {
      this.#limit = this.#limitBefore;
      this.#limitBefore = undefined;
      this.#restLeft = restWindows;
      return;
    }
    if (this.#restLeft > 0) {
      this.#restLeft -= 1;
      return;
    }
    this.#limitBefore = this.#limit;
    this.#rateBefore = rate;
    this.#limit = Math.min(mostRequests, Math.ceil(this.#limit * growth));
  }
}
