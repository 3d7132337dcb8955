import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

export type Base64Text = { readonly form: 'base64' | 'base64url'; readonly bytes: Buffer };

const padding = 0x3d;

/**
 * Decodes base64 or base64url text (RFC 4648, sections 4 and 5), with or without padding, with or without line breaks.
 * Returns `undefined` for any other text.
 *
 * It is stricter than Node's decoder, so that a passphrase does not count as a key. Unused bits must be zero (section 3.5).
 * The two alphabets may not mix. White space within a line is not accepted. Unpadded text of only capitals, only small
 * letters or only digits counts as words: 32 random bytes give such text less than once in 10^15 keys.
 */
export function decodeBase64(characters: Buffer, scratch: ScratchBuffers): Base64Text | undefined {
  const letters = withoutLineBreaks(characters, scratch);
  let length = letters.length;
  while (length > 0 && letters[length - 1] === padding) length--;
  const padLength = letters.length - length;
  // Four letters are three bytes. One letter more is never a whole byte.
  const remainder = length % 4;
  if (length === 0 || remainder === 1 || (padLength > 0 && padLength !== (4 - remainder) % 4)) return undefined;

  const bytes = scratch.allocate(Math.floor((length * 3) / 4));
  const kinds = new Set<Kind>();
  let bits = 0;
  let held = 0;
  let written = 0;
  for (const letter of letters.subarray(0, length)) {
    const digit = base64Digit(letter);
    if (digit === undefined) return undefined;
    kinds.add(digit.kind);
    held = ((held << 6) | digit.value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = held >> bits;
    }
  }
  const leftOver = held & ((1 << bits) - 1);
  const isMixed = kinds.has('standard') && kinds.has('url');
  const lettersAndDigits = [...kinds].filter((kind) => kind === 'upper' || kind === 'lower' || kind === 'digit');
  const looksLikeWords = padLength === 0 && lettersAndDigits.length < 2;
  if (leftOver !== 0 || isMixed || looksLikeWords) return undefined;
  return { form: kinds.has('url') ? 'base64url' : 'base64', bytes };
}

/** The kind of a base64 letter. `standard`: only in base64 (`+` `/`). `url`: only in base64url (`-` `_`). */
type Kind = 'upper' | 'lower' | 'digit' | 'standard' | 'url';

/** Gives the value (0 to 63) of a letter of base64 or base64url; `undefined` for any other character. */
export function base64Digit(letter: number): { value: number; kind: Kind } | undefined {
  if (letter >= 0x41 && letter <= 0x5a) return { value: letter - 0x41, kind: 'upper' };
  if (letter >= 0x61 && letter <= 0x7a) return { value: letter - 0x61 + 26, kind: 'lower' };
  if (letter >= 0x30 && letter <= 0x39) return { value: letter - 0x30 + 52, kind: 'digit' };
  if (letter === 0x2b || letter === 0x2f) return { value: letter === 0x2b ? 62 : 63, kind: 'standard' };
  if (letter === 0x2d || letter === 0x5f) return { value: letter === 0x2d ? 62 : 63, kind: 'url' };
  return undefined;
}

/**
 * Gives the text without line breaks and without white space at both ends. Other white space stays, so that decoding fails.
 */
function withoutLineBreaks(characters: Buffer, scratch: ScratchBuffers): Buffer {
  let start = 0;
  let end = characters.length;
  while (start < end && isSpace(characters[start])) start++;
  while (end > start && isSpace(characters[end - 1])) end--;
  const letters = scratch.allocate(end - start);
  let length = 0;
  for (const character of characters.subarray(start, end))
    if (character !== 0x0a && character !== 0x0d) letters[length++] = character;
  return letters.subarray(0, length);
}
