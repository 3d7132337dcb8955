import { closeSync, constants, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The system's error codes for a folder that cannot be flushed: its file system does not support that (some network and
 * shared folders, FUSE), or this user may write to the folder but not open it. Sources: fsync(2); PostgreSQL, `fsync_fname`.
 */
const unflushableCodes: ReadonlySet<string | undefined> = new Set([
  'EINVAL',
  'EBADF',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EACCES',
]);

/**
 * Writes the directory entries of a folder to the disk (fsync), so that new, renamed and removed files survive a power cut.
 * Does nothing for a folder that cannot be flushed: see {@link unflushableCodes}.
 * @throws the system's other errors, because a full or faulty disk may have lost an entry.
 */
export function flushFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, constants.O_RDONLY);
    fsyncSync(descriptor);
  } catch (error) {
    if (!unflushableCodes.has((error as NodeJS.ErrnoException).code)) throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Renames a file or folder and waits until the new name is on the disk. Replaces a file that has the new name. */
export function renameLasting(from: string, to: string): void {
  renameSync(from, to);
  flushFolder(dirname(to));
}
