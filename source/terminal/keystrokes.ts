import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { KeyReader } from './key-reader.ts';

/** A key as it waits its turn. */
export type Keystroke = { readonly key: string; readonly at: number };

/**
 * Decides about a key. `hand`: it goes to the screen in its turn. `hold`: it waits until the screen can take it. `drop`: it is
 * dropped. `ahead`: it goes before the keys that wait. `text`: it goes to the screen together with the text that follows,
 * because the open field takes a string like single characters. The gate is called when a key arrives and again at its turn.
 */
export type Gate = (keystroke: Keystroke) => 'hand' | 'text' | 'hold' | 'drop' | 'ahead';

type Source = NodeJS.ReadStream;

const mostTurnsBeforeInterrupt = 16;
const drainMs = 50;
const drainMostMs = 500;
const lone = '\u001B';
/** Ink waits 20 ms behind a bare Esc and would join it with the next key. This is the same key, and leaves no doubt. */
const unmistakableEscape = '\u001B[27u';
export const interrupt = '\u0003';

/**
 * The stream between the terminal and Ink: hands over one key at a time, and the next one only after the screen has
 * taken in what the last one changed. Ink gives all keys of one read to handlers of the same render; over ssh several
 * keys often arrive in one read, and a list then chooses the wrong item (ink-select-input) or Enter becomes text.
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

  /** To be called when the gate's answer may have changed. */
  wake(): void {
    this.#pace();
  }

  /** Drops all waiting keys: the person typed them for another screen than the one that appeared. */
  discard(): void {
    this.#queue = [];
    this.#ahead = [];
  }

  /**
   * Reads and drops all keys until none has arrived for 50 ms. An Enter that was pressed twice, or arrived late, must not
   * reach the shell afterwards.
   */
  async drain(): Promise<void> {
    this.#gate = () => 'drop';
    this.discard();
    await this.letPass();
  }

  /** Drops arriving keys until none has arrived for 50 ms: they were typed for another program. Keys that wait here stay. */
  async letPass(): Promise<void> {
    this.#deaf = true;
    const giveUp = performance.now() + drainMostMs;
    for (let quiet = false; !quiet && performance.now() < giveUp; ) {
      this.#heard = false;
      await pause(drainMs);
      quiet = !this.#heard;
    }
    this.#deaf = false;
  }

  /** Ink asks for this; keys are text already. */
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
      if (key === interrupt) this.#makeWay();
      const verdict = this.#gate({ key, at });
      if (verdict === 'ahead') this.#ahead.push({ key, at });
      else if (verdict !== 'drop') this.#queue.push({ key, at });
    }
    this.#pace();
  }

  /**
   * Drops the keys that wait before Ctrl+C, as a terminal line does at its interrupt key. A few keys, such as a word that was
   * just typed, are kept: nobody notices that short wait.
   */
  #makeWay(): void {
    const waiting = [...this.#ahead, ...this.#queue];
    const turns = waiting.filter((keystroke, index) => {
      const before = waiting[index - 1];
      return before === undefined || this.#gate(before) !== 'text' || this.#gate(keystroke) !== 'text';
    }).length;
    if (turns <= mostTurnsBeforeInterrupt) return;
    this.#ahead = [];
    this.#queue = this.#queue.filter(({ key }) => key === interrupt);
  }

  #pace(): void {
    if (this.#pacing) return;
    this.#pacing = true;
    // The first turn lets promises and renders of the last key finish, the second the effects that React put off.
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
        // What the screen cannot take now must not hold up Ctrl+C.
        line.splice(0, stop);
        continue;
      }
      line.shift();
      if (verdict === 'drop') continue;
      if (verdict === 'text') this.push(next.key + this.#textAtHead(line));
      else this.push(next.key === lone ? unmistakableEscape : next.key);
      this.#pace();
      return;
    }
  }

  /** Takes the text that waits at the head of a line. */
  #textAtHead(line: Keystroke[]): string {
    const end = line.findIndex((keystroke) => this.#gate(keystroke) !== 'text');
    const text = line.splice(0, end === -1 ? line.length : end);
    return text.map(({ key }) => key).join('');
  }
}
