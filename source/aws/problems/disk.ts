import type { Entry, Help } from './entry.ts';

const entry = (names: readonly string[], why: string, more: Partial<Help> = {}): Entry => ({
  names,
  kind: 'fixable',
  why,
  next: ['Mend that, then try again.'],
  ...more,
});

/** Errors of the file system. POSIX.1-2024, <errno.h>. */
export const diskEntries: readonly Entry[] = [
  entry(['ENOSPC'], 'The disk is full.', { look: ['df -h .'], next: ['Make room, then try again.'] }),
  entry(['EDQUOT'], 'The disk quota is used up.', { look: ['quota -s'], next: ['Make room, then try again.'] }),
  entry(['EACCES', 'EPERM'], 'This account may not do that with this file or folder.', {
    look: ['ls -ld . && id -un'],
  }),
  entry(['EROFS'], 'The file system is read-only.', {
    look: ['findmnt -T .'],
    next: ['Work in a folder that can be written to.'],
  }),
  entry(['EEXIST'], 'A file of that name exists already, and Keyferry never overwrites one.', {
    next: ['Move that file away, then try again.'],
  }),
  entry(['ENOENT'], 'The file or its folder is gone.', { look: ['pwd && ls -la'] }),
  entry(['EISDIR', 'ENOTDIR'], 'A folder stands where a file is needed, or a file where a folder is.', {
    look: ['ls -ld PATH'],
  }),
  entry(['ELOOP'], 'The name is a symbolic link, and Keyferry follows none where secrets are.', {
    look: ['ls -l PATH'],
    next: ['Name the file itself.'],
  }),
  entry(['EFBIG'], 'The system lets this program write no more: a file size limit is reached.', {
    look: ['ulimit -f'],
  }),
  entry(['ENXIO'], 'It is not a regular file.', { look: ['ls -l PATH'], next: ['Name a regular file.'] }),
  entry(['EMFILE', 'ENFILE'], 'Too many files are open on this machine.', { look: ['ulimit -n'], kind: 'waiting' }),
  entry(['EIO'], 'The disk reports a fault. What was read or written there cannot be relied on.', {
    next: ['Work on another disk.'],
  }),
];
