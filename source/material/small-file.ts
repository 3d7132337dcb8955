import { fstatSync, readSync } from 'node:fs';
import { type Refused, withPrivateFile } from '../disk/private-file.ts';
import { type ScratchBuffers, withScratch } from './scratch-buffers.ts';

/** Bytes. No file with a key comes near this size, so a film chosen by mistake costs no time. */
export const largestSmallFile = 64 * 1024;

/** The bytes of a file, or a sentence for a person why they could not be read. */
export type SmallFile = { readonly found: true; readonly bytes: Buffer; readonly mode: number } | Refused;

/**
 * Reads a file of at most 64 KiB that may hold a secret into scratch, as {@link withPrivateFile} opens it. It never
 * throws: whatever goes wrong comes back as a sentence.
 */
export function readSmallFile(path: string, scratch: ScratchBuffers): SmallFile {
  return withPrivateFile(path, (descriptor, { size, mode }) => {
    const refused = (why: string) => ({ found: false as const, exists: true, size, why });
    if (size === 0) return refused('This file is empty.');
    if (size > largestSmallFile) return refused(`This file is ${size} bytes, far too large for a key.`);
    return { found: true as const, bytes: readAll(descriptor, size, scratch), mode: mode & 0o777 };
  });
}

/**
 * Gives the bytes of a file that anybody may see, such as a wrapped key, an import token or a backup, or why there are
 * none, as a sentence. Follows no link and reads at most 64 KiB.
 */
export function readPublicFile(path: string): Buffer | string {
  return withScratch((scratch) => {
    const file = readSmallFile(path, scratch);
    return file.found ? Buffer.from(file.bytes) : file.why;
  });
}

/**
 * Lends the bytes of an open file of at most 64 KiB, which are zeroed afterwards; a larger one is not read. The file's
 * position stays where it is.
 */
export function lendSmallFile<Result>(descriptor: number, act: (bytes: Buffer) => Result): Result | undefined {
  const { size } = fstatSync(descriptor);
  if (size > largestSmallFile) return undefined;
  return withScratch((scratch) => act(readAll(descriptor, size, scratch)));
}

function readAll(descriptor: number, size: number, scratch: ScratchBuffers): Buffer {
  const buffer = scratch.allocate(size);
  let length = 0;
  while (length < size) {
    const count = readSync(descriptor, buffer, length, size - length, length);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}
