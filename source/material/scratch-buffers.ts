import { zeroedBuffer } from '../ceremony/hidden.ts';

/** Buffers for bytes that may be a key. {@link withScratch} overwrites all of them with zeroes at its end. */
export class ScratchBuffers {
  readonly #buffers: Buffer[] = [];

  /** Gives a new zero-filled buffer with its own memory, outside Node's pool. @param length in bytes. */
  allocate(length: number): Buffer {
    const buffer = zeroedBuffer(length);
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Overwrites all buffers with zeroes. */
  zero(): void {
    for (const buffer of this.#buffers) buffer.fill(0);
  }
}

/**
 * Calls `act` with scratch buffers, and overwrites them with zeroes afterwards, also after an error. `act` must be
 * synchronous.
 */
export function withScratch<Result>(act: (scratch: ScratchBuffers) => Result): Result {
  const scratch = new ScratchBuffers();
  try {
    return act(scratch);
  } finally {
    scratch.zero();
  }
}
