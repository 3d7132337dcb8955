/** The smallest buffer that is lent, in bytes. */
const leastBytes = 64 * 1024;
/** Buffers from this size on are in memory that threads share, so that another one can hash them. */
const leastShared = 1024 * 1024;
/** At most so many bytes are kept that nobody uses. */
const mostFree = 64 * 1024 * 1024;

/**
 * Lends buffers for the bodies of requests, and lends them again when they are given back. Without it, the garbage collector
 * would free large buffers too late, and memory would grow with the number of requests.
 */
export class BufferPool {
  /** The buffers that nobody uses, by their size in bytes. */
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;

  /** Lends a buffer of at least so many bytes. Its contents are whatever they were. */
  take(bytes: number): Buffer {
    const size = lentSize(bytes);
    const buffer = this.#free.get(size)?.pop();
    if (buffer === undefined)
      return size < leastShared ? Buffer.allocUnsafeSlow(size) : Buffer.from(new SharedArrayBuffer(size));
    this.#freeBytes -= size;
    return buffer;
  }

  /** Takes a buffer back. Nobody may read it afterwards. */
  giveBack(buffer: Buffer): void {
    if (this.#freeBytes + buffer.length > mostFree) return;
    this.#freeBytes += buffer.length;
    const free = this.#free.get(buffer.length) ?? [];
    free.push(buffer);
    this.#free.set(buffer.length, free);
  }
}

/** Gives the size of the buffer that is lent for so many bytes: a power of two, so that buffers fit again. */
export function lentSize(bytes: number): number {
  let size = leastBytes;
  while (size < bytes) size *= 2;
  return size;
}
