import { StringDecoder } from 'node:string_decoder';
import { SecretText } from '../../ceremony/secret-text.ts';
import { KeyReader } from '../../terminal/key-reader.ts';
import { KeySplitter } from '../../terminal/key-splitter.ts';

type Source = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
type Wanted = { resolve(line: Buffer | undefined): void; reject(error: Error): void };

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads lines, in order, from a terminal or a pipe. The terminal itself edits and echoes the line, so that no escape
 * sequences are needed; only for a secret text the echo is off. Lines stay bytes until somebody asks for them.
 */
export class LineInput {
  readonly #source: Source;
  readonly #waiting: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;
  #wanted: Wanted | undefined;
  /** Gets the input while the person types a secret. */
  #typing: KeyReader | undefined;
  #isEchoOff = false;

  constructor(source: Source) {
    this.#source = source;
    source.on('data', this.#take);
    source.on('end', this.#end);
    source.on('error', this.#end);
  }

  /** The number of lines that arrived before the program asked for them. */
  get linesAhead(): number {
    return this.#waiting.length;
  }

  /** True when the input has ended and every line was read. */
  get hasEnded(): boolean {
    return this.#ended && this.#waiting.length === 0;
  }

  /** Gives the next line, or `undefined` at the end of the input. Leaves out answers of the terminal to other programs. */
  async next(): Promise<string | undefined> {
    const line = await this.#line();
    if (line === undefined || this.#source.isTTY !== true) return line?.toString();
    const splitter = new KeySplitter();
    return [...splitter.push(line), ...splitter.flush()].join('');
  }

  /**
   * Gives the next line as a secret text, which the caller must destroy. Gives `interrupted` at Ctrl+C, or `undefined` at the
   * end of the input. At a terminal, the echo stays off until {@link restore}, because a refused text may be followed by
   * another.
   */
  async secret(): Promise<SecretText | 'interrupted' | undefined> {
    if (this.#source.isTTY === true && this.#source.setRawMode !== undefined) return this.#typed();
    const line = await this.#line();
    if (line === undefined) return undefined;
    const text = new SecretText();
    const decoder = new StringDecoder();
    for (const byte of line) text.append(decoder.write(Buffer.of(byte)));
    line.fill(0);
    return text;
  }

  /** Drops the lines that arrived before the program asked for them. */
  discard(): void {
    this.#waiting.length = 0;
  }

  /** Rejects the pending {@link next} or {@link secret} with this error. */
  fail(error: Error): void {
    this.#free()?.reject(error);
  }

  /** Stops reading until {@link goOn}, so that another program can read from the terminal. */
  rest(): void {
    this.#source.pause();
  }

  goOn(): void {
    this.#source.resume();
  }

  /** Switches the echo of the terminal on again. */
  restore(): void {
    if (this.#isEchoOff) this.#source.setRawMode?.(false);
    this.#isEchoOff = false;
    this.#endTyping();
  }

  close(): void {
    this.restore();
    this.#source.off('data', this.#take);
    this.#source.off('end', this.#end);
    this.#source.pause();
  }

  #line(): Promise<Buffer | undefined> {
    const line = this.#waiting.shift();
    if (line !== undefined || this.#ended) return Promise.resolve(line);
    return new Promise((resolve, reject) => {
      this.#wanted = { resolve, reject };
    });
  }

  /** Reads keys with the echo off. Enter ends the text, Backspace and Ctrl+U delete, Ctrl+C and Ctrl+D leave. */
  #typed(): Promise<SecretText | 'interrupted' | undefined> {
    const text = new SecretText();
    this.#source.setRawMode?.(true);
    this.#isEchoOff = true;
    return new Promise((resolve) => {
      const end = (result: SecretText | 'interrupted' | undefined) => {
        this.#endTyping();
        if (result !== text) text.destroy();
        resolve(result);
      };
      this.#typing = new KeyReader((keys) => {
        for (const key of keys) {
          if (key === '\r' || key === '\n') return end(text);
          if (key === '\u0003') return end('interrupted');
          if (key === '\u0004') return end(undefined);
          if (key === '\u007F' || key === '\b') text.removeLast();
          else if (key === '\u0015') text.destroy();
          else text.append(key);
        }
      });
    });
  }

  #endTyping(): void {
    this.#typing?.stop();
    this.#typing = undefined;
  }

  readonly #take = (chunk: Buffer | string): void => {
    const bytes = Buffer.from(chunk);
    if (this.#typing !== undefined) {
      this.#typing.take(bytes);
      bytes.fill(0);
      return;
    }
    let from = 0;
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, from)) {
      this.#give(Buffer.concat([this.#rest, bytes.subarray(from, at)]));
      this.#rest = Buffer.alloc(0);
      from = at + 1;
    }
    this.#rest = Buffer.concat([this.#rest, bytes.subarray(from)]);
  };

  readonly #end = (): void => {
    if (this.#rest.length > 0) this.#give(this.#rest);
    this.#rest = Buffer.alloc(0);
    this.#ended = true;
    this.#free()?.resolve(undefined);
  };

  #give(line: Buffer): void {
    const whole = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
    const wanted = this.#free();
    if (wanted === undefined) this.#waiting.push(whole);
    else wanted.resolve(whole);
  }

  /** Gives the caller that waits for a line, if there is one, and notes that nobody waits any more. */
  #free(): Wanted | undefined {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    return wanted;
  }
}
