import { findPublication } from './published-keys.ts';
import { isText } from './text-encoding.ts';

/** The longest run of equal steps that counts as chance: 32 random bytes have a longer one less than once in 10^12 keys. */
const longestChanceRun = 7;

/** The smallest number of different values that counts as chance: 32 random bytes have fewer less than once in 10^20 keys. */
const fewestChanceValues = 12;

/**
 * Says why 32 bytes are no random key, as sentences for a person; `undefined` when it finds no reason. It finds what people
 * bring by mistake: test patterns, passphrases, published keys, padded short keys. It is no test of randomness.
 */
export function findWeakness(key: Buffer): string[] | undefined {
  const where = findPublication(key);
  if (where !== undefined) return [`This key is published in ${where}.`, 'Whoever can read that can read your data.'];
  const run = findLongestRun(key);
  if (run.length === key.length) {
    if (run.difference !== 0) return ['The bytes go up or down in equal steps: a test pattern, not a key.'];
    return [
      key[0] === 0
        ? 'All 32 bytes are zero: an empty buffer, not a key.'
        : 'All 32 bytes are the same: a test pattern, not a key.',
    ];
  }
  if (isText(key)) {
    return [
      'All 32 bytes are printable characters: a passphrase, not a key.',
      'Passphrases are guessed far faster than 256 random bits.',
    ];
  }
  const period = [2, 4, 8].find((length) => repeats(key, length));
  if (period !== undefined)
    return [`The same ${period} bytes repeat ${key.length / period} times: a test pattern, not a key.`];
  if (repeats(key, 16)) return ['The same 16 bytes stand there twice: an AES-128 key doubled, not an AES-256 key.'];
  if (run.length > longestChanceRun) {
    return [
      run.difference === 0
        ? `${run.length} bytes in a row are the same: a shorter key that was padded, not a random one.`
        : `${run.length} bytes in a row go up or down in equal steps: a test pattern, not a key.`,
    ];
  }
  const values = new Set(key).size;
  return values < fewestChanceValues
    ? [`The 32 bytes have only ${values} different values: not a random key.`]
    : undefined;
}

/**
 * Finds the longest run of bytes in which each byte differs from the byte before by the same amount, modulo 256. Gives its
 * length in bytes and that difference.
 */
function findLongestRun(key: Buffer): { length: number; difference: number } {
  let longest = { length: 1, difference: 0 };
  let length = 1;
  // No step has this value, so that the first two bytes begin a run.
  let difference = -1;
  for (let index = 1; index < key.length; index++) {
    const step = ((key[index] ?? 0) - (key[index - 1] ?? 0)) & 0xff;
    length = step === difference ? length + 1 : 2;
    difference = step;
    if (length > longest.length) longest = { length, difference };
  }
  return longest;
}

/** Tells whether the key is one pattern of `period` bytes, again and again. */
function repeats(key: Buffer, period: number): boolean {
  return key.subarray(period).equals(key.subarray(0, key.length - period));
}
