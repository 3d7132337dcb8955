import { SecretText } from '../../ceremony/secret-text.ts';
import { KeyReader } from '../../terminal/key-reader.ts';
import { KeySplitter } from '../../terminal/key-splitter.ts';

/** A stream; a terminal has `isTTY` and can switch to raw mode, in which it neither echoes nor edits. */
type Source = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

/** Why a line cannot be the secret that was asked for, as a sentence. */
export type UnfitSecret = { readonly problem: string };

/** The promise of a caller that waits for a line or a secret text; `undefined` in its place means the end of the input. */
type PendingCaller = { resolve(line: Buffer | undefined): void; reject(error: Error): void };

const lineFeed = 0x0a;
const esc = '\u001B';
const carriageReturn = 0x0d;
const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ctrlU = '\u0015';
const backspace = '\u007F';

/** What a closed reader has left of its source. */
type Leftover = { readonly unread: readonly Buffer[]; readonly partial: Buffer; readonly sourceEnded: boolean };

/** For the next reader of a source: what the last one has left. */
const leftovers = new WeakMap<Source, Leftover>();

/**
 * Reads lines, in order, from a terminal or a pipe. The terminal itself edits and echoes the line, so that no escape
 * sequences are needed; only for a secret text the echo is off. Lines stay bytes until a caller reads them as text.
 */
export class LineInput {
  readonly #source: Source;
  /** The lines that arrived and that nobody has read yet. */
  readonly #unread: Buffer[];
  /** The bytes after the last line feed: the beginning of a line. */
  #partial: Buffer;
  #sourceEnded: boolean;
  #pending: PendingCaller | undefined;
  /** Gets the input while the person types a secret. */
  #typing: KeyReader | undefined;
  #isEchoOff = false;

