import { randomFillSync } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { CeremonyFolder } from '../../ceremony/folder.ts';
import { zeroedBuffer } from '../../ceremony/hidden.ts';

/** 32 characters, so that five random bits choose each with the same chance. No two of them look alike. */
const letters = Buffer.from('abcdefghijkmnpqrstuvwxyz23456789', 'latin1');

/** 25 characters have 125 random bits. */
const length = 25;

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
    for (let at = 0; at < length; at += 1) text[at] = letters[(text[at] ?? 0) % letters.length] ?? 0;
    text[length] = 0x0a;
    folder.write(name, text);
  } finally {
    text.fill(0);
  }
  return `Made ${name} in ${folder.shown}: practice only.`;
}
