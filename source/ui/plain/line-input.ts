import { StringDecoder } from 'node:string_decoder';
import { SecretText } from '../../ceremony/secret-text.ts';
import { KeyReader } from '../../terminal/key-reader.ts';
import { KeySplitter } from '../../terminal/key-splitter.ts';

type Source = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
type Wanted = { resolve(line: Buffer | undefined): void; reject(error: Error): void };

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Lines from a terminal in its own line mode or from a pipe, in order. The terminal edits and echoes, so that no escape
 * sequence is written or expected; only a secret text is read with the echo off. Lines stay bytes until they are asked for.
 */
export class LineInput {
  readonly #source: Source;
  readonly #waiting: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;
  #wanted: Wanted | undefined;
  /** Takes what comes while a secret is typed. */
  #typing: KeyReader | undefined;
  #isEchoOff = false;

  constructor(source: Source) {
    this.#source = source;
    source.on('data', this.#take);
    source.on('end', this.#end);
    source.on('error', this.#end);
  }

  /** The number of lines that arrived before anyone asked for them. */
  get ahead(): number {
    return this.#waiting.length;
  }

  /** True when the input has ended and every line was read. */
  get ended(): boolean {
    return this.#ended && this.#waiting.length === 0;
  }

  /** The next line, or nothing when there is no more. A terminal's answers to other programs are no part of it. */
  async next(): Promise<string | undefined> {
    const line = await this.#line();
    if (line === undefined || this.#source.isTTY !== true) return line?.toString();
    const splitter = new KeySplitter();
    return [...splitter.push(line), ...splitter.flush()].join('');
  }

  /**
   * The next line as a secret text, which the caller destroys; nothing when there is no more, or at Ctrl+C. At a terminal the
   * echo stays off until {@link restore}: where the text is refused, the person may type the next one at once.
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

  /** Drops the lines that arrived before anyone asked for them. */
  discard(): void {
    this.#waiting.length = 0;
  }

  /** Rejects the pending {@link next} or {@link secret} with this error. */
  fail(error: Error): void {
    this.#free()?.reject(error);
  }

  /** Reads nothing, so that another program can, until {@link goOn}. */
  rest(): void {
    this.#source.pause();
  }

  goOn(): void {
    this.#source.resume();
  }

  /** Puts the terminal's echo back. */
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

  /** Reads keys with the echo off: Enter ends, Backspace takes one back, Ctrl+U all, Ctrl+C and Ctrl+D leave. */
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

  #free(): Wanted | undefined {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    return wanted;
  }
}
