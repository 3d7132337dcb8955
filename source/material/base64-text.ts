import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

/** Decoded text, and which of the two alphabets it uses. */
export type Base64Text = { readonly form: 'base64' | 'base64url'; readonly bytes: Buffer };

/** The character `=`. */
const padding = 0x3d;

/**
 * Decodes base64 or base64url text (RFC 4648, sections 4 and 5), with or without padding, with or without line breaks.
 * Returns `undefined` for any other text.
 *
 * It is stricter than Node's decoder, so that a passphrase does not count as a key. It refuses unused bits that are not zero
 * (section 3.5), a mix of the two alphabets, and white space within a line. It also refuses two kinds of text without padding,
 * because they are almost surely words. The first has characters of one kind (capitals, small letters or digits), with or without
 * signs between them: 32 random bytes look so less than once in 10^15 keys. The second has `-` or `_` for more than a quarter of
 * its characters, such as hex digits with hyphens between the bytes: random bytes look so less than once in 10^6 keys.
 */
export function decodeBase64(characters: Buffer, scratch: ScratchBuffers): Base64Text | undefined {
  const letters = removeLineBreaks(characters, scratch);
  let length = letters.length;
  while (length > 0 && letters[length - 1] === padding) length--;
  const padLength = letters.length - length;
  // Four letters give three bytes. One letter that is left over has only six bits: too few for a byte.
  const remainder = length % 4;
  const hasWrongPadding = padLength > 0 && padLength !== (4 - remainder) % 4;
  if (length === 0 || remainder === 1 || hasWrongPadding) return undefined;

  const bytes = scratch.allocate(Math.floor((length * 3) / 4));
  const kinds = new Set<Kind>();
  let urlLetters = 0;
  // Each letter adds six bits on the right of `heldBits`. Eight bits or more are enough for the next byte.
  let heldBits = 0;
  let heldCount = 0;
  let written = 0;
  for (const letter of letters.subarray(0, length)) {
    const digit = base64Digit(letter);
    if (digit === undefined) return undefined;
    kinds.add(digit.kind);
    if (digit.kind === 'url') urlLetters++;
    heldBits = ((heldBits << 6) | digit.value) & 0xfff;
    heldCount += 6;
    if (heldCount >= 8) {
      heldCount -= 8;
      bytes[written++] = heldBits >> heldCount;
    }
  }
  /** The bits after the last whole byte. */
  const unusedBits = heldBits & ((1 << heldCount) - 1);
  const isMixed = kinds.has('standard') && kinds.has('url');
  const ordinaryKinds = [...kinds].filter((kind) => kind === 'upper' || kind === 'lower' || kind === 'digit');
  const looksLikeWords = padLength === 0 && (ordinaryKinds.length < 2 || urlLetters > length / 4);
  if (unusedBits !== 0 || isMixed || looksLikeWords) return undefined;
  return { form: kinds.has('url') ? 'base64url' : 'base64', bytes };
}

/**
 * The kind of a letter. `standard`: `+` and `/`, which are only in base64. `url`: `-` and `_`, which are only in base64url.
 */
type Kind = 'upper' | 'lower' | 'digit' | 'standard' | 'url';

/** Gives the value (0 to 63) and the kind of a letter of base64 or base64url; `undefined` for any other character. */
export function base64Digit(letter: number): { value: number; kind: Kind } | undefined {
  if (letter >= 0x41 && letter <= 0x5a) return { value: letter - 0x41, kind: 'upper' };
  if (letter >= 0x61 && letter <= 0x7a) return { value: letter - 0x61 + 26, kind: 'lower' };
  if (letter >= 0x30 && letter <= 0x39) return { value: letter - 0x30 + 52, kind: 'digit' };
  if (letter === 0x2b || letter === 0x2f) return { value: letter === 0x2b ? 62 : 63, kind: 'standard' };
  if (letter === 0x2d || letter === 0x5f) return { value: letter === 0x2d ? 62 : 63, kind: 'url' };
  return undefined;
}

/**
 * Gives the text without line breaks, and without white space at both ends. Other white space stays, so that decoding fails
 * later.
 */
function removeLineBreaks(characters: Buffer, scratch: ScratchBuffers): Buffer {
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
