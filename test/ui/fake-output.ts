import { Socket } from 'node:net';
import { clearLine, clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { type Direction, WriteStream } from 'node:tty';
import xterm from '@xterm/headless';

export type Size = { readonly columns: number; readonly rows: number };

/** A standard output that is a terminal: what is written is drawn by xterm and its bytes are counted. */
export class FakeOutput extends Socket implements NodeJS.WriteStream {
  readonly isTTY = true;
  columns: number;
  rows: number;
  bytes = 0;
  readonly terminal: xterm.Terminal;
  readonly getColorDepth = WriteStream.prototype.getColorDepth;
  readonly hasColors = WriteStream.prototype.hasColors;
  #drawn: Promise<void> = Promise.resolve();

  constructor({ columns, rows }: Size) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 500,
      allowProposedApi: true,
      convertEol: true,
    });
  }

  // A socket that is connected to nothing waits for its connection.
  override _read(): void {}

  override _write(data: Buffer | string, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.bytes += Buffer.byteLength(data);
    this.#drawn = new Promise((resolve) => this.terminal.write(data.toString(), resolve));
    done();
  }

  override _final(done: (error?: Error) => void): void {
    done();
  }

  getWindowSize(): [columns: number, rows: number] {
    return [this.columns, this.rows];
  }

  clearLine(direction: Direction, done?: () => void): boolean {
    return clearLine(this, direction, done);
  }

  clearScreenDown(done?: () => void): boolean {
    return clearScreenDown(this, done);
  }

  cursorTo(x: number, y?: number | (() => void), done?: () => void): boolean {
    return typeof y === 'function' ? cursorTo(this, x, undefined, y) : cursorTo(this, x, y, done);
  }

  moveCursor(dx: number, dy: number, done?: () => void): boolean {
    return moveCursor(this, dx, dy, done);
  }

  /** Resolves when the terminal has drawn all that was written. */
  get drawn(): Promise<void> {
    return this.#drawn;
  }
}
