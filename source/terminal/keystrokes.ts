import { Readable } from 'node:stream';
import { setImmediate as nextRound, setTimeout as pause } from 'node:timers/promises';
import { KeyReader } from './key-reader.ts';

/** A key, and when it arrived, by `performance.now()` (milliseconds). */
export type Keystroke = { readonly key: string; readonly at: number };

/**
 * Decides what happens to a key. The screen gets the waiting keys in turns, one after the other. `hand`: the key has a turn of
 * its own. `text`: the key has its turn together with the text keys after it, because a text field takes a string as well as
 * single characters. `hold`: the key waits. `drop`: the key is dropped. `ahead`: the key goes before the waiting keys. The gate
 * is asked when a key arrives, and again in the key's turn.
 */
export type Gate = (keystroke: Keystroke) => 'hand' | 'text' | 'hold' | 'drop' | 'ahead';

type Source = NodeJS.ReadStream;

/** The most turns of waiting keys that Ctrl+C leaves before it. */
const mostTurnsBeforeInterrupt = 16;
/** Arriving keys are dropped until none has arrived for this time, in milliseconds. */
const quietMs = 50;
/** The longest time for which arriving keys are dropped, in milliseconds, even when more and more arrive. */
const longestDropMs = 500;
const escapeKey = '\u001B';
/** The Esc key in another form. After a single Esc byte, Ink waits 20 ms, and would join the Esc with the next key. */
const unmistakableEscape = '\u001B[27u';
/** Ctrl+C. */
export const interrupt = '\u0003';

/**
 * The stream between the terminal and Ink. It gives Ink one key at a time, or text keys that follow each other as one text, and
 * the next only when the screen has changed after the last one. Without this stream, Ink gives all keys of one read to the
 * handlers of the same render. Over ssh, several keys often arrive in one read: then a list (ink-select-input) chooses the wrong
 * item, or Enter becomes text.
 */
export class Keystrokes extends Readable {
  readonly isTTY = true;
  readonly #source: Source;
  readonly #reader = new KeyReader((keys) => this.#enqueue(keys));
  #queue: Keystroke[] = [];
  /** The keys that go before those in the queue. */
  #ahead: Keystroke[] = [];
  #gate: Gate = () => 'hand';
  /** True while the next key waits for the screen. */
  #isPacing = false;
  #isListening = false;
  /** True when bytes have arrived since it was set to false. */
  #hasHeard = false;
  /** True while arriving keys are dropped. */
  #isDeaf = false;

  constructor(source: Source) {
    super({ objectMode: true, highWaterMark: 1, read() {} });
    this.#source = source;
  }

  /** Sets the gate, by which the screen decides which key it takes when. */
  setGate(gate: Gate): void {
    this.#gate = gate;
    this.wake();
  }

  /** Asks the gate again about the waiting keys. Call it when the answer of the gate may have changed. */
  wake(): void {
    this.#pace();
  }

  /** Drops all waiting keys, because the person typed them before they saw the present screen. */
  discard(): void {
    this.#queue = [];
    this.#ahead = [];
  }

  /**
   * Drops all waiting keys and all that arrive from now on, and waits until none has arrived for 50 ms (at most 500 ms). For the
   * end of the program: the shell must not get an Enter that was pressed twice or arrived late.
   */
  async drain(): Promise<void> {
    this.#gate = () => 'drop';
    this.discard();
    await this.dropArriving();
  }

  /**
   * Drops arriving keys, which were typed for another program, until none has arrived for 50 ms (at most for 500 ms). Waiting keys
   * stay.
   */
  async dropArriving(): Promise<void> {
    this.#isDeaf = true;
    const deadline = performance.now() + longestDropMs;
    for (let isQuiet = false; !isQuiet && performance.now() < deadline; ) {
      this.#hasHeard = false;
      await pause(quietMs);
      // After long work of this process, the timer ends before Node has read what has arrived. One round of the event loop
      // later, Node has read it.
      await nextRound();
      isQuiet = !this.#hasHeard;
    }
    this.#isDeaf = false;
  }

  /** Does nothing, because keys are already text. Ink calls it. */
  override setEncoding(): this {
    return this;
  }

