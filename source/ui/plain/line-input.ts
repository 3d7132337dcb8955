import { createInterface, type Interface } from 'node:readline';

/**
 * Lines from a terminal in its own line mode or from a pipe, in order. The terminal's line discipline edits and echoes,
 * so that no escape sequence is written or expected.
 */
export class LineInput {
  readonly #reader: Interface;
  readonly #waiting: string[] = [];
  #ended = false;
  #wanted: { resolve(line: string | undefined): void; reject(error: Error): void } | undefined;

  constructor(stdin: NodeJS.ReadableStream) {
    this.#reader = createInterface({ input: stdin, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
    this.#reader.on('line', (line) => {
      if (this.#wanted === undefined) this.#waiting.push(line);
      else this.#take()?.resolve(line);
    });
    this.#reader.on('close', () => {
      this.#ended = true;
      this.#take()?.resolve(undefined);
    });
  }

  /** Lines that came before anyone asked for them. */
  get ahead(): number {
    return this.#waiting.length;
  }

  /** True when no line is left and none will come. */
  get ended(): boolean {
    return this.#ended && this.#waiting.length === 0;
  }

  /** The next line, or nothing when there is no more. */
  next(): Promise<string | undefined> {
    const line = this.#waiting.shift();
    if (line !== undefined || this.#ended) return Promise.resolve(line);
    return new Promise((resolve, reject) => {
      this.#wanted = { resolve, reject };
    });
  }

  /** Lets go of the lines that came too early. */
  discard(): void {
    this.#waiting.length = 0;
  }

  /** Whoever waits for a line gets this error instead. */
  fail(error: Error): void {
    this.#take()?.reject(error);
  }

  close(): void {
    this.#reader.close();
  }

  #take() {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    return wanted;
  }
}
