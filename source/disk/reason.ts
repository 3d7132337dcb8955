const notAllowed = 'You are not allowed to open or change this file or folder.';
const manyOpen = 'Too many files are open on this machine.';

/** A sentence for each of the system's error codes about files: errno(3), and Node's own code for a path with a NUL. */
export const diskReasons = {
  EEXIST: 'There is a file of this name already, and it is never overwritten.',
  ENOENT: 'There is no such file or folder.',
  ENOTDIR: 'A part of the path is not a folder.',
  ENAMETOOLONG: 'The name is too long.',
  ERR_INVALID_ARG_VALUE: 'The name has a character that no name has.',
  EISDIR: 'It is a folder.',
  ELOOP: 'It is a symbolic link that is not followed.',
  ENXIO: 'It is not a regular file but a device, a pipe or a socket.',
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: 'The disk is read-only.',
  ENOSPC: 'The disk is full.',
  EDQUOT: 'Your disk quota is used up.',
  EFBIG: 'The system lets this program write no more: a file size limit is reached.',
  EMFILE: manyOpen,
  ENFILE: manyOpen,
  EIO: 'The disk reports a fault. What was read or written there cannot be relied on.',
} as const;

const reasonsByCode: ReadonlyMap<string | undefined, string> = new Map(Object.entries(diskReasons));

/**
 * Says in a sentence why the system did not read, write or open a file. Names the code of an error that is not in
 * {@link diskReasons}, if it has one.
 * @param error what a function of `node:fs` threw.
 */
export function diskReason(error: unknown): string {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return reasonsByCode.get(code) ?? `The system answered ${code ?? 'with an unknown error'}.`;
}
