import { base64Digit } from './base64-text.ts';
import { isSpace } from './text-encoding.ts';

/** Codes of characters that stand around values in a text. */
export const code = {
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  quote: 0x22,
  apostrophe: 0x27,
  backtick: 0x60,
  backslash: 0x5c,
  comma: 0x2c,
  hyphen: 0x2d,
  colon: 0x3a,
  equals: 0x3d,
  greater: 0x3e,
  less: 0x3c,
  underscore: 0x5f,
  dot: 0x2e,
} as const;

/** Tells whether a character is a space or a tab. */
export const isBlank = (character: number | undefined): boolean => character === 0x20 || character === 0x09;

/** Tells whether a character is a quote that programs and configurations put around a value. */
export const isQuote = (character: number | undefined): boolean =>
  character === code.quote || character === code.apostrophe || character === code.backtick;

/** Tells whether a character is an ASCII letter, a digit or an underscore. */
export function isWordCharacter(character: number | undefined): boolean {
  if (character === undefined) return false;
  if (character === code.underscore) return true;
  const kind = base64Digit(character)?.kind;
  return kind === 'upper' || kind === 'lower' || kind === 'digit';
}

/** Gives the index of the first character from `index` on that is neither space nor tab. */
export function skipBlanks(characters: Buffer, index: number): number {
  let at = index;
  while (isBlank(characters[at])) at++;
  return at;
}

/** Gives the index of the last character before `index` that is neither space nor tab; -1 when there is none. */
export function skipBlanksBack(characters: Buffer, index: number): number {
  let at = index - 1;
  while (isBlank(characters[at])) at--;
  return at;
}

/**
 * Gives the index of the last character before `index` that is neither space nor tab, nor the hyphen of a YAML list; -1 when
 * there is none.
 */
export function skipItemBack(characters: Buffer, index: number): number {
  const before = skipBlanksBack(characters, index);
  return isItemHyphen(characters, before) ? skipBlanksBack(characters, before) : before;
}

/** Tells whether a line ends at this index, or the text does. */
export function isLineEnd(characters: Buffer, index: number): boolean {
  const character = characters[index];
  return character === undefined || character === code.lineFeed || character === code.carriageReturn;
}

/** Tells whether a hyphen stands alone at an index, as in front of each item of a YAML list. */
export function isItemHyphen(characters: Buffer, index: number): boolean {
  const isFirst = index === 0 || isSpace(characters[index - 1]);
  return characters[index] === code.hyphen && isFirst && isBlank(characters[index + 1]);
}
