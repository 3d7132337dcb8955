import { zeroedBuffer } from '../ceremony/hidden.ts';

/**
 * Buffers for bytes that may be a key while a file is read and decoded. All are zeroed together at the end of
 * {@link withScratch}.
 */
export class ScratchBuffers {
  readonly #buffers: Buffer[] = [];

  /** Gives a zero-filled buffer outside the pool. */
  allocate(length: number): Buffer {
    const buffer = zeroedBuffer(length);
    this.#buffers.push(buffer);
    return buffer;
  }

  zero(): void {
    for (const buffer of this.#buffers) buffer.fill(0);
  }
}

/** Runs an act with scratch that is zeroed afterwards, on every path. */
export function withScratch<Result>(act: (scratch: ScratchBuffers) => Result): Result {
  const scratch = new ScratchBuffers();
  try {
    return act(scratch);
  } finally {
    scratch.zero();
  }
}
