import { readSync } from 'node:fs';

/** A whole line of a file without its newline; `end` is the place after its newline, in bytes; `number` counts from 1. */
export type FileLine = { readonly text: string; readonly end: number; readonly number: number };

/** How much is read at once, in bytes. */
const pieceBytes = 256 * 1024;
const lineFeed = 0x0a;

/**
 * Yields the whole lines of an open file, from its start to its present end. Leaves out an incomplete last line. Has only
 * one piece of the file in memory at a time, and the beginning of a line that runs into this piece.
 */
export function* readLines(descriptor: number): Generator<FileLine> {
  const piece = Buffer.allocUnsafe(pieceBytes);
  /** The bytes of a line whose end was not read yet. */
  let incompleteLine = Buffer.alloc(0);
  /** The place after the lines that were yielded, in bytes. */
  let end = 0;
  let number = 0;
  for (let place = 0; ; ) {
    const bytesRead = readSync(descriptor, piece, 0, pieceBytes, place);
    if (bytesRead === 0) return;
    place += bytesRead;
    const bytes = Buffer.concat([incompleteLine, piece.subarray(0, bytesRead)]);
    let start = 0;
    for (let newline = bytes.indexOf(lineFeed); newline >= 0; newline = bytes.indexOf(lineFeed, start)) {
      end += newline + 1 - start;
      number += 1;
      yield { text: bytes.toString('utf8', start, newline), end, number };
      start = newline + 1;
    }
    incompleteLine = bytes.subarray(start);
  }
}
