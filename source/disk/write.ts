import { closeSync, constants, fchmodSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { flushFolder, renameLasting } from './flush.ts';

const partPrefix = '.keyferry-part-';

/** True for the name of what a run that was cut off had half written. */
export const isPart = (name: string): boolean => name.startsWith(partPrefix);

/**
 * Makes a file for its owner alone (0600, whatever the umask), lets `write` fill it, and waits until file and name are on
 * the disk. Never overwrites and never follows a symbolic link; a file that could not be written whole is removed again.
 * @throws what the system answers, or what `write` throws.
 */
export function writePrivateFile(path: string, write: (descriptor: number) => void): void {
  fill(path, write);
  keepName(path);
}

/**
 * Writes a new private file that is whole from the moment it has its name, and waits until it is on the disk. An existing
 * file is left alone.
 * @throws what the system answers; nothing is left behind.
 */
export function writeWholeFile(path: string, data: string | Uint8Array): void {
  const part = join(dirname(path), `${partPrefix}${basename(path)}`);
  rmSync(part, { force: true });
  try {
    fill(part, (descriptor) => writeFileSync(descriptor, data));
    linkSync(part, path);
    keepName(path);
  } finally {
    rmSync(part, { force: true });
  }
}

/** Writes a private file, also over an earlier one: one of the two is whole at every moment. @throws as {@link writeWholeFile}. */
export function replaceWholeFile(path: string, data: string | Uint8Array): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  writeWholeFile(fresh, data);
  renameLasting(fresh, path);
}

function fill(path: string, write: (descriptor: number) => void): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  // O_EXCL already refuses a symbolic link in the last place (open(2)); O_NOFOLLOW says so where O_EXCL is not honoured.
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

/** A file whose name may be lost is not there for whoever tries again. */
function keepName(path: string): void {
  try {
    flushFolder(dirname(path));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}
