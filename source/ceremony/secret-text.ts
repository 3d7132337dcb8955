import { timingSafeEqual } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { Hidden, zeroedBuffer } from './hidden.ts';

/** The most bytes that a secret text can have. */
const capacity = 1024;

/** Matches a control character, which nobody types into a passphrase on purpose. */
const controls = /\p{Cc}/u;

/** True for a UTF-8 byte that continues a character: its first bits are 10 (RFC 3629, section 3). */
const isContinuation = (byte: number | undefined) => ((byte ?? 0) & 0xc0) === 0x80;

/**
 * A text that is never shown, such as a passphrase: UTF-8 bytes in one buffer outside the JavaScript heap. The code that
 * makes a SecretText must destroy it, which overwrites the bytes with zeroes.
 */
export class SecretText extends Hidden {
  readonly #buffer = zeroedBuffer(capacity);
  #length = 0;

  /** Adds typed or pasted text. @returns why nothing was added, as a sentence; `undefined` when the text was added. */
  append(text: string): string | undefined {
    if (controls.test(text)) return 'It holds a line break or another control character. It was left out.';
    const bytes = Buffer.byteLength(text);
    if (this.#length + bytes > capacity) return `It takes at most ${capacity} bytes.`;
    this.#buffer.write(text, this.#length);
    this.#length += bytes;
    return undefined;
  }

  /**
   * Adds UTF-8 bytes, character by character, so that no string contains the whole text: a string cannot be overwritten.
   * @returns why not all of them were added, as a sentence; `undefined` when they were.
   */
  appendBytes(bytes: Uint8Array): string | undefined {
    const decoder = new StringDecoder();
    for (const byte of bytes) {
      const problem = this.append(decoder.write(Buffer.of(byte)));
      if (problem !== undefined) return problem;
    }
    return this.append(decoder.end());
  }

  /** Removes the last character: its continuation bytes, and then its first byte. */
  removeLast(): void {
    do this.#length = Math.max(0, this.#length - 1);
    while (this.#length > 0 && isContinuation(this.#buffer[this.#length]));
    this.#buffer.fill(0, this.#length);
  }

  /** Gives the number of characters. */
  get count(): number {
    let count = 0;
    for (const byte of this.#buffer.subarray(0, this.#length)) if (!isContinuation(byte)) count += 1;
    return count;
  }

  /** Calls `act` with the UTF-8 bytes. `act` must not keep them after it has returned or after its promise has settled. */
  use<Result>(act: (bytes: Buffer) => Result): Result {
    return act(this.#buffer.subarray(0, this.#length));
  }

  /**
   * True when both texts are the same. Compares the whole buffers, in constant time: behind each text are only zeroes, and no
   * text has a zero in it.
   */
  equals(other: SecretText): boolean {
    return timingSafeEqual(this.#buffer, other.#buffer);
  }

  /** Makes a copy, which the caller must destroy. */
  copy(): SecretText {
    const copy = new SecretText();
    this.#buffer.copy(copy.#buffer);
    copy.#length = this.#length;
    return copy;
  }

  /** Overwrites the text with zeroes and empties it. */
  destroy(): void {
    this.#buffer.fill(0);
    this.#length = 0;
  }

  override toString(): string {
    return '[secret text]';
  }
}
