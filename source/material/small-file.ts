import { fstatSync, readSync } from 'node:fs';
import { type Others, type Refused, withPrivateFile } from '../disk/private-file.ts';
import { type ScratchBuffers, withScratch } from './scratch-buffers.ts';

/** The limit in bytes. Every file with a key is far smaller. A large file, chosen by mistake, is not read. */
export const largestSmallFile = 64 * 1024;

/** The bytes and the mode of a file, or a sentence for a person that says why the file was not read. */
export type SmallFile = { readonly found: true; readonly bytes: Buffer; readonly mode: number } | Refused;

/**
 * Reads a file that may hold a secret into a scratch buffer. Refuses an empty file, one over 64 KiB, and what
 * {@link withPrivateFile} refuses. When the file is refused or cannot be read, gives a sentence that says why, and throws no error.
 * @param others the most that other users may do with the file; without it, anything.
 */
export function readSmallFile(path: string, scratch: ScratchBuffers, others?: Others): SmallFile {
  return withPrivateFile(
    path,
    (descriptor, { size, mode }) => {
      const refused = (why: string) => ({ found: false as const, exists: true, size, why });
      if (size === 0) return refused('This file is empty.');
      if (size > largestSmallFile) return refused(`This file is ${size} bytes, far too large for a key.`);
      return { found: true as const, bytes: readAll(descriptor, size, scratch), mode: mode & 0o777 };
    },
    others,
  );
}

/**
 * Reads a file that anybody may see, such as a wrapped key, an import token or a backup. Gives a sentence that says why when
 * the file cannot be read. Refuses a link, an empty file, and one over 64 KiB.
 */
export function readPublicFile(path: string): Buffer | string {
  return withScratch((scratch) => {
    const file = readSmallFile(path, scratch);
    return file.found ? Buffer.from(file.bytes) : file.why;
  });
}

/**
 * Calls `act` with the bytes of an open file of at most 64 KiB, and overwrites the bytes with zeroes afterwards. Returns
 * `undefined` for a larger file, without reading it. Does not move the file's position.
 */
export function withSmallFile<Result>(descriptor: number, act: (bytes: Buffer) => Result): Result | undefined {
  const { size } = fstatSync(descriptor);
  if (size > largestSmallFile) return undefined;
  return withScratch((scratch) => act(readAll(descriptor, size, scratch)));
}

/** Reads an open file from its beginning, in as many reads as the system needs. Gives fewer bytes when the file became shorter. */
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
