import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

const colon = 0x3a;
/** This bit makes an ASCII capital a small letter. */
const smallLetterBit = 0x20;

/**
 * Decodes hex text: digits in upper or lower case, with white space or colons anywhere, and 0x in front or not.
 * @returns the number of digits, and the decoded bytes. When the number is odd, the last digit is counted but not decoded.
 * `undefined` when the text has no digit, or any other character.
 */
export function decodeHex(characters: Buffer, scratch: ScratchBuffers): { digits: number; bytes: Buffer } | undefined {
  const bytes = scratch.allocate(Math.ceil(characters.length / 2));
  let digits = 0;
  for (let index = findFirstDigit(characters); index < characters.length; index++) {
    const character = characters[index] ?? 0;
    if (isSpace(character) || character === colon) continue;
    const digit = hexDigit(character);
    if (digit === undefined) return undefined;
    // Two digits are one byte, and the first of them becomes its upper half.
    bytes[digits >> 1] = ((bytes[digits >> 1] ?? 0) << 4) | digit;
    digits++;
  }
  return digits === 0 ? undefined : { digits, bytes: bytes.subarray(0, digits >> 1) };
}

/** Gives the index after white space and 0x or 0X at the beginning. */
function findFirstDigit(characters: Buffer): number {
  let index = 0;
  while (isSpace(characters[index])) index++;
  return hasHexPrefix(characters, index) ? index + 2 : index;
}

/** Tells whether 0x or 0X stands at an index. */
export function hasHexPrefix(characters: Buffer, index: number): boolean {
  return characters[index] === 0x30 && ((characters[index + 1] ?? 0) | smallLetterBit) === 0x78;
}

/** Gives the value (0 to 15) of a hex digit; `undefined` for any other character. */
export function hexDigit(character: number): number | undefined {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const lower = character | smallLetterBit;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : undefined;
}
