import { base64Digit } from './base64-text.ts';
import { code, isLineEnd, isQuote, skipBlanks, skipItemBack } from './characters.ts';
import { decodeKey, encodedWords, twiceWords } from './encoded-key.ts';
import { type FoundValue, lineNumber } from './found-value.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';
import { nameBefore } from './value-name.ts';

/**
 * The values of 32 bytes in a text. `marked`: those that a quote, a name, a tag or a line of its own marks as a value.
 * `unmarked`: the bytes of all others, such as checksums before file names.
 */
export type EncodedValues = { readonly marked: readonly FoundValue[]; readonly unmarked: readonly Buffer[] };

/** 32 bytes have 43 letters of base64 at least; 64 hex digits that were encoded as hex again are 128. */
const shortest = 43;
const longest = 140;
/** The length of 64 hex digits with a `-` between every two bytes. */
const hyphenatedLength = 95;
/** The most letters of the kinds `+ /` and `- _` in base64 without padding: 43 random letters have more once in 2,000 keys. */
const mostSigns = 6;

/**
 * Finds 32 bytes in a text that are written as hex or base64. They are marked in quotes, after a name and `=` or `:`, between
 * tags, or alone on a line.
 */
export function findEncodedValues(characters: Buffer, scratch: ScratchBuffers): EncodedValues {
  const marked: FoundValue[] = [];
  const unmarked: Buffer[] = [];
  for (let from = 0; from < characters.length; ) {
    let end = from;
    while (base64Digit(characters[end] ?? 0) !== undefined) end++;
    if (end - from < shortest || end - from > longest) {
      from = Math.max(end, from + 1);
      continue;
    }
    let to = end;
    while (characters[to] === code.equals && to < end + 2) to++;
    const text = characters.subarray(from, to);
    const letters = withoutHyphens(text, scratch);
    const key = isPlausible(text, to > end) ? decodeKey(letters, scratch) : undefined;
    if (key !== undefined) {
      const place = placeWords(characters, from, to);
      if (place === undefined) unmarked.push(key.bytes);
      else {
        const line = lineNumber(characters, from);
        const says = [`Line ${line} has ${encodedWords(key, letters.length)} ${place}.`, ...twiceWords(key)];
        marked.push({ ...key, from, to, says });
      }
    }
    from = to;
  }
  return { marked, unmarked };
}

/**
 * Tells whether a text may be encoded random bytes. A text of the shortest length (43 letters for 32 bytes) without padding may
 * also be a path or a long name. So it must have capitals, small letters and digits, and at most {@link mostSigns} other signs.
 */
function isPlausible(text: Buffer, isPadded: boolean): boolean {
  if (isPadded || text.length !== shortest) return true;
  const kinds = new Map<string, number>();
  for (const letter of text) {
    const kind = base64Digit(letter)?.kind ?? '';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const signs = (kinds.get('standard') ?? 0) + (kinds.get('url') ?? 0);
  return kinds.has('upper') && kinds.has('lower') && kinds.has('digit') && signs <= mostSigns;
}

/** Gives hex digits without the hyphen between each two of them, as .NET's BitConverter writes bytes; other text as it is. */
function withoutHyphens(text: Buffer, scratch: ScratchBuffers): Buffer {
  const isHyphenated =
    text.length === hyphenatedLength &&
    text.every((character, index) => (index % 3 === 2) === (character === code.hyphen));
  if (!isHyphenated) return text;
  const digits = scratch.allocate(text.length);
  let length = 0;
  for (const character of text) if (character !== code.hyphen) digits[length++] = character;
  return digits.subarray(0, length);
}

/** Says, as the end of a sentence, what shows that this is a value; `undefined` when nothing does. */
function placeWords(characters: Buffer, from: number, to: number): string | undefined {
  const [before, after] = [characters[from - 1], characters[to]];
  if (isQuote(before) && before === after) return isWholeString(characters, from - 1, to + 1) ? 'in quotes' : undefined;
  if (before === code.greater && after === code.less) return 'between tags';
  const next = skipBlanks(characters, to);
  const endsHere = isLineEnd(characters, next) || isValueEnd(characters[next]);
  // A value that goes on in the next line is longer than a key.
  const goesOn = isEncodedLine(characters, nextLine(characters, to));
  if (!endsHere || goesOn) return undefined;
  if (nameBefore(characters, from) !== undefined) return 'behind a name';
  const isAlone = isLineEnd(characters, skipItemBack(characters, from)) && isLineEnd(characters, next);
  return isAlone && !isEncodedLine(characters, lineBefore(characters, from)) ? 'and nothing else' : undefined;
}

/** Signs that join two strings in programs. */
const joins = Buffer.from('"\'`+.&\\');
const isJoin = (character: number | undefined) => character !== undefined && joins.includes(character);

/** Tells whether a string with quotes around it is a whole value: it is not joined to another string, and is no name. */
function isWholeString(characters: Buffer, from: number, to: number): boolean {
  let next = to;
  while (isSpace(characters[next])) next++;
  let previous = from - 1;
  while (isSpace(characters[previous])) previous--;
  const isName = characters[next] === code.colon;
  return !isName && !isJoin(characters[next]) && !isJoin(characters[previous]);
}

/** A line of encoded text with at least this many letters may be a part of a longer value. */
const shortestPart = 16;

/** Tells whether a line has encoded text and nothing else, as each line of a longer value has. */
function isEncodedLine(characters: Buffer, start: number): boolean {
  const from = skipBlanks(characters, start);
  let to = from;
  while (base64Digit(characters[to] ?? 0) !== undefined) to++;
  const length = to - from;
  while (characters[to] === code.equals) to++;
  return length >= shortestPart && isLineEnd(characters, skipBlanks(characters, to));
}

/** Gives the index at which the text of the next line begins. Blank lines do not count. */
function nextLine(characters: Buffer, index: number): number {
  let at = index;
  while (!isLineEnd(characters, at)) at++;
  while (isSpace(characters[at])) at++;
  return at;
}

/** Gives the index at which the line before this one begins. Blank lines do not count. */
function lineBefore(characters: Buffer, index: number): number {
  let at = index - 1;
  while (isSpace(characters[at])) at--;
  while (!isLineEnd(characters, at)) at--;
  return at + 1;
}

const valueEnds = Buffer.from(',;}])#"\'&');
const isValueEnd = (character: number | undefined) => character !== undefined && valueEnds.includes(character);
