import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

const hexLetters = Buffer.from('0123456789abcdef');
const base64Letters = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/**
 * Tells in which form a text contains a known key: as hex digits in either case, or as base64 or base64url. Finds the key
 * at any place, also inside longer encoded bytes and across line breaks or groups. Returns `undefined` when the text does
 * not contain it.
 */
export function findKnownKey(characters: Buffer, key: Buffer, scratch: ScratchBuffers): 'hex' | 'base64' | undefined {
  if (withoutGaps(characters, plainHex, scratch).includes(hexOf(key, scratch))) return 'hex';
  const letters = withoutGaps(characters, plainBase64, scratch);
  // A key may begin at any of the three bytes of a group of four letters (RFC 4648, section 4).
  return keyBitsBefore.some((bits) => letters.includes(lettersFrom(key, bits, scratch))) ? 'base64' : undefined;
}

/** How many key bits may be in a base64 letter that also contains bits of the bytes before the key. */
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

/** Gives the characters changed by `plain`, without white space and without those for which `plain` gives `undefined`. */
function withoutGaps(
  characters: Buffer,
  plain: (character: number) => number | undefined,
  scratch: ScratchBuffers,
): Buffer {
  const kept = scratch.allocate(characters.length);
  let length = 0;
  for (const character of characters) {
    const changed = isSpace(character) ? undefined : plain(character);
    if (changed !== undefined) kept[length++] = changed;
  }
  return kept.subarray(0, length);
}

/** Gives a hex digit in lower case and any other character unchanged; `undefined` for a colon, which may be between bytes. */
function plainHex(character: number): number | undefined {
  if (character === 0x3a) return undefined;
  return character >= 0x41 && character <= 0x46 ? character | 0x20 : character;
}

/** Gives the base64 letter for a base64url letter, and any other character unchanged. */
function plainBase64(character: number): number {
  if (character === 0x2d) return 0x2b;
  return character === 0x5f ? 0x2f : character;
}
