import { randomFillSync } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import { singleQuote } from '../ceremony/shell-word.ts';
import { flushFolder } from '../disk/flush.ts';
import { expandHome } from '../disk/home.ts';
import { keepForOwnerOnly } from '../disk/private-file.ts';
import { diskReason, diskReasons } from '../disk/reason.ts';
import { writePrivateFile } from '../disk/write.ts';
import { examineKeyFile, type KeyFileForm } from './inspect.ts';
import type { SecretBytes } from './secret-bytes.ts';

/**
 * Writes the key as raw bytes into a new file of mode 0600, and waits until file and name are on the disk. Never overwrites
 * a file and never follows a symbolic link. Removes a file that could not be written whole.
 * @throws ProblemError when the file exists or cannot be written.
 */
export function writeKeyFile(path: string, secret: SecretBytes): void {
  try {
    writePrivateFile(expandHome(path), (descriptor) => secret.use((bytes) => writeAll(descriptor, bytes, 0)));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Reads the 32 key bytes from a file. The caller must destroy the secret.
 * @param form the form that {@link inspectKeyFile} gave for this file.
 * @throws ProblemError when the file holds no usable key, or now holds the key in another form.
 */
export function readKeyFile(path: string, form: KeyFileForm): SecretBytes {
  const { inspection, key } = examineKeyFile(path);
  if (key === undefined) throw cannotRead(inspection.findings.join(' '));
  if (inspection.form === form) return key;
  key.destroy();
  throw cannotRead('The file has changed since it was checked.');
}

/**
 * Makes a key file readable by its owner alone. Changes nothing when it is so already.
 * @throws ProblemError when the system refuses, as it does for a file of somebody else.
 */
export function protectKeyFile(path: string): void {
  const why = keepForOwnerOnly(path);
  if (why === undefined) return;
  throw new ProblemError({
    kind: 'fixable',
    what: `Can't make the key file ${path} readable by you alone.`,
    why,
    state: 'Its permissions are as they were. No key was taken from it.',
    next: ['Choose to use the file as it is, or choose another file.'],
    remedies: [{ action: 'ask-again', label: 'Choose again', question: 'shared' }],
  });
}

/**
 * Overwrites a key file with random bytes, waits until these are on the disk, and removes the file.
 *
 * Overwriting reaches only the disk blocks that the file has now. Old bytes may stay where a disk or file system writes to
 * other blocks or keeps copies: SSDs and flash drives (wear levelling), copy-on-write and journalling file systems (APFS,
 * Btrfs, ZFS), snapshots, backups, synchronised folders, swap. Only an encrypted disk helps there (NIST SP 800-88,
 * cryptographic erase).
 * @throws ProblemError when the path is a symbolic link, is not a regular file or has a second name: then nothing is changed.
 * Also when the system refuses or the disk fails.
 */
export function destroyKeyFile(path: string): void {
  const target = expandHome(path);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(target, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw cannotDestroy(path, diskReasons.ENXIO);
    if (stats.nlink !== 1) throw cannotDestroy(path, 'The file has a second name (a hard link) that would stay.');
    overwrite(descriptor, stats.size);
    unlinkSync(target);
    flushFolder(dirname(target));
  } catch (error) {
    throw error instanceof ProblemError ? error : cannotDestroy(path, diskReason(error));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Overwrites an open file with random bytes, and waits until they are on the disk. @param size of the file, in bytes. */
function overwrite(descriptor: number, size: number): void {
  const noise = Buffer.alloc(Math.min(size, 64 * 1024));
  for (let position = 0; position < size; position += noise.length) {
    randomFillSync(noise);
    writeAll(descriptor, noise.subarray(0, size - position), position);
  }
  fsyncSync(descriptor);
}

/** Writes all bytes at a position of an open file. One system call may write only a part of them. */
function writeAll(descriptor: number, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length)
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
}

/** Gives the problem of a key file that cannot be written. Gives any error that does not come from the file unchanged. */
function cannotWrite(path: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  // The system's errors have a code. Any other error comes from a defect, such as the use of a destroyed secret.
  if (code === undefined) return error as Error;
  const isTaken = code === 'EEXIST';
  return new ProblemError({
    kind: 'fixable',
    what: `Can't write the key file ${path}.`,
    why: diskReason(error),
    state: 'No key was written.',
    next: isTaken ? ['Use the key that is there, or move that file away.'] : ['Choose a folder that you can write to.'],
  });
}

/** Makes the problem that a file gives no key. @param why a sentence. */
function cannotRead(why: string): ProblemError {
  return new ProblemError({
    kind: 'fixable',
    what: "Can't take the key from this file.",
    why,
    next: ['Choose another file.'],
  });
}

/** Makes the problem that a key file was not destroyed. @param why a sentence. */
function cannotDestroy(path: string, why: string): ProblemError {
  return new ProblemError({
    kind: 'fixable',
    what: `Can't destroy the key file ${path}.`,
    why,
    state: 'The file may still hold the key.',
    next: [`Look at it: ls -l ${singleQuote(path)}`],
  });
}
