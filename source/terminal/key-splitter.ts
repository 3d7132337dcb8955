import { InputDecoder } from './input-decoder.ts';
import {
  type Beginning,
  firstPiece,
  isIncomplete,
  isRestOfResponse,
  pasteEnd,
  pasteStart,
  toSevenBits,
  wasTyped,
} from './input-grammar.ts';

const esc = '\u001B';

/**
 * What a splitter waits for. `escape`: the bytes after an Esc, which show whether the Esc is a key. `response`: the rest of
 * a control string, which only a response of the terminal has. `sequence`: the rest of any other sequence.
 */
export type WaitsFor = 'nothing' | 'escape' | Beginning;

/**
 * Splits the input from a terminal into single keys, no matter how reads split or merge the bytes. Drops input that is no
 * key, such as a late response of the terminal to another program. A bracketed paste is one key. Esc and a letter in one read
 * are two keys, because this program has no Alt combinations.
 *
 * Limits: when a response is split after its Esc and its rest arrives after the timeout for a lone Esc, the Esc counts as a
 * key; the rest is still recognised when it is the next input and comes before the timeout for a sequence. When the rest of a
 * response arrives after that timeout, it counts as typing.
 */
export class KeySplitter {
  readonly #decoder = new InputDecoder();
  /** The input that is not split yet. */
  #pending = '';
  /** True when the last key was an Esc that may have been the first byte of a response. */
  #afterEscape = false;

  /** Takes the bytes of one read, and gives the keys that are complete now. */
  push(bytes: Buffer | string): string[] {
    const text = typeof bytes === 'string' ? bytes : this.#decoder.write(bytes);
    // The Esc before was given as a key, but was the first byte of this response.
    if (this.#afterEscape && isRestOfResponse(text)) this.#pending = esc;
    this.#afterEscape = false;
    this.#pending += text;
    const keys: string[] = [];
    while (this.#pending !== '') {
      this.#pending = toSevenBits(this.#pending);
      const piece = firstPiece(this.#pending);
      // Its beginning waits for the next read.
      if (isIncomplete(piece)) break;
      if (piece.isKey) keys.push(closePaste(this.#pending.slice(0, piece.length)));
      this.#pending = this.#pending.slice(piece.length);
    }
    return keys;
  }

  /** What the splitter waits for now. */
  get waiting(): WaitsFor {
    // After an Esc key, the rest of a response may still arrive.
    if (this.#pending === '') return this.#afterEscape ? 'sequence' : 'nothing';
    if (this.#pending === esc) return 'escape';
    const piece = firstPiece(this.#pending);
    return isIncomplete(piece) ? piece : 'nothing';
  }

  /**
   * Ends the wait for more bytes. A lone Esc becomes the Esc key, and an incomplete paste ends here. What looks like the beginning
   * of a string but was typed becomes the Esc key and the keys after it. The beginning of any other sequence is dropped.
   * @returns the keys that result from this.
   */
  flush(): string[] {
    const incomplete = this.#pending;
    this.#pending = '';
    this.#afterEscape = incomplete === esc;
    if (incomplete === esc) return [incomplete];
    if (incomplete.startsWith(pasteStart)) return [closePaste(incomplete)];
    return wasTyped(incomplete) ? [esc, ...this.push(incomplete.slice(1))] : [];
  }
}

/** Ends a paste with the usual end sequence when it has an 8-bit end or none. Other keys stay unchanged. */
function closePaste(key: string): string {
  if (!key.startsWith(pasteStart) || key.endsWith(pasteEnd)) return key;
  return key.replace(/\u009B201~$/, '') + pasteEnd;
}
