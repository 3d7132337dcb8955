import { code, isItemHyphen, isLineEnd, isWordCharacter, skipBlanks, skipItemBack } from './characters.ts';
import { type FoundValue, lineNumber } from './found-value.ts';
import { hasHexPrefix, hexDigit } from './hex-text.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { isSpace } from './text-encoding.ts';

/** A row of numbers in a text, from one index to another. A single number is a row too. */
export type NumberRow = {
  readonly count: number;
  readonly from: number;
  readonly to: number;
  /** True when the text has nothing else but brackets and quotes around the row. */
  readonly isWhole: boolean;
  /** `pairs`: two hex digits each, without 0x. */
  readonly notation: 'pairs' | 'prefixed' | 'decimal';
  /** The 32 bytes that the numbers mean. Absent for any other count, and when no bracket, name or line frames them. */
  readonly value?: FoundValue;
};

/** Where a number is. Its value stays in the text until it goes into a buffer, because it may be a byte of a key. */
type Token = {
  readonly from: number;
  readonly to: number;
  /** The index of its first digit. */
  readonly digitsFrom: number;
  readonly isPrefixed: boolean;
  readonly isNegative: boolean;
  /** True for 0x and one or two hex digits, and for two hex digits without a sign. */
  readonly isHexByte: boolean;
  readonly isDecimal: boolean;
};

const keyBytes = 32;
const cast = Buffer.from('(byte)');
/** Node prints bytes as `<Buffer 8f 41>`. */
const bufferName = Buffer.from('Buffer');
const openingSigns = Buffer.from('[{(<"\'`');
const openingBrackets = Buffer.from('[{(');
/** The signs in front of a value: an opening sign, or the `=` or `:` after a name. */
const signsBeforeValue = Buffer.from('[{(<"\'`=:');
const closingSigns = Buffer.from(']})>"\'`;');
const semicolon = 0x3b;

/**
 * Finds rows of numbers in a text: byte arrays of C, Java, Python and other languages, decimal lists, and hex bytes with colons,
 * hyphens or commas between them. Numbers are 0 to 255, or -128 to 127 as in Java.
 */
export function findNumberRows(characters: Buffer, scratch: ScratchBuffers): readonly NumberRow[] {
  const rows: NumberRow[] = [];
  for (let at = 0; at < characters.length; ) {
    const token = isWordCharacter(characters[at - 1]) ? undefined : readToken(characters, at);
    if (token === undefined) {
      at++;
      continue;
    }
    const tokens = [token, ...readTokensAfter(characters, token)];
    const row = makeRow(characters, tokens, scratch);
    if (row !== undefined) rows.push(row);
    at = tokens.at(-1)?.to ?? token.to;
  }
  return rows;
}

/** Reads the numbers that follow the first number of a row. All of them have 0x in front, or none has. */
function readTokensAfter(characters: Buffer, first: Token): readonly Token[] {
  const tokens: Token[] = [];
  for (let end = first.to; ; ) {
    const start = skipSeparators(characters, end);
    const next = start === end ? undefined : readToken(characters, start);
    if (next === undefined || next.isPrefixed !== first.isPrefixed) return tokens;
    tokens.push(next);
    end = next.to;
  }
}

/**
 * Reads a number with as many digits as a byte can have, such as `8f`, `0x8f`, `143` or `-113`. The cast `(byte)` may stand in
 * front. Gives `undefined` when there is no such number. Whether the number is too large for a byte is not looked at here.
 */
function readToken(characters: Buffer, index: number): Token | undefined {
  let start = index;
  if (startsWithCast(characters, index)) start = skipBlanks(characters, index + cast.length);
  const isPrefixed = hasHexPrefix(characters, start);
  const isNegative = !isPrefixed && characters[start] === code.hyphen;
  const digitsFrom = start + (isPrefixed ? 2 : 0) + (isNegative ? 1 : 0);
  let to = digitsFrom;
  let isDecimal = !isPrefixed;
  // Four digits are one more than a byte can have.
  while (to - digitsFrom < 4 && hexDigit(characters[to] ?? 0) !== undefined) {
    if (!isDigit(characters[to])) isDecimal = false;
    to++;
  }
  const length = to - digitsFrom;
  if (length === 0 || length > (isPrefixed ? 2 : 3) || isWordCharacter(characters[to])) return undefined;
  const isHexByte = isPrefixed || (length === 2 && !isNegative);
  return isHexByte || isDecimal
    ? { from: index, to, digitsFrom, isPrefixed, isNegative, isHexByte, isDecimal }
    : undefined;
}

const isDigit = (character: number | undefined) => character !== undefined && character >= 0x30 && character <= 0x39;

/** Tells whether `(byte)` stands at an index, in capitals or small letters. */
function startsWithCast(characters: Buffer, index: number): boolean {
  const text = characters.subarray(index, index + cast.length);
  return text.length === cast.length && text.every((letter, place) => (letter | 0x20) === ((cast[place] ?? 0) | 0x20));
}

