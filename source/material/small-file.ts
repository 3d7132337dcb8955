import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { diskReason, diskReasons } from '../disk/reason.ts';
import { type ScratchBuffers, withScratch } from './scratch-buffers.ts';

/** Bytes. No file with a key comes near this size, so a film chosen by mistake costs no time. */
export const largestSmallFile = 64 * 1024;

/** A file's bytes, or why there are none, as a sentence for a person. */
export type SmallFile =
  | { readonly found: true; readonly bytes: Buffer; readonly mode: number }
  | { readonly found: false; readonly exists: boolean; readonly size: number; readonly why: string };

/** Replaces a leading `~/` by the home folder, as a shell would have done. */
export function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/**
 * Reads a regular file of at most 64 KiB into scratch. Follows no symbolic link in the last place of the path and never
 * blocks on a pipe or a device. Throws nothing: whatever goes wrong comes back as a sentence.
 */
export function readSmallFile(path: string, scratch: ScratchBuffers): SmallFile {
  const target = expandHome(path);
  let descriptor: number | undefined;
  try {
    const unfit = unfitness(lstatSync(target), target);
    if (unfit !== undefined) return unfit;
    // The file may have been swapped since lstat: O_NOFOLLOW, O_NONBLOCK and fstat hold for the file that is really open.
    descriptor = openSync(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    return (
      unfitness(stats, target) ?? {
        found: true,
        bytes: readAll(descriptor, stats.size, scratch),
        mode: stats.mode & 0o777,
      }
    );
  } catch (error) {
    return unreadable(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * The bytes of a file that anybody may see, such as a wrapped key, an import token or a backup, or why there are none, as a
 * sentence. Follows no link and reads at most 64 KiB.
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

function unfitness(stats: Stats, path: string): SmallFile | undefined {
  const refused = (why: string) => ({ found: false as const, exists: true, size: stats.size, why });
  if (stats.isSymbolicLink()) {
    const dangling = statSync(path, { throwIfNoEntry: false }) === undefined;
    return refused(
      dangling
        ? 'It is a symbolic link to a file that does not exist.'
        : `${diskReasons.ELOOP} Give the path of the file that it points to.`,
    );
  }
  if (stats.isDirectory()) return refused(`${diskReasons.EISDIR} Add the name of the file in it.`);
  if (!stats.isFile()) return refused(diskReasons.ENXIO);
  if (stats.size === 0) return refused('This file is empty.');
  if (stats.size > largestSmallFile) return refused(`This file is ${stats.size} bytes, far too large for a key.`);
  return undefined;
}

const absent: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);

function unreadable(error: unknown): SmallFile {
  const exists = !absent.has((error as NodeJS.ErrnoException).code);
  return { found: false, exists, size: 0, why: diskReason(error) };
}
