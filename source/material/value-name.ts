import { code, isBlank, isQuote, isWordCharacter, skipBlanksBack } from './characters.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

/**
 * Gives the characters of the name in front of a value: `name=`, `"name": `, `name => [`, `name[32] = {`. Opening brackets, quotes
 * and line ends may stand between the sign and the value. Returns `undefined` when no name is there.
 */
export function nameBefore(characters: Buffer, index: number): Buffer | undefined {
  let at = index - 1;
  while (isSpace(characters[at]) || isOpening(characters[at])) at--;
  // The name comes before `=`, `:`, `=>` or `:=`.
  if (characters[at] === code.greater && characters[at - 1] === code.equals) at--;
  if (characters[at] !== code.equals && characters[at] !== code.colon) return undefined;
  at = skipBlanksBack(characters, at);
  if (characters[at] === code.colon) at = skipBlanksBack(characters, at);
  const end = endOfName(characters, at + 1);
  let start = end;
  while (end - start < longestName && isNameCharacter(characters[start - 1])) start--;
  return start < end ? characters.subarray(start, end) : undefined;
}

/** The most characters of a name that are read. */
const longestName = 64;

/**
 * Gives the index after the last character of a name. In front of `index` there may be a quote, as in `"name":`; or brackets, with
 * the name in quotes, as in `keys["name"] =`, or with the size of an array, as in `name[32] =`.
 */
function endOfName(characters: Buffer, index: number): number {
  if (isQuote(characters[index - 1])) return index - 1;
  if (characters[index - 1] !== brackets.close) return index;
  if (isQuote(characters[index - 2])) return index - 2;
  const open = characters.subarray(Math.max(0, index - longestName), index).lastIndexOf(brackets.open);
  return open === -1 ? index : Math.max(0, index - longestName) + open;
}

const brackets = { open: 0x5b, close: 0x5d };
const openings = Buffer.from('[{("\'`');
const isOpening = (character: number | undefined) => character !== undefined && openings.includes(character);

function isNameCharacter(character: number | undefined): boolean {
  const isSign = character === code.hyphen || character === code.dot || isBlank(character);
  return isSign || isWordCharacter(character);
}

/** Words in the names of values that are no secret key, in small letters. */
const noKeyWords = [
  ...['sha1', 'sha2', 'sha3', 'sha5', 'sha-', 'md5', 'checksum', 'digest', 'fingerprint', 'thumbprint', 'hash'],
  ...['signature', 'salt', 'nonce', 'etag', 'pub', 'priv', 'materialid'],
].map((word) => Buffer.from(word));

/** Tells whether a name says that its value is no secret key: a checksum, a salt, or one key of a pair. */
export function namesNoKey(name: Buffer | undefined, scratch: ScratchBuffers): boolean {
  if (name === undefined) return false;
  const small = scratch.allocate(name.length);
  for (const [index, letter] of name.entries())
    small[index] = letter >= 0x41 && letter <= 0x5a ? letter | 0x20 : letter;
  return noKeyWords.some((word) => small.includes(word));
}
