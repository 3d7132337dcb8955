import { Socket } from 'node:net';

/** A standard input that believes it is a terminal, and remembers whether it is in raw mode. What is written is typed. */
export class FakeInput extends Socket implements NodeJS.ReadStream {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }

  // A socket that is connected to nothing waits for its connection.
  override _read(): void {}

  override _write(keys: Buffer | string, encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.push(keys, encoding);
    done();
  }

  override _final(done: (error?: Error) => void): void {
    this.push(null);
    done();
  }
}
