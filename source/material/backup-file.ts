import { withScratch } from './scratch-buffers.ts';
import { readPublicFile, readSmallFile } from './small-file.ts';

/** Reads the bytes of a backup, or gives a sentence that says why they cannot be read: see {@link readPublicFile}. */
export function readBackupFile(path: string): Buffer | string {
  return readPublicFile(path);
}

/**
 * Reads the identities in an age identity file, as age-keygen writes it: one identity on a line, and lines of comments that
 * begin with `#`. The identities are strings, which nobody can overwrite, because the age library takes strings.
 * @returns the identities, or a sentence that says why the file gives none.
 */
export function readIdentities(path: string): readonly string[] | string {
  return withScratch((scratch) => {
    const file = readSmallFile(path, scratch, 'others may do nothing');
    if (!file.found) return file.why;
    const text = file.bytes.toString('latin1');
    const identities = text.split(/\r?\n/).filter((line) => /^AGE-SECRET-KEY-(PQ-)?1[A-Z0-9]+$/.test(line));
    if (identities.length > 0) return identities;
    return /^age-encryption\.org|^-----BEGIN AGE ENCRYPTED/.test(text)
      ? 'This identity file is encrypted itself. Decrypt it with age first.'
      : 'This file holds no age identity. One begins with AGE-SECRET-KEY-1.';
  });
}
