import fs from 'node:fs';
import type { TestContext } from 'node:test';
import { replaceMembers } from '../replace-members.ts';

type InPiece = (descriptor: number, bytes: Buffer, offset: number, length: number, position: number | null) => number;

/** Until the test ends, the system reads and writes at most so many bytes at once, as it may. */
export function inPieces(t: TestContext, most: number): void {
  const { readSync, writeSync } = fs;
  const shortened =
    (original: InPiece) =>
    (
      descriptor: number,
      bytes: Buffer,
      offset: number,
      length = bytes.length - offset,
      position: number | null = null,
    ) => {
      // As Node does.
      if (offset + length > bytes.length) throw new RangeError('The value of "length" is out of range.');
      return original(descriptor, bytes, offset, Math.min(length, most), position);
    };
  replaceMembers(t, fs, { readSync: shortened(readSync), writeSync: shortened(writeSync) });
}
