import { randomFillSync } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { CeremonyFolder } from '../../ceremony/folder.ts';
import { zeroedBuffer } from '../../ceremony/hidden.ts';

/** 32 characters that do not look alike. A random byte modulo 32 chooses one of them, so that each has the same chance. */
const letters = Buffer.from('abcdefghijkmnpqrstuvwxyz23456789', 'latin1');

/** The number of characters of a passphrase. They have 25 times 5 = 125 random bits. */
const length = 25;

const lineFeed = 0x0a;

/** True when this path is directly in the ceremony's folder. Passphrase files are made nowhere else. */
export function isDirectlyIn(folder: CeremonyFolder, path: string): boolean {
  return dirname(path) === resolve(folder.path);
}

/**
 * Makes a file (0600) with a random passphrase of 125 bits in the ceremony's folder. Only practice uses this, so that nobody
 * must invent a passphrase.
 * @returns a line for the person that names the file.
 * @throws ProblemError when the file cannot be written or exists already.
 */
export function makePassphraseFile(folder: CeremonyFolder, path: string): string {
  const name = basename(path);
  const text = zeroedBuffer(length + 1);
  try {
    randomFillSync(text);
    for (let index = 0; index < length; index += 1) text[index] = letters[(text[index] ?? 0) % letters.length] ?? 0;
    text[length] = lineFeed;
    folder.write(name, text);
  } finally {
    text.fill(0);
  }
  return `Made ${name} in ${folder.shown}: practice only.`;
}