  /** Switches the raw mode of the terminal on or off. Listens to the terminal as long as it is on. Ink calls it. */
  setRawMode(raw: boolean): this {
    this.#source.setRawMode?.(raw);
    if (raw && !this.#isListening) {
      this.#isListening = true;
      this.#source.on('data', this.#take);
      this.#source.on('end', this.#end);
      this.#source.resume();
    } else if (!raw && this.#isListening) {
      this.#isListening = false;
      this.#source.off('data', this.#take);
      this.#source.off('end', this.#end);
      this.#source.pause();
      this.#reader.stop();
    }
    return this;
  }

  ref(): this {
    this.#source.ref?.();
    return this;
  }

  unref(): this {
    this.#source.unref?.();
    return this;
  }

  readonly #take = (bytes: Buffer | string): void => {
    this.#hasHeard = true;
    this.#reader.take(bytes);
  };

  readonly #end = (): void => {
    this.push(null);
  };

  /** Puts arriving keys into their queues, as the gate decides. */
  #enqueue(keys: readonly string[]): void {
    if (this.#isDeaf) return;
    const at = performance.now();
    for (const key of keys) {
      if (key === interrupt) this.#dropBeforeInterrupt();
      const verdict = this.#gate({ key, at });
      if (verdict === 'ahead') this.#ahead.push({ key, at });
      else if (verdict !== 'drop') this.#queue.push({ key, at });
    }
    this.#pace();
  }

  /**
   * Is called when Ctrl+C arrives. When the waiting keys need many turns, drops all but an earlier Ctrl+C, so that Ctrl+C acts at
   * once: a terminal does the same at its interrupt key. When they need few turns, keeps them, because nobody notices the delay.
   */
  #dropBeforeInterrupt(): void {
    const waiting = [...this.#ahead, ...this.#queue];
    if (this.#countTurns(waiting) <= mostTurnsBeforeInterrupt) return;
    // Ctrl+C never waits in this queue, and the new one is in no queue yet.
    this.#ahead = [];
    this.#queue = this.#queue.filter(({ key }) => key === interrupt);
  }

  /** Counts the turns that keys need: one for each key, but only one for text keys that follow each other. */
  #countTurns(keystrokes: readonly Keystroke[]): number {
    let turns = 0;
    let isAfterText = false;
    for (const keystroke of keystrokes) {
      const isText = this.#isText(keystroke);
      if (!(isText && isAfterText)) turns += 1;
      isAfterText = isText;
    }
    return turns;
  }

  /** True for a key that the screen can get together with other text keys. */
  #isText(keystroke: Keystroke): boolean {
    return this.#gate(keystroke) === 'text';
  }

  /** Hands over the next key when the screen has finished with the last one. */
  #pace(): void {
    if (this.#isPacing) return;
    this.#isPacing = true;
    // In the first round of the event loop, promises and renders of the last key finish; in the second, React's delayed effects.
    setImmediate(() =>
      setImmediate(() => {
        this.#isPacing = false;
        this.#handNext();
      }),
    );
  }

  /**
   * Gives the screen the next key that it can take now. The gate decides about each key: `hold` keeps it and all keys after it,
   * `drop` throws it away, `text` gives it together with the text after it, and anything else gives it alone. When a Ctrl+C waits
   * behind a held key, the keys before the Ctrl+C are dropped. The gate never holds Ctrl+C, so the loop ends.
   */
  #handNext(): void {
    for (;;) {
      const queue = this.#ahead.length > 0 ? this.#ahead : this.#queue;
      const [next] = queue;
      if (next === undefined) return;
      const verdict = this.#gate(next);
      if (verdict === 'hold') {
        const interruptIndex = this.#queue.findIndex(({ key }) => key === interrupt);
        if (interruptIndex === -1) return;
        // Ctrl+C must not wait for keys that the screen cannot take now.
        this.#ahead = [];
        this.#queue.splice(0, interruptIndex);
        continue;
      }
      queue.shift();
      if (verdict === 'drop') continue;
      if (verdict === 'text') this.push(next.key + this.#takeText(queue));
      else this.push(next.key === escapeKey ? unmistakableEscape : next.key);
      this.#pace();
      return;
    }
  }

  /** Removes the text keys at the beginning of a queue and gives them as one text. */
  #takeText(queue: Keystroke[]): string {
    const end = queue.findIndex((keystroke) => !this.#isText(keystroke));
    const keystrokes = queue.splice(0, end === -1 ? queue.length : end);
    return keystrokes.map(({ key }) => key).join('');
  }
}
