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
  if (normalise(characters, normaliseHex, scratch).includes(encodeHex(key, scratch))) return 'hex';
  const letters = normalise(characters, normaliseBase64, scratch);
  // Four letters encode three bytes (RFC 4648, section 4). The key may begin at the first, second or third of these bytes.
  return keyBitsBefore.some((bits) => letters.includes(encodeBase64From(key, bits, scratch))) ? 'base64' : undefined;
}

/** How many bits of the key can share a base64 letter with bits of the bytes before the key. */
const keyBitsBefore = [0, 4, 2];

/** Gives the key as hex digits in lower case. */
function encodeHex(key: Buffer, scratch: ScratchBuffers): Buffer {
  const digits = scratch.allocate(2 * key.length);
  for (const [index, byte] of key.entries()) {
    digits[2 * index] = hexLetters[byte >> 4] ?? 0;
    digits[2 * index + 1] = hexLetters[byte & 15] ?? 0;
  }
  return digits;
}

/**
 * Encodes the key in base64 from bit `skipped` on. A last letter of fewer than six bits is left out, because in a longer text it
 * also encodes bits of what follows the key.
 */
function encodeBase64From(key: Buffer, skipped: number, scratch: ScratchBuffers): Buffer {
  const letters = scratch.allocate(Math.floor((8 * key.length - skipped) / 6));
  for (let index = 0; index < letters.length; index++) {
    const firstBit = skipped + 6 * index;
    // The six bits of a letter are in one byte or in two, which are read here as a number of 16 bits.
    const twoBytes = ((key[firstBit >> 3] ?? 0) << 8) | (key[(firstBit >> 3) + 1] ?? 0);
    letters[index] = base64Letters[(twoBytes >> (10 - (firstBit & 7))) & 63] ?? 0;
  }
  return letters;
}

/** Changes each character by `change`. Leaves out white space, and the characters for which `change` gives `undefined`. */
function normalise(
  characters: Buffer,
  change: (character: number) => number | undefined,
  scratch: ScratchBuffers,
): Buffer {
  const kept = scratch.allocate(characters.length);
  let length = 0;
  for (const character of characters) {
    const changed = isSpace(character) ? undefined : change(character);
    if (changed !== undefined) kept[length++] = changed;
  }
  return kept.subarray(0, length);
}

/** Gives a hex digit in lower case; `undefined` for a colon, which may be between bytes; any other character unchanged. */
function normaliseHex(character: number): number | undefined {
  if (character === 0x3a) return undefined;
  return character >= 0x41 && character <= 0x46 ? character | 0x20 : character;
}

/** Gives `+` for `-` and `/` for `_`, as base64 writes these letters of base64url; any other character unchanged. */
function normaliseBase64(character: number): number {
  if (character === 0x2d) return 0x2b;
  return character === 0x5f ? 0x2f : character;
}