/**
 * Gives the index after the signs that separate two numbers. A hyphen separates when it follows a number directly, or when it
 * stands alone before a number, as in a YAML list.
 */
function skipSeparators(characters: Buffer, index: number): number {
  let at = index;
  if (characters[at] === code.hyphen) at++;
  for (; ; at++) {
    const character = characters[at];
    const isSeparator =
      isSpace(character) || character === code.comma || character === semicolon || character === code.colon;
    if (!isItemHyphen(characters, at) && !isSeparator) return at;
  }
}

/**
 * Makes a row of tokens, with its value when the row has 32 numbers in a frame (see {@link frameOf}). Gives `undefined` when the
 * tokens differ in notation, or when a number is too large for a byte.
 */
function makeRow(characters: Buffer, tokens: readonly Token[], scratch: ScratchBuffers): NumberRow | undefined {
  const from = tokens[0]?.from ?? 0;
  const to = tokens.at(-1)?.to ?? from;
  const areHex = tokens.every(({ isHexByte }) => isHexByte);
  const values = scratch.allocate(tokens.length);
  if (areHex) writeHex(characters, tokens, values);
  else if (!writeDecimals(characters, tokens, values)) return undefined;
  let notation: NumberRow['notation'] = 'decimal';
  if (areHex) notation = tokens[0]?.isPrefixed === true ? 'prefixed' : 'pairs';
  const frame = frameOf(characters, from, to);
  const row = { count: tokens.length, from, to, isWhole: frame === 'text', notation };
  if (tokens.length !== keyBytes || frame === undefined) return row;
  const what =
    notation === 'decimal' ? '32 decimal numbers, one for each byte' : '32 bytes in hex, with signs between them';
  const says = frame === 'text' ? `This file has ${what}.` : `On line ${lineNumber(characters, from)} begin ${what}.`;
  const form = notation === 'decimal' ? 'decimal' : 'hex';
  return { ...row, value: { form, bytes: values, from, to, says: [says] } };
}

/** Writes hex numbers of one or two digits as bytes. @param target is filled with zeros. */
function writeHex(characters: Buffer, tokens: readonly Token[], target: Buffer): void {
  for (const [index, { digitsFrom, to }] of tokens.entries())
    for (const character of characters.subarray(digitsFrom, to))
      target[index] = ((target[index] ?? 0) << 4) | (hexDigit(character) ?? 0);
}

/**
 * Writes decimal numbers as bytes. Returns false when a token is no decimal number, or no byte: all bytes are from 0 to 255, or,
 * when one of them is negative, all from -128 to 127.
 */
function writeDecimals(characters: Buffer, tokens: readonly Token[], target: Buffer): boolean {
  const areSigned = tokens.some(({ isNegative }) => isNegative);
  for (const [index, { digitsFrom, to, isNegative, isDecimal }] of tokens.entries()) {
    if (!isDecimal) return false;
    let number = 0;
    for (const character of characters.subarray(digitsFrom, to)) number = 10 * number + character - 0x30;
    const largestPositive = areSigned ? 127 : 255;
    if (number > (isNegative ? 128 : largestPositive)) return false;
    target[index] = isNegative ? -number : number;
  }
  return true;
}

/**
 * Tells whether something marks the row as a value.
 * @returns `text` when the text has nothing but the row, and brackets or quotes around it. `part` when a bracket, a quote, a name
 * or a line begins the row, and a bracket, a quote, a semicolon or a line ends it. `undefined` for numbers in the middle of other
 * words, and for a row that a bracket begins and the end of the text ends: the text was cut off, perhaps within the last number.
 */
function frameOf(characters: Buffer, from: number, to: number): 'text' | 'part' | undefined {
  const previous = skipItemBack(characters, from);
  let before = previous;
  while (isSpace(characters[before])) before--;
  let after = to;
  while (isSpace(characters[after]) || characters[after] === code.comma) after++;
  const isCutOff = isOneOf(characters[before], openingBrackets) && after >= characters.length;
  if (isCutOff) return undefined;
  let [outerBefore, outerAfter] = [before, after];
  while (outerBefore >= 0 && isOneOf(characters[outerBefore], openingSigns)) outerBefore--;
  while (isOneOf(characters[outerAfter], closingSigns) || isSpace(characters[outerAfter])) outerAfter++;
  if (outerBefore < 0 && outerAfter >= characters.length) return 'text';
  const isInBuffer = characters.subarray(Math.max(0, before + 1 - bufferName.length), before + 1).equals(bufferName);
  const isOpened = isOneOf(characters[before], signsBeforeValue) || isInBuffer || before < 0;
  const isOnOwnLine = isLineEnd(characters, previous);
  const isClosed = isOneOf(characters[after], closingSigns) || after >= characters.length;
  const endsLine = isLineEnd(characters, skipBlanks(characters, to));
  return (isOpened || isOnOwnLine) && (isClosed || endsLine) ? 'part' : undefined;
}

const isOneOf = (character: number | undefined, signs: Buffer): boolean =>
  character !== undefined && signs.includes(character);
