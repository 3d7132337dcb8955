import { randomFillSync, timingSafeEqual } from 'node:crypto';
import { Hidden, zeroedBuffer } from '../ceremony/hidden.ts';

/**
 * Key bytes that nobody can print, serialise or enumerate by accident. Their owner declares them with `using`, or calls
 * {@link SecretBytes.destroy} in `finally`. Both overwrite the bytes with zeroes.
 */
export class SecretBytes extends Hidden {
  readonly #buffer: Buffer;
  #destroyed = false;

  private constructor(length: number) {
    super();
    this.#buffer = zeroedBuffer(length);
  }

  /** Makes random bytes with the operating system's generator through OpenSSL. @param length in bytes; 32 for AES-256. */
  static generate(length = 32): SecretBytes {
    const secret = new SecretBytes(length);
    randomFillSync(secret.#buffer);
    return secret;
  }

  /** Copies bytes, and then overwrites the source with zeroes, so that only the copy is left. */
  static takeFrom(source: Uint8Array): SecretBytes {
    const secret = new SecretBytes(source.byteLength);
    try {
      secret.#buffer.set(source);
      return secret;
    } finally {
      source.fill(0);
    }
  }

  /** The number of bytes, also after destruction. */
  get length(): number {
    return this.#buffer.byteLength;
  }

  /**
   * Calls `act` with the bytes, which `act` must neither keep nor copy. When `act` returns a promise, the caller must not
   * destroy the secret before the promise settles.
   * @throws Error when the secret has been destroyed, because otherwise zeroes might be wrapped instead of a key.
   */
  use<T>(act: (bytes: Buffer) => T): T {
    if (this.#destroyed) throw new Error('This secret has been destroyed.');
    return act(this.#buffer);
  }

  /** Tells whether both hold the same bytes. The time that this takes depends only on their lengths. */
  equals(other: SecretBytes): boolean {
    if (this.length !== other.length) return false;
    return this.use((mine) => other.use((theirs) => timingSafeEqual(mine, theirs)));
  }

  /** Overwrites the bytes with zeroes. May be called more than once. */
  destroy(): void {
    this.#buffer.fill(0);
    this.#destroyed = true;
  }

  /** Destroys the secret at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.destroy();
  }

  override toString(): string {
    return `[secret, ${this.length} bytes]`;
  }
}
