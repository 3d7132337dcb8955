import { InputDecoder } from './input-decoder.ts';
import { firstPiece, goesOnAsAnswer, inSevenBits, pasteEnd, pasteStart, wasTyped } from './input-grammar.ts';

const esc = '\u001B';

/**
 * What a splitter waits for: nothing, whether an Esc was a key of its own, the rest of an answer in a string, or the rest
 * of another sequence.
 */
export type Waiting = 'nothing' | 'escape' | 'string' | 'sequence';

/**
 * Cuts what a terminal sends into single keys, whatever way the bytes were split and merged on the line, and lets go of
 * what is no key, such as late answers to questions of another program. A bracketed paste is one key. Alt combinations are
 * not used in this program, so that Esc and a letter in one read stay two keys.
 *
 * Its limits: where an answer is cut behind its first byte, and the rest comes later than the wait for a lone Esc, that Esc
 * is a key; the rest is still known as an answer if it comes next. Where the rest of an answer comes later than the wait for
 * a sequence, it is taken for typing.
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
      this.#pending = inSevenBits(this.#pending);
      const piece = firstPiece(this.#pending);
      if (typeof piece === 'string') break;
      if (piece.isKey) keys.push(closed(this.#pending.slice(0, piece.length)));
      this.#pending = this.#pending.slice(piece.length);
    }
    return keys;
  }

  get waiting(): Waiting {
    if (this.#pending === '') return this.#afterEscape ? 'sequence' : 'nothing';
    if (this.#pending === esc) return 'escape';
    const piece = firstPiece(this.#pending);
    return typeof piece === 'string' ? piece : 'nothing';
  }

  /**
   * Gives up waiting: a lone Esc was the key, a paste ends where it broke off, and the head of any other sequence is
   * dropped rather than taken for typing.
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
