import { diskReasons } from '../../disk/reason.ts';
import type { Help, KnownError } from './entry.ts';

/** Makes the entry for a code of errno(3). `also` is a second code with the same help. */
const makeEntry = (
  code: keyof typeof diskReasons,
  more: Partial<Help> & { readonly also?: string } = {},
): KnownError => {
  const { also, ...help } = more;
  return {
    names: also === undefined ? [code] : [code, also],
    kind: 'fixable',
    why: diskReasons[code],
    next: ['Remove the cause, then try again.'],
    ...help,
  };
};

/** Errors of the file system, with what helps. POSIX.1-2024, <errno.h>. */
export const diskEntries: readonly KnownError[] = [
  makeEntry('ENOSPC', { look: ['df -h .'], next: ['Make room, then try again.'] }),
  makeEntry('EDQUOT', { look: ['quota -s'], next: ['Make room, then try again.'] }),
  makeEntry('EACCES', { also: 'EPERM', look: ['ls -ld . && id -un'] }),
  makeEntry('EROFS', { look: ['findmnt -T .'], next: ['Work in a folder that can be written to.'] }),
  makeEntry('EEXIST', { next: ['Move that file away, then try again.'] }),
  makeEntry('ENOENT', { look: ['pwd && ls -la'] }),
  makeEntry('EISDIR', { look: ['ls -ld PATH'] }),
  makeEntry('ENOTDIR', { look: ['ls -ld PATH'] }),
  makeEntry('ENAMETOOLONG', { next: ['Choose a shorter name, then try again.'] }),
  makeEntry('ELOOP', { look: ['ls -l PATH'], next: ['Name the file itself.'] }),
  makeEntry('EFBIG', { look: ['ulimit -f'] }),
  makeEntry('ENXIO', { look: ['ls -l PATH'], next: ['Name a regular file.'] }),
  makeEntry('EMFILE', { also: 'ENFILE', look: ['ulimit -n'], kind: 'waiting' }),
  makeEntry('EIO', { next: ['Work on another disk.'] }),
];
