import { PassThrough } from 'node:stream';

/** A standard input that believes it is a terminal, and remembers whether it is in raw mode. */
export class FakeInput extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** As the type that the program asks for. */
  get asTerminal(): NodeJS.ReadStream {
    return this as unknown as NodeJS.ReadStream;
  }
}
