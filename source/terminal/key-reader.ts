import { KeySplitter } from './key-splitter.ts';

/**
 * How long a lone Esc waits for more bytes. Then it is the Esc key, and not the first byte of an arrow key or of a response of
 * the terminal.
 */
const escapeMs = 50;
/** How long any other incomplete sequence waits for more bytes. Then it counts as ended. */
const sequenceMs = 1000;

/** Splits the input from a terminal into keys. After a timeout it treats an incomplete sequence as ended. */
export class KeyReader {
  readonly #splitter = new KeySplitter();
  readonly #giveKeys: (keys: readonly string[]) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param giveKeys gets the keys of each read, and the keys that were recognised only after a timeout. */
  constructor(giveKeys: (keys: readonly string[]) => void) {
    this.#giveKeys = giveKeys;
  }

  /** Takes the bytes of one read from the terminal. */
  take(bytes: Buffer | string): void {
    const waitingBefore = this.#splitter.waiting;
    const keys = this.#splitter.push(bytes);
    // While the end of a terminal's response is missing, each typed key counts as a part of the response and is lost. So a
    // single typed key does not restart the timeout. Otherwise keys would be lost for as long as the person types.
    const isTyped = waitingBefore === 'response' && this.#splitter.waiting === 'response' && bytes.length === 1;
    if (!isTyped) this.#startTimeout();
    this.#giveKeys(keys);
  }

  /** Drops an incomplete sequence and stops the timeout. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#splitter.flush();
  }

  /** Stops the earlier timeout. When the splitter waits for more input, starts a new one. */
  #startTimeout(): void {
    clearTimeout(this.#timer);
    const { waiting } = this.#splitter;
    if (waiting === 'nothing') return;
    const giveUp = () => {
      const keys = this.#splitter.flush();
      // The input may be incomplete again: after a lone Esc, the rest of a response may still arrive.
      this.#startTimeout();
      this.#giveKeys(keys);
    };
    this.#timer = setTimeout(giveUp, waiting === 'escape' ? escapeMs : sequenceMs);
  }
}
