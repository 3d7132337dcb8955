import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, type Stats, statSync } from 'node:fs';
import { expandHome } from './home.ts';
import { diskReason, diskReasons } from './reason.ts';

/** The bits of a file mode that let others read or change a file, or enter a folder: chmod(2). */
const othersBits = 0o077;

/** Tells whether others on this computer may open a file or enter a folder of this mode. */
export const isOpenToOthers = (mode: number): boolean => (mode & othersBits) !== 0;

/** Warns in a sentence when others on this computer may open a file of this mode; `undefined` when only its owner may. */
export function openToOthersWarning(mode: number): string | undefined {
  if (!isOpenToOthers(mode)) return undefined;
  const permissions = (mode & 0o777).toString(8);
  return `Others on this computer may open this file: its permissions are ${permissions}. Make them 600.`;
}

/** Why a file was not read. `why` is a sentence for a person. `size` is in bytes, and 0 when it is unknown. */
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
 * and the last name of the path must be no symbolic link. Never waits for a pipe or a device. `~/` means the home folder.
 * @returns what `read` returns; or a {@link Refused} when the file is unfit or the system does not open it.
 */
export function withPrivateFile<Result>(
  path: string,
  read: (descriptor: number, stats: Stats) => Result,
): Result | Refused {
  const target = expandHome(path);
  let descriptor: number | undefined;
  try {
    const refusal = findRefusal(lstatSync(target), target);
    if (refusal !== undefined) return refusal;
    // Since lstat, another file may have got this name. O_NOFOLLOW, O_NONBLOCK and fstat check the file that is really
    // opened.
    descriptor = openSync(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    return findRefusal(stats, target) ?? read(descriptor, stats);
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
 * Takes the permissions of everybody but the owner from a file; the owner's stay. The file is opened as {@link withPrivateFile}
 * opens it.
 * @returns a sentence that says why the permissions stay as they were; `undefined` when they were taken.
 */
export function closeToOthers(path: string): string | undefined {
  try {
    const refused = withPrivateFile(path, (descriptor, { mode }) => fchmodSync(descriptor, mode & 0o777 & ~othersBits));
    return refused?.why;
  } catch (error) {
    return diskReason(error);
  }
}

/** Says why a file is refused: it is no regular file. Gives `undefined` for a regular file. */
function findRefusal(stats: Stats, path: string): Refused | undefined {
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
  return stats.isFile() ? undefined : refused(diskReasons.ENXIO);
}
