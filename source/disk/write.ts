import { closeSync, constants, fchmodSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { flushFolder, renameLasting } from './flush.ts';

/** How the name of an incomplete file begins. */
const partPrefix = '.keyferry-part-';

/** Tells whether a file name belongs to an incomplete file, which an interrupted run has left. */
export const isPart = (name: string): boolean => name.startsWith(partPrefix);

/**
 * Makes a file that only its owner can open (mode 0600, whatever the umask), calls `write` to fill it, and waits until file
 * and name are on the disk. Never overwrites a file and never follows a symbolic link. Removes a file that cannot be
 * completed.
 * @throws the error of the system or of `write`.
 */
export function writePrivateFile(path: string, write: (descriptor: number) => void): void {
  makeFile(path, write);
  flushName(path);
}

/**
 * Writes a new private file atomically and waits until it is on the disk. The file gets its name only when it is complete.
 * @throws the system's error, such as EEXIST for a name that is in use. Then no part of the new file is left.
 */
export function writeWholeFile(path: string, data: string | Uint8Array): void {
  const part = join(dirname(path), `${partPrefix}${basename(path)}`);
  // A killed run may have left this file.
  rmSync(part, { force: true });
  try {
    makeFile(part, (descriptor) => writeFileSync(descriptor, data));
    // Unlike a rename, a link never replaces a file that has the name already.
    linkSync(part, path);
    flushName(path);
  } finally {
    rmSync(part, { force: true });
  }
}

/**
 * Writes a private file, and replaces an earlier file of this name atomically: at every moment, the name leads to the
 * complete old file (to none when there was none) or to the complete new file.
 * @throws the system's error. Then, too, the name leads to one of the two.
 */
export function replaceWholeFile(path: string, data: string | Uint8Array): void {
  const newPath = `${path}.new`;
  // A run that was killed or that failed may have left this file.
  rmSync(newPath, { force: true });
  writeWholeFile(newPath, data);
  renameLasting(newPath, path);
}

/**
 * Makes a new file of mode 0600, calls `write` with its descriptor, and waits until the bytes are on the disk. When something
 * fails after the file was made, removes it.
 */
function makeFile(path: string, write: (descriptor: number) => void): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  // O_EXCL already refuses a symbolic link (open(2)). O_NOFOLLOW does so too, for file systems that ignore O_EXCL.
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    fchmodSync(descriptor, 0o600);
    write(descriptor);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Writes the directory entry of a file to the disk. When that fails, removes the file, so that another try can begin. */
function flushName(path: string): void {
  try {
    flushFolder(dirname(path));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}
