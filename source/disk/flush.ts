import { closeSync, constants, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What a system answers that has no way to flush this folder: its file system does not offer that (some network and
 * shared folders, FUSE), or the folder may be written to but not opened. fsync(2); PostgreSQL, `fsync_fname`.
 */
const cannotFlush: ReadonlySet<string | undefined> = new Set([
  'EINVAL',
  'EBADF',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EACCES',
]);

/**
 * Makes the names in a folder lasting: those that are new, changed or gone since the last time. A folder that cannot be
 * flushed is passed over, because its files are on the disk by themselves and nobody can do more for their names.
 * @throws what the system answers otherwise: a full or faulty disk may have lost a name.
 */
export function flushFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, constants.O_RDONLY);
    fsyncSync(descriptor);
  } catch (error) {
    if (!cannotFlush.has((error as NodeJS.ErrnoException).code)) throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Gives a file or folder another name beside or instead of what has that one, and makes it lasting. */
export function renameLasting(from: string, to: string): void {
  renameSync(from, to);
  flushFolder(dirname(to));
}
