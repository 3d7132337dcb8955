import { randomFillSync } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { CeremonyFolder } from '../../ceremony/folder.ts';
import { zeroedBuffer } from '../../ceremony/hidden.ts';

/** 32 letters and digits, so that five random bits choose one without a bias; none looks like another. */
const letters = Buffer.from('abcdefghijkmnpqrstuvwxyz23456789', 'latin1');

/** 25 of them are 125 bits. */
const length = 25;

/** True where a file of that path would lie in the ceremony's folder itself, in which alone one is made. */
export function isDirectlyIn(folder: CeremonyFolder, path: string): boolean {
  return dirname(path) === resolve(folder.path);
}

/**
 * Makes a file with a random passphrase in the ceremony's folder, for its owner alone. For practice, where nobody is to
 * think one up.
 * @returns a line that says so.
 * @throws ProblemError where it cannot be written; a file that is there is never overwritten.
 */
export function makePassphraseFile(folder: CeremonyFolder, path: string): string {
  const name = basename(path);
  const text = zeroedBuffer(length + 1);
  try {
    randomFillSync(text);
    for (let at = 0; at < length; at += 1) text[at] = letters[(text[at] ?? 0) % letters.length] ?? 0;
    text[length] = 0x0a;
    folder.write(name, text);
  } finally {
    text.fill(0);
  }
  return `Made ${name} in ${folder.shown}: practice only.`;
}
