import { code, isBlank, isItemHyphen, isQuote, isWordCharacter, skipBlanksBack } from './characters.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

/**
 * Gives the characters of the name in front of a value: `name=`, `"name": `, `name => [`. An index belongs to the name, as in
 * `name[32] = {` or `keys["name"] = `. Opening brackets, quotes, line ends and the hyphen of a YAML list may stand between the
 * sign and the value. Returns `undefined` when no name is there.
 */
export function nameBefore(characters: Buffer, index: number): Buffer | undefined {
  let at = index - 1;
  while (isSpace(characters[at]) || isOpening(characters[at]) || isItemHyphen(characters, at)) at--;
  // The name comes before `=`, `:`, `=>` or `:=`.
  if (characters[at] === code.greater && characters[at - 1] === code.equals) at--;
  if (characters[at] !== code.equals && characters[at] !== code.colon) return undefined;
  at = skipBlanksBack(characters, at);
  if (characters[at] === code.colon) at = skipBlanksBack(characters, at);
  const end = isQuote(characters[at]) ? at : at + 1;
  const nameEnd = skipBracketsBack(characters, end);
  let start = nameEnd;
  while (nameEnd - start < longestName && isNameCharacter(characters[start - 1])) start--;
  // An index without a name in front is a name itself, as in Lua and in what PHP prints: `["name"] = `, `[name] => `.
  const lastOfIndex = nameEnd < end ? characters[end - 2] : undefined;
  const isNamed = start < nameEnd || isNameCharacter(lastOfIndex) || isQuote(lastOfIndex);
  return isNamed ? characters.subarray(start, end) : undefined;
}

/** The most characters of a name or an index that are read. */
const longestName = 64;

/** Gives the index at which the brackets before `end` begin, such as `["name"]` or `[0][32]`; `end` when there are none. */
function skipBracketsBack(characters: Buffer, end: number): number {
  let start = end;
  while (characters[start - 1] === brackets.close) {
    const from = Math.max(0, start - longestName);
    const open = characters.subarray(from, start).lastIndexOf(brackets.open);
    if (open === -1) break;
    start = from + open;
  }
  return start;
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

/** Tells whether a name says that its value is no secret key: that it is a checksum, a salt or one key of a pair, for example. */
export function namesNoKey(name: Buffer | undefined, scratch: ScratchBuffers): boolean {
  if (name === undefined) return false;
  const small = scratch.allocate(name.length);
  for (const [index, letter] of name.entries())
    small[index] = letter >= 0x41 && letter <= 0x5a ? letter | 0x20 : letter;
  return noKeyWords.some((word) => small.includes(word));
}
