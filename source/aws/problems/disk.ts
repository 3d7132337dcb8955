import { diskReasons } from '../../disk/reason.ts';
import type { Help, KnownError } from './entry.ts';

/** Makes the entry for a code of errno(3). `also` is a second code with the same help. */
const entry = (code: keyof typeof diskReasons, more: Partial<Help> & { readonly also?: string } = {}): KnownError => {
  const { also, ...help } = more;
  return {
    names: also === undefined ? [code] : [code, also],
    kind: 'fixable',
    why: diskReasons[code],
    next: ['Mend that, then try again.'],
    ...help,
  };
};

/** Errors of the file system, with what helps. POSIX.1-2024, <errno.h>. */
export const diskEntries: readonly KnownError[] = [
  entry('ENOSPC', { look: ['df -h .'], next: ['Make room, then try again.'] }),
  entry('EDQUOT', { look: ['quota -s'], next: ['Make room, then try again.'] }),
  entry('EACCES', { also: 'EPERM', look: ['ls -ld . && id -un'] }),
  entry('EROFS', { look: ['findmnt -T .'], next: ['Work in a folder that can be written to.'] }),
  entry('EEXIST', { next: ['Move that file away, then try again.'] }),
  entry('ENOENT', { look: ['pwd && ls -la'] }),
  entry('EISDIR', { look: ['ls -ld PATH'] }),
  entry('ENOTDIR', { look: ['ls -ld PATH'] }),
  entry('ENAMETOOLONG', { next: ['Choose a shorter name, then try again.'] }),
  entry('ELOOP', { look: ['ls -l PATH'], next: ['Name the file itself.'] }),
  entry('EFBIG', { look: ['ulimit -f'] }),
  entry('ENXIO', { look: ['ls -l PATH'], next: ['Name a regular file.'] }),
  entry('EMFILE', { also: 'ENFILE', look: ['ulimit -n'], kind: 'waiting' }),
  entry('EIO', { next: ['Work on another disk.'] }),
];
