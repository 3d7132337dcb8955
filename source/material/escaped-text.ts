import { code, isQuote } from './characters.ts';
import { type FoundValue, lineNumber } from './found-value.ts';
import { hexDigit } from './hex-text.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';

const keyBytes = 32;
const letterX = 0x78;
/** What a letter after a backslash stands for in Python: `\t`, `\n`, `\r`, `\\`, and the quotes. */
const escapes: ReadonlyMap<number, number> = new Map([
  [0x74, 0x09],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [code.backslash, code.backslash],
  [code.apostrophe, code.apostrophe],
  [code.quote, code.quote],
]);

/**
 * Finds strings with escapes that stand for 32 bytes. Such a string is a bytes literal of Python, such as `b'\x8fA...'`, or a
 * string of C and other languages in which every byte is an escape such as `\x8f`.
 */
export function findEscapedKeys(characters: Buffer, scratch: ScratchBuffers): readonly FoundValue[] {
  const values: FoundValue[] = [];
  for (let at = 0; at < characters.length; at++) {
    if (!isQuote(characters[at])) continue;
    // Python writes `b` or `B` in front of the quote.
    const isPython = ((characters[at - 1] ?? 0) | 0x20) === 0x62;
    const value = readLiteral(characters, at, isPython, scratch);
    if (value === undefined) continue;
    values.push(value);
    at = value.to;
  }
  return values;
}

/**
 * Reads the literal that begins with a quote; `undefined` when it is not 32 bytes with escapes. In Python one escape such as
 * `\x8f` is enough; elsewhere every byte must be one.
 * @param quote the index of the quote. In Python, a `b` is before the quote, and the found range contains the `b` and both quotes.
 */
function readLiteral(
  characters: Buffer,
  quote: number,
  isPython: boolean,
  scratch: ScratchBuffers,
): FoundValue | undefined {
  const bytes = scratch.allocate(keyBytes);
  let count = 0;
  let hexEscapes = 0;
  let at = quote + 1;
  for (; characters[at] !== characters[quote]; count++) {
    if (at >= characters.length || count >= keyBytes || characters[at] === code.lineFeed) return undefined;
    if (characters[at] !== code.backslash) {
      bytes[count] = characters[at++] ?? 0;
      continue;
    }
    const [high, low] = [hexDigit(characters[at + 2] ?? 0), hexDigit(characters[at + 3] ?? 0)];
    const isHex = characters[at + 1] === letterX && high !== undefined && low !== undefined;
    const byte = isHex ? (high << 4) | low : escapes.get(characters[at + 1] ?? 0);
    if (byte === undefined) return undefined;
    bytes[count] = byte;
    if (isHex) hexEscapes++;
    at += isHex ? 4 : 2;
  }
  if (count !== keyBytes || hexEscapes < (isPython ? 1 : keyBytes)) return undefined;
  const says = `On line ${lineNumber(characters, quote)} is a string with escapes, which stands for 32 bytes.`;
  return isPython
    ? { form: 'python', bytes, from: quote - 1, to: at + 1, says: [says] }
    : { form: 'hex', bytes, from: quote + 1, to: at, says: [says] };
}
