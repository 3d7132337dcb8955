import { InputDecoder } from './input-decoder.ts';
import { firstPiece, goesOnAsAnswer, pasteEnd, pasteStart, toSevenBits, wasTyped } from './input-grammar.ts';

const esc = '\u001B';

/**
 * What a splitter waits for: nothing, whether an Esc was a key of its own, the rest of an answer in a string, or the rest
 * of another sequence.
 */
export type Incomplete = 'nothing' | 'escape' | 'string' | 'sequence';

/**
 * Splits the input from a terminal into single keys, however the line has split or merged the bytes, and drops all input
 * that is not a key, such as late answers to questions of another program. A bracketed paste is one key. Alt combinations are
 * not used in this program, so that Esc and a letter in one read stay two keys.
 *
 * Its limits: when an answer of the terminal is split after its first byte, and the rest arrives after the wait for a lone
 * Esc, the Esc counts as a key; the rest is still recognised as an answer if it arrives next. When the rest of an answer
 * arrives after the wait for a sequence, it counts as typing.
 */
export class KeySplitter {
  readonly #decoder = new InputDecoder();
  #pending = '';
  /** True when the last key was an Esc that may have been the first byte of an answer. */
  #afterEscape = false;

  push(bytes: Buffer | string): string[] {
    const text = typeof bytes === 'string' ? bytes : this.#decoder.write(bytes);
    if (this.#afterEscape && goesOnAsAnswer(text)) this.#pending = esc;
    this.#afterEscape = false;
    this.#pending += text;
    const keys: string[] = [];
    while (this.#pending !== '') {
      this.#pending = toSevenBits(this.#pending);
      const piece = firstPiece(this.#pending);
      if (typeof piece === 'string') break;
      if (piece.isKey) keys.push(closed(this.#pending.slice(0, piece.length)));
      this.#pending = this.#pending.slice(piece.length);
    }
    return keys;
  }

  get waiting(): Incomplete {
    if (this.#pending === '') return this.#afterEscape ? 'sequence' : 'nothing';
    if (this.#pending === esc) return 'escape';
    const piece = firstPiece(this.#pending);
    return typeof piece === 'string' ? piece : 'nothing';
  }

  /**
   * Ends the wait for further bytes. A lone Esc counts as the Esc key, an incomplete paste ends here, and the incomplete
   * beginning of any other sequence is dropped.
   * @returns the keys that result.
   */
  flush(): string[] {
    const rest = this.#pending;
    this.#pending = '';
    this.#afterEscape = rest === esc;
    if (rest === esc) return [rest];
    if (rest.startsWith(pasteStart)) return [closed(rest)];
    return wasTyped(rest) ? [esc, ...this.push(rest.slice(1))] : [];
  }
}

function closed(key: string): string {
  if (!key.startsWith(pasteStart) || key.endsWith(pasteEnd)) return key;
  return key.replace(/\u009B201~$/, '') + pasteEnd;
}
