import { KeySplitter } from './key-splitter.ts';

/** After this time, a lone Esc is the Esc key, and not the first byte of an arrow key or an answer. */
const escapeMs = 50;
/** After this time, any other incomplete sequence counts as ended. */
const sequenceMs = 1000;

/** Splits the input from a terminal into keys. After a timeout it treats an incomplete sequence as ended. */
export class KeyReader {
  readonly #splitter = new KeySplitter();
  readonly #give: (keys: readonly string[]) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param give gets the keys of each read, and keys that were recognised only after a timeout. */
  constructor(give: (keys: readonly string[]) => void) {
    this.#give = give;
  }

  take(bytes: Buffer | string): void {
    const waited = this.#splitter.waiting;
    const keys = this.#splitter.push(bytes);
    // Typed single keys do not restart the timeout of an incomplete answer. Else they would be lost in it without end.
    const isTyped = waited === 'string' && this.#splitter.waiting === 'string' && bytes.length === 1;
    if (!isTyped) this.#wait();
    this.#give(keys);
  }

  /** Drops an incomplete sequence and stops the timeout. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#splitter.flush();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const { waiting } = this.#splitter;
    if (waiting === 'nothing') return;
    const giveUp = () => {
      const keys = this.#splitter.flush();
      this.#wait();
      this.#give(keys);
    };
    this.#timer = setTimeout(giveUp, waiting === 'escape' ? escapeMs : sequenceMs);
  }
}
