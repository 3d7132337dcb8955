/** The smallest buffer that is lent, in bytes. */
const leastBytes = 64 * 1024;
/** Buffers from this size on are in memory that threads share, so that another thread can hash them. */
const leastShared = 1024 * 1024;
/** The most bytes that the pool keeps while nobody uses them. */
const mostFreeBytes = 64 * 1024 * 1024;

/**
 * Lends buffers for the bodies of requests, and lends them again after they came back. Without this pool, the garbage collector
 * would free large buffers too late, and memory would grow with the number of requests.
 */
export class BufferPool {
  /** The buffers that nobody uses, by their size in bytes. */
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;

  /** Lends a buffer of at least `neededBytes` bytes. The buffer may still hold bytes of its last use. */
  lend(neededBytes: number): Buffer {
    const size = lentSize(neededBytes);
    const buffer = this.#free.get(size)?.pop();
    if (buffer === undefined)
      return size < leastShared ? Buffer.allocUnsafeSlow(size) : Buffer.from(new SharedArrayBuffer(size));
    this.#freeBytes -= size;
    return buffer;
  }

  /** Takes a buffer back, or leaves it to the garbage collector when the pool is full. Nobody may read it afterwards. */
  takeBack(buffer: Buffer): void {
    if (this.#freeBytes + buffer.length > mostFreeBytes) return;
    this.#freeBytes += buffer.length;
    const free = this.#free.get(buffer.length) ?? [];
    free.push(buffer);
    this.#free.set(buffer.length, free);
  }
}

/**
 * Gives the size of the buffer that the pool lends for a need: a power of two, so that other needs can use the buffer again.
 */
export function lentSize(neededBytes: number): number {
  let size = leastBytes;
  while (size < neededBytes) size *= 2;
  return size;
}
