import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { isOpenToOthers } from './private-file.ts';

/** Why a folder is not used, and what a person can do about that. */
export type UnfitFolder = {
  /** The end of a sentence that begins with the folder: "is not a folder". */
  readonly why: string;
  /** A sentence, or the words of a command. */
  readonly cure: string | readonly string[];
};

/**
 * Makes a folder that only its owner can enter (mode 0700), and the folders above it that are missing. A folder that exists
 * is used when it is a real folder, belongs to this user, and is empty or closed to others. An empty folder that is open to others
 * is closed to them: no file in it can depend on the old mode.
 * @returns why the folder is not used; then it was not changed. `undefined` when the folder can be used.
 * @throws the system's error when the folder cannot be made or looked at.
 */
export function makePrivateFolder(path: string): UnfitFolder | undefined {
  // Checked before anything is made, so that a link or a file is refused with words that say what it is.
  const unfit = findUnfitFolder(path);
  if (unfit !== undefined) return unfit;
  makeFolders(path);
  const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
  // Since that check, another folder may have got this name. Therefore the folder that is really open is checked again.
  const descriptor = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const stats = fstatSync(descriptor);
    const unfitNow = findUnfit(stats, path);
    // A fit folder that is open to others is empty: see findUnfit.
    if (unfitNow === undefined && isOpenToOthers(stats.mode)) fchmodSync(descriptor, 0o700);
    return unfitNow;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a folder (mode 0700), and the folders above it that are missing. Does nothing when the path exists. Does not use
 * `mkdirSync` with `recursive`, because that call never ends in /proc: there, the system refuses a new folder with ENOENT although
 * its parent exists.
 * @throws the system's error when a folder cannot be made.
 */
export function makeFolders(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolders(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made the folder in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Looks whether a folder could be used by {@link makePrivateFolder}, and changes nothing.
 * @returns why not; `undefined` when the folder could be used, or when nothing of this name exists.
 * @throws the system's error when the folder cannot be looked at.
 */
export function findUnfitFolder(path: string): UnfitFolder | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : findUnfit(stats, path);
}

/** Says why a path that exists is not used; `undefined` for a folder that can be used, also an empty one that is open to others. */
function findUnfit(stats: Stats, path: string): UnfitFolder | undefined {
  if (stats.isSymbolicLink()) return { why: 'is a symbolic link', cure: nameTarget(path) };
  if (!stats.isDirectory()) return { why: 'is not a folder', cure: 'Name another folder.' };
  const user = process.geteuid?.();
  if (user !== undefined && stats.uid !== user)
    return {
      why: `belongs to another user (${stats.uid}), who can change what is in the folder`,
      cure: 'Use a folder of your own, or run this as that user.',
    };
  if (!isOpenToOthers(stats.mode) || readdirSync(path).length === 0) return undefined;
  return {
    why: `can be entered by others on this machine (mode 0${(stats.mode & 0o777).toString(8)})`,
    cure: ['chmod', '700', path],
  };
}

/** Says which folder to name in place of a symbolic link, or that the link leads nowhere. */
function nameTarget(path: string): string {
  try {
    return `Name the folder that the link leads to: ${realpathSync(path)}`;
  } catch {
    return 'The link leads nowhere. Name another folder.';
  }
}
