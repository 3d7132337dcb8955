const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'There is a file of this name already, and it is never overwritten.',
  ENOENT: 'There is no such file or folder.',
  ENOTDIR: 'A part of the path is not a folder.',
  EISDIR: 'It is a folder.',
  ELOOP: 'It is a symbolic link.',
  ENXIO: 'It is not a regular file.',
  EACCES: 'You are not allowed to write there.',
  EPERM: 'You are not allowed to write there.',
  EROFS: 'The disk is read-only.',
  ENOSPC: 'The disk is full.',
  EDQUOT: 'Your disk quota is used up.',
  EFBIG: 'The system lets this program write no more: a file size limit is reached.',
  EIO: 'The disk answered with an error.',
};

/** Why the system did not write or open a file, as a sentence. Codes: errno(3). */
export function diskReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? `The system answered ${code ?? 'with an unknown error'}.`;
}
