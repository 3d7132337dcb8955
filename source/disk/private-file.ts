import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs';
import { expandHome } from './home.ts';
import { diskReason, diskReasons } from './reason.ts';

/** The bits of a file mode that let others read or change a file, or enter a folder: chmod(2). */
const othersBits = 0o077;

/** Tells whether others on this computer may open a file or enter a folder of this mode. */
export const isOpenToOthers = (mode: number): boolean => (mode & othersBits) !== 0;

/** Warns in a sentence when others on this computer may open a file of this mode; `undefined` when only its owner may. */
export function openToOthersWarning(mode: number): string | undefined {
  return isOpenToOthers(mode) ? exposureWords(mode, 'open') : undefined;
}

/** Says what others may do with a file of this mode, and which permissions it should have. */
function exposureWords(mode: number, verb: 'open' | 'change'): string {
  const permissions = (mode & 0o777).toString(8);
  return `Others on this computer may ${verb} this file: its permissions are ${permissions}. Make them 600.`;
}

/**
 * What other users of this computer may do with a file that is opened. When they may not do everything, the file must also
 * belong to this user or to root, because the owner of a file can always change it. `others may read` lets the group of the file
 * change it too: see {@link forbiddenBits}.
 */
export type Others = 'others may do anything' | 'others may read' | 'others may do nothing';

/** The bits of a file mode that a file must not have. */
const forbiddenBits: Readonly<Record<Others, number>> = {
  'others may do anything': 0,
  // The group may also change the file. Where each user has a group of their own (umask 002), editors make such files.
  'others may read': 0o002,
  'others may do nothing': othersBits,
};

/**
 * Why a file was not read. `why` is a sentence for a person. `exists` is also true when nobody knows whether there is a file.
 * `size` is in bytes, and 0 when it is unknown.
 */
export type Refused = { readonly found: false; readonly exists: boolean; readonly size: number; readonly why: string };

/** The system's error codes for a path at which there is no file. */
const absentCodes: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ERR_INVALID_ARG_VALUE',
]);

/**
 * Opens a file that may hold a secret, calls `read` with its descriptor, and closes it. The file must be a regular file,
 * and the last name of the path must be no symbolic link. Never waits for a pipe or a device. Replaces a leading `~` as
 * {@link expandHome} does.
 * @param others the most that other users may do with the file. A file with which they may do more is refused.
 * @returns what `read` returns; or a {@link Refused} when the file is unfit, or the system does not open or read it.
 * @throws an error of `read` that is none of the system's.
 */
export function withPrivateFile<Result>(
  path: string,
  read: (descriptor: number, stats: Stats) => Result,
  others: Others = 'others may do anything',
): Result | Refused {
  const target = expandHome(path);
  let descriptor: number | undefined;
  try {
    const refusal = findRefusal(lstatSync(target), target, others);
    if (refusal !== undefined) return refusal;
    // Since lstat, another file may have got this name. Therefore the file that is really opened is checked again.
    descriptor = openSync(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    return findRefusal(stats, target, others) ?? read(descriptor, stats);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // An error without a system code comes from a defect in `read`.
    if (code === undefined) throw error;
    return { found: false, exists: !absentCodes.has(code), size: 0, why: diskReason(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Removes from a file all permissions except those of its owner. Opens the file as {@link withPrivateFile} does.
 * @returns a sentence that says why the permissions were not removed; `undefined` when they were.
 */
export function keepForOwnerOnly(path: string): string | undefined {
  return withPrivateFile(path, (descriptor, { mode }) => fchmodSync(descriptor, mode & 0o777 & ~othersBits))?.why;
}

/**
 * Reads the text of a file (UTF-8). Opens the file as {@link withPrivateFile} does.
 * @param mostBytes the largest size. A larger file is refused and not read.
 * @returns the text; or why the file is refused.
 */
export function readPrivateText(path: string, others: Others, mostBytes: number): string | Refused {
  return withPrivateFile(
    path,
    (descriptor, { size }) => {
      if (size <= mostBytes) return readFileSync(descriptor, 'utf8');
      return { found: false as const, exists: true, size, why: `It has ${size} bytes; ${mostBytes} are read at most.` };
    },
    others,
  );
}

/**
 * Opens a file to read it and to append to it, or makes it with mode 0600. Refuses the same files as {@link withPrivateFile}.
 * @returns the file descriptor, which the caller must close; or why the file is refused.
 * @throws the system's error when the file cannot be opened or made.
 */
export function openToAppend(path: string, others: Others): number | Refused {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
  const before = lstatSync(path, { throwIfNoEntry: false });
  const refusal = before === undefined ? undefined : findRefusal(before, path, others);
  if (refusal !== undefined) return refusal;
  const descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  // Since lstat, another file may have got this name. Therefore the file that is really open is checked again.
  const refusalNow = findRefusal(fstatSync(descriptor), path, others);
  if (refusalNow === undefined) return descriptor;
  closeSync(descriptor);
  return refusalNow;
}

/**
 * Says why a file is refused. Gives `undefined` for a regular file with which others can do no more than `others` allows. Unless
 * they may do anything, the file must also belong to this user or to root.
 */
function findRefusal(stats: Stats, path: string, others: Others): Refused | undefined {
  const refused = (why: string) => ({ found: false as const, exists: true, size: stats.size, why });
  if (stats.isSymbolicLink()) {
    const isDangling = statSync(path, { throwIfNoEntry: false }) === undefined;
    return refused(
      isDangling
        ? 'It is a symbolic link to a file that does not exist.'
        : `${diskReasons.ELOOP} Give the path of the file that it points to.`,
    );
  }
  if (stats.isDirectory()) return refused(`${diskReasons.EISDIR} Add the name of the file in it.`);
  if (!stats.isFile()) return refused(diskReasons.ENXIO);
  if (others === 'others may do anything') return undefined;
  const user = process.geteuid?.();
  if (user !== undefined && stats.uid !== user && stats.uid !== 0)
    return refused(`It belongs to another user (${stats.uid}), who can change it. Make a copy of it: a copy is yours.`);
  if ((stats.mode & forbiddenBits[others]) === 0) return undefined;
  return refused(exposureWords(stats.mode, others === 'others may read' ? 'change' : 'open'));
}