  constructor(source: Source) {
    this.#source = source;
    const leftover = leftovers.get(source);
    this.#unread = [...(leftover?.unread ?? [])];
    this.#partial = leftover?.partial ?? Buffer.alloc(0);
    this.#sourceEnded = leftover?.sourceEnded ?? false;
    source.on('data', this.#receive);
    source.on('end', this.#end);
    source.on('error', this.#end);
    // The last reader has paused the source, and listeners alone do not resume it.
    source.resume();
  }

  /** The number of lines that arrived before the program asked for them. */
  get linesAhead(): number {
    return this.#unread.length;
  }

  /** True when the input has ended and every line was read. */
  get hasEnded(): boolean {
    return this.#sourceEnded && this.#unread.length === 0;
  }

  /** Gives the next line, or `undefined` at the end of the input. Leaves out answers that a terminal gave to other programs. */
  async next(): Promise<string | undefined> {
    const line = await this.#line();
    if (line === undefined || this.#source.isTTY !== true) return line?.toString();
    const splitter = new KeySplitter();
    return [...splitter.push(line), ...splitter.flush()].join('');
  }

  /**
   * Gives the next line as a secret text, which the caller must destroy. Gives an {@link UnfitSecret} when the line is too long or
   * has a control character, such as a tab: the text without the tab would be another secret. Gives `interrupted` at Ctrl+C, or
   * `undefined` at the end of the input. At a terminal, the echo stays off until {@link restore}, because the person may have to
   * type another text when this one is refused.
   */
  async secret(): Promise<SecretText | UnfitSecret | 'interrupted' | undefined> {
    const isTyped = this.#source.isTTY === true && this.#source.setRawMode !== undefined;
    if (isTyped && !this.#sourceEnded) return this.#readTyped();
    const line = await this.#line();
    if (line === undefined) return undefined;
    const text = new SecretText();
    const problem = text.appendBytes(line);
    line.fill(0);
    if (problem === undefined) return text;
    text.destroy();
    return { problem };
  }

  /** Drops the lines that arrived before the program asked for them. */
  discard(): void {
    this.#unread.length = 0;
  }

  /** Rejects the pending {@link next} or {@link secret} with this error. */
  fail(error: Error): void {
    this.#takePending()?.reject(error);
  }

  /** Stops reading until {@link goOn}, so that another program can read from the terminal. */
  rest(): void {
    this.#source.pause();
  }

  /** Reads again after {@link rest}. */
  goOn(): void {
    this.#source.resume();
  }

  /** Switches the echo of the terminal on again, and stops reading single keys. */
  restore(): void {
    if (this.#isEchoOff) this.#source.setRawMode?.(false);
    this.#isEchoOff = false;
    this.#endTyping();
  }

  /**
   * Stops reading for good. The next reader gets the unread lines of a pipe; what was typed ahead at a terminal is dropped. Still
   * listens for an error of the source: without a listener, it would end the process.
   */
  close(): void {
    this.restore();
    const isTerminal = this.#source.isTTY === true;
    leftovers.set(this.#source, {
      unread: isTerminal ? [] : this.#unread,
      partial: isTerminal ? Buffer.alloc(0) : this.#partial,
      sourceEnded: this.#sourceEnded,
    });
    this.#source.off('data', this.#receive);
    this.#source.off('end', this.#end);
    this.#source.pause();
  }

  /** Gives the next line as bytes, as soon as it arrives; `undefined` at the end of the input. */
  #line(): Promise<Buffer | undefined> {
    const line = this.#unread.shift();
    if (line !== undefined || this.#sourceEnded) return Promise.resolve(line);
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
    });
  }

  /**
   * Reads keys with the echo off. Enter ends the text, Backspace and Ctrl+U delete. Ctrl+C gives `interrupted`, and Ctrl+D
   * `undefined`, as the end of the input does. Arrow keys and the like do nothing.
   */
  #readTyped(): Promise<SecretText | UnfitSecret | 'interrupted' | undefined> {
    const text = new SecretText();
    /** Why a typed character is not in the text. Only Ctrl+U, which deletes the whole text, makes the text fit again. */
    let problem: string | undefined;
    this.#source.setRawMode?.(true);
    this.#isEchoOff = true;
    return new Promise((resolve, reject) => {
      const end = (result: SecretText | UnfitSecret | 'interrupted' | undefined) => {
        this.#takePending();
        this.#endTyping();
        if (result !== text) text.destroy();
        resolve(result);
      };
      this.#pending = {
        resolve: () => end(undefined),
        reject: (error) => {
          // The first call decides: after it, `end` only cleans up.
          reject(error);
          end(undefined);
        },
      };
      this.#typing = new KeyReader((keys) => {
        for (const key of keys) {
          if (key === '\r' || key === '\n') return end(problem === undefined ? text : { problem });
          if (key === ctrlC) return end('interrupted');
          if (key === ctrlD) return end(undefined);
          if (key === backspace || key === '\b') text.removeLast();
          else if (key === ctrlU) {
            text.destroy();
            problem = undefined;
          } else if (!key.startsWith(esc)) problem ??= text.append(key);
        }
      });
    });
  }

  /** Stops reading single keys. The echo stays as it is. */
  #endTyping(): void {
    this.#typing?.stop();
    this.#typing = undefined;
  }

  /** Takes a chunk of input: hands it to the secret that is being typed, or splits it into lines. */
  readonly #receive = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (this.#typing === undefined) this.#splitIntoLines(bytes);
    else this.#typing.take(bytes);
    // A secret may have been in it.
    bytes.fill(0);
  };

  /** Delivers copies of the lines in these bytes, and keeps a copy of what is behind the last line feed. */
  #splitIntoLines(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
      this.#deliver(this.#takePartialWith(bytes.subarray(start, end)));
      start = end + 1;
    }
    this.#partial = this.#takePartialWith(bytes.subarray(start));
  }

  /** Gives the beginning of a line with these bytes behind it. Nothing stays of that beginning. */
  #takePartialWith(bytes: Buffer): Buffer {
    const line = Buffer.concat([this.#partial, bytes]);
    this.#partial.fill(0);
    this.#partial = Buffer.alloc(0);
    return line;
  }

  /** Notes the end of the input. A last line without a line feed counts as a line. */
  readonly #end = (): void => {
    if (this.#partial.length > 0) this.#deliver(this.#partial);
    this.#partial = Buffer.alloc(0);
    this.#sourceEnded = true;
    this.#takePending()?.resolve(undefined);
  };

  /** Gives a line, without its carriage return, to the caller that waits. When none waits, keeps the line. */
  #deliver(line: Buffer): void {
    const content = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
    const pending = this.#takePending();
    if (pending === undefined) this.#unread.push(content);
    else pending.resolve(content);
  }

  /** Gives the caller that waits for a line, if there is one. After that, no caller waits. */
  #takePending(): PendingCaller | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}
