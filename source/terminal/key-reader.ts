import { KeySplitter } from './key-splitter.ts';

/** So long a lone Esc may be the first byte of an arrow key or an answer. */
const escapeMs = 50;
/** So long anything longer may be on its way. */
const sequenceMs = 1000;

/** Splits the input from a terminal into keys. After a timeout it treats an incomplete sequence as ended. */
export class KeyReader {
  readonly #splitter = new KeySplitter();
  readonly #give: (keys: readonly string[]) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param give gets the keys of each read, and those that turned out to be keys when no more came. */
  constructor(give: (keys: readonly string[]) => void) {
    this.#give = give;
  }

  take(bytes: Buffer | string): void {
    const waited = this.#splitter.waiting;
    const keys = this.#splitter.push(bytes);
    // Single keys of a person who types do not keep alive the head of an answer that swallows them.
    const isTyped = waited === 'string' && this.#splitter.waiting === 'string' && bytes.length === 1;
    if (!isTyped) this.#wait();
    this.#give(keys);
  }

  /** Lets go of what was begun. */
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
