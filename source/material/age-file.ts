import { removeAgeArmour } from './age-armour.ts';

/** The first line of an age file. */
const version = 'age-encryption.org/v1\n';

/** The two parts of an age file: the header ends with the line of its MAC. */
export type AgeParts = { readonly header: Buffer; readonly payload: Buffer };

/**
 * Splits an age file, armoured or not, into header and payload.
 * @returns the two parts. `not an age file`: the file is empty, or begins with another line. `cut off`: the end of the header or
 * of the armour is missing. `damaged`: the armour is not as age writes it.
 */
export function splitAgeFile(file: Buffer): AgeParts | 'not an age file' | 'cut off' | 'damaged' {
  const binary = removeAgeArmour(file);
  if (typeof binary === 'string') return binary;
  // A file that ends within its first line is cut off. It is still an age file.
  const start = binary.toString('latin1', 0, version.length);
  if (!version.startsWith(start) || binary.length === 0) return 'not an age file';
  return splitAfterHeader(binary) ?? 'cut off';
}

/**
 * Splits the binary form of an age file after the last line of its header, which is `--- ` and the MAC. Gives `undefined`
 * when there is no such line.
 */
export function splitAfterHeader(binary: Buffer): AgeParts | undefined {
  const macLine = binary.indexOf('\n--- ', 0, 'latin1');
  const end = macLine === -1 ? -1 : binary.indexOf('\n', macLine + 1, 'latin1');
  return end === -1 ? undefined : { header: binary.subarray(0, end + 1), payload: binary.subarray(end + 1) };
}
