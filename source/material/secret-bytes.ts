import { randomFillSync, timingSafeEqual } from 'node:crypto';
import { Hidden, zeroedBuffer } from '../ceremony/hidden.ts';

/**
 * Key bytes that cannot be printed, serialised or enumerated by accident, and are zeroed when they are no longer needed.
 * Use with `using`, or call {@link SecretBytes.destroy} in `finally`.
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

  /** Takes bytes over: copies them, then zeroes the source, so that one copy is left. */
  static takeFrom(source: Uint8Array): SecretBytes {
    const secret = new SecretBytes(source.byteLength);
    try {
      secret.#buffer.set(source);
      return secret;
    } finally {
      source.fill(0);
    }
  }

  /** Number of bytes; stays known after destruction. */
  get length(): number {
    return this.#buffer.byteLength;
  }

  /**
   * Lends the bytes to `act`, which must neither keep nor copy them. When `act` gives a promise, the secret must not be
   * destroyed before it settles.
   * @throws Error when the secret has been destroyed: zeroes must never be wrapped in a key's place.
   */
  use<T>(act: (bytes: Buffer) => T): T {
    if (this.#destroyed) throw new Error('This secret has been destroyed.');
    return act(this.#buffer);
  }

  /** Compares in a time that depends on the lengths alone. */
  equals(other: SecretBytes): boolean {
    if (this.length !== other.length) return false;
    return this.use((mine) => other.use((theirs) => timingSafeEqual(mine, theirs)));
  }

  /** Zeroes the bytes. May be called again. */
  destroy(): void {
    this.#buffer.fill(0);
    this.#destroyed = true;
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  override toString(): string {
    return `[secret, ${this.length} bytes]`;
  }
}
