import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { KeyReader } from './key-reader.ts';

/** A key that waits, and when it arrived, by `performance.now()`. */
export type Keystroke = { readonly key: string; readonly at: number };

/**
 * Decides what happens to a key. `hand`: the screen gets it in its turn. `hold`: it waits. `drop`: it is dropped. `ahead`:
 * it goes before the waiting keys. `text`: the screen gets it together with the text after it, because a field takes a
 * string like single characters. The gate is asked when a key arrives and again at its turn.
 */
export type Gate = (keystroke: Keystroke) => 'hand' | 'text' | 'hold' | 'drop' | 'ahead';

type Source = NodeJS.ReadStream;

const mostTurnsBeforeInterrupt = 16;
const drainMs = 50;
const drainMostMs = 500;
const escapeKey = '\u001B';
/** Esc in another form. After a single Esc byte, Ink waits 20 ms and would join it with the next key. */
const unmistakableEscape = '\u001B[27u';
export const interrupt = '\u0003';

/**
 * The stream between the terminal and Ink. It gives Ink one key at a time, and the next one only when the screen has changed
 * after the last one. Without it, Ink gives all keys of one read to the handlers of the same render. Over ssh, several keys
 * often arrive in one read; a list (ink-select-input) then chooses the wrong item, or Enter becomes text.
 */
export class Keystrokes extends Readable {
  readonly isTTY = true;
  readonly #source: Source;
  readonly #reader = new KeyReader((keys) => this.#enqueue(keys));
  #queue: Keystroke[] = [];
  #ahead: Keystroke[] = [];
  #gate: Gate = () => 'hand';
  #pacing = false;
  #listening = false;
  #heard = false;
  #deaf = false;

  constructor(source: Source) {
    super({ objectMode: true, highWaterMark: 1, read() {} });
    this.#source = source;
  }

  /** Lets the screen decide when it takes which key. */
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
   * Drops all waiting keys and all that arrive, until none has arrived for 50 ms (at most 500 ms). The shell must not get an
   * Enter that was pressed twice or arrived late.
   */
  async drain(): Promise<void> {
    this.#gate = () => 'drop';
    this.discard();
    await this.dropArriving();
  }

  /** Drops arriving keys, which were typed for another program, until none has arrived for 50 ms. Waiting keys stay. */
  async dropArriving(): Promise<void> {
    this.#deaf = true;
    const giveUp = performance.now() + drainMostMs;
    for (let quiet = false; !quiet && performance.now() < giveUp; ) {
      this.#heard = false;
      await pause(drainMs);
      quiet = !this.#heard;
    }
    this.#deaf = false;
  }

  /** Does nothing, because keys are already text. Ink calls it. */
  override setEncoding(): this {
    return this;
  }

  setRawMode(raw: boolean): this {
    this.#source.setRawMode?.(raw);
    if (raw && !this.#listening) {
      this.#listening = true;
      this.#source.on('data', this.#take);
      this.#source.on('end', this.#end);
      this.#source.resume();
    } else if (!raw && this.#listening) {
      this.#listening = false;
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
    this.#heard = true;
    this.#reader.take(bytes);
  };

  readonly #end = (): void => {
    this.push(null);
  };

  #enqueue(keys: readonly string[]): void {
    if (this.#deaf) return;
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
   * Drops the keys that wait when Ctrl+C arrives, as a terminal does at its interrupt key. When only a few keys wait, such
   * as a word that was just typed, they stay, because the delay is not noticeable.
   */
  #dropBeforeInterrupt(): void {
    const waiting = [...this.#ahead, ...this.#queue];
    const turns = waiting.filter((keystroke, index) => {
      const before = waiting[index - 1];
      return before === undefined || this.#gate(before) !== 'text' || this.#gate(keystroke) !== 'text';
    }).length;
    if (turns <= mostTurnsBeforeInterrupt) return;
    this.#ahead = [];
    this.#queue = this.#queue.filter(({ key }) => key === interrupt);
  }

  /** Hands over the next key when the screen has finished with the last one. */
  #pace(): void {
    if (this.#pacing) return;
    this.#pacing = true;
    // In the first turn, promises and renders of the last key finish; in the second, the delayed effects of React.
    setImmediate(() =>
      setImmediate(() => {
        this.#pacing = false;
        this.#hand();
      }),
    );
  }

  #hand(): void {
    for (;;) {
      const line = this.#ahead.length > 0 ? this.#ahead : this.#queue;
      const [next] = line;
      if (next === undefined) return;
      const verdict = this.#gate(next);
      if (verdict === 'hold') {
        const stop = line.findIndex(({ key }) => key === interrupt);
        if (stop === -1) return;
        // Ctrl+C must not wait for keys that the screen cannot take now. They are dropped.
        line.splice(0, stop);
        continue;
      }
      line.shift();
      if (verdict === 'drop') continue;
      if (verdict === 'text') this.push(next.key + this.#textAtHead(line));
      else this.push(next.key === escapeKey ? unmistakableEscape : next.key);
      this.#pace();
      return;
    }
  }

  /** Removes the text keys at the beginning of a queue and gives them as one text. */
  #textAtHead(line: Keystroke[]): string {
    const end = line.findIndex((keystroke) => this.#gate(keystroke) !== 'text');
    const text = line.splice(0, end === -1 ? line.length : end);
    return text.map(({ key }) => key).join('');
  }
}
