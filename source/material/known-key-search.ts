import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

const hexLetters = Buffer.from('0123456789abcdef');
const base64Letters = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/**
 * Tells in which form a text contains a known key: as hex digits, or as base64 or base64url, alone or inside longer runs of them, at
 * any place, in either case, and broken into lines or groups.
 */
export function findKnownKey(characters: Buffer, key: Buffer, scratch: ScratchBuffers): 'hex' | 'base64' | undefined {
  if (withoutGaps(characters, plainHex, scratch).includes(hexOf(key, scratch))) return 'hex';
  const letters = withoutGaps(characters, plainBase64, scratch);
  // A key may begin at any of the three bytes of a group of four letters (RFC 4648, section 4).
  return keyBitsBefore.some((bits) => letters.includes(lettersFrom(key, bits, scratch))) ? 'base64' : undefined;
}

/** The possible numbers of key bits in a base64 letter that also contains bits of the bytes before the key. */
const keyBitsBefore = [0, 4, 2];

function hexOf(key: Buffer, scratch: ScratchBuffers): Buffer {
  const digits = scratch.allocate(2 * key.length);
  for (const [index, byte] of key.entries()) {
    digits[2 * index] = hexLetters[byte >> 4] ?? 0;
    digits[2 * index + 1] = hexLetters[byte & 15] ?? 0;
  }
  return digits;
}

/** Gives the base64 letters that encode only key bits, when the first `skipped` bits are in the letter before. */
function lettersFrom(key: Buffer, skipped: number, scratch: ScratchBuffers): Buffer {
  const letters = scratch.allocate(Math.floor((8 * key.length - skipped) / 6));
  for (let index = 0; index < letters.length; index++) {
    const bit = skipped + 6 * index;
    const pair = ((key[bit >> 3] ?? 0) << 8) | (key[(bit >> 3) + 1] ?? 0);
    letters[index] = base64Letters[(pair >> (10 - (bit & 7))) & 63] ?? 0;
  }
  return letters;
}

/** The characters as `plain` writes them, without white space and without those that `plain` leaves out. */
function withoutGaps(
  characters: Buffer,
  plain: (character: number) => number | undefined,
  scratch: ScratchBuffers,
): Buffer {
  const kept = scratch.allocate(characters.length);
  let length = 0;
  for (const character of characters) {
    const as = isSpace(character) ? undefined : plain(character);
    if (as !== undefined) kept[length++] = as;
  }
  return kept.subarray(0, length);
}

/** Gives a hex digit in lower case; `undefined` for a colon, which may be between bytes. */
function plainHex(character: number): number | undefined {
  if (character === 0x3a) return undefined;
  return character >= 0x41 && character <= 0x46 ? character | 0x20 : character;
}

/** base64url as base64. */
function plainBase64(character: number): number {
  if (character === 0x2d) return 0x2b;
  return character === 0x5f ? 0x2f : character;
}
