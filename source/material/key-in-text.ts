import { decodeBase64 } from './base64-text.ts';
import { findNumberRows } from './byte-list.ts';
import { findEncodedValues } from './encoded-values.ts';
import { findEscapedKeys } from './escaped-text.ts';
import { type Found, type FoundValue, severalWords } from './found-value.ts';
import { hasDumpLine, readHexDump } from './hex-dump.ts';
import { decodeHex } from './hex-text.ts';
import { readJsonWebKey } from './json-web-key.ts';
import { readOpensslPrinted } from './openssl-printed.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { nameBefore, namesNoKey } from './value-name.ts';

/** The fewest numbers that make a text a list of bytes, for the words about a list that is no key. */
const fewestNumbers = 8;

/**
 * Reads a text of a kind that says by itself which of its parts is the key: a dump with offsets, what openssl prints, a JSON Web
 * Key, a list of numbers. Returns `undefined` for any other text.
 */
export function readKnownText(characters: Buffer, scratch: ScratchBuffers): Found | undefined {
  const found =
    readHexDump(characters, scratch) ?? readOpensslPrinted(characters, scratch) ?? readJsonWebKey(characters, scratch);
  if (found !== undefined) return found;
  // A text with some lines of a dump is refused: the digits of its offsets could be taken for a part of the key.
  if (hasDumpLine(characters, scratch)) return { says: mixedDumpWords };
  const list = findNumberRows(characters, scratch).find(({ isWhole }) => isWhole);
  if (list === undefined || list.count < fewestNumbers) return undefined;
  // Hex digits with blanks or colons between them are no list: the caller decodes them as hex text.
  if (list.notation === 'pairs' && decodeHex(characters, scratch) !== undefined) return undefined;
  if (list.value !== undefined) return { value: list.value };
  return { says: [`This file is a list of ${list.count} numbers; a 32-byte key has 32, one for each byte.`] };
}

/**
 * Looks in a text for the only value of 32 bytes. The text must not be one encoded key as a whole: the caller tries `decodeKey`
 * first.
 * @returns the value, or sentences that say why it is not taken: the text has several different values, nothing around the value
 * marks it as a key, or its name says that it is no key. `undefined` when the text has no value of 32 bytes, or is one encoded
 * value of another length.
 */
export function findKeyInText(characters: Buffer, scratch: ScratchBuffers): Found | undefined {
  // A text that decodes as a whole is one value. It has another length than a key, because the caller has tried that. A line of
  // it may be as long as a key, but is only a part of this value.
  if (decodeHex(characters, scratch) !== undefined || decodeBase64(characters, scratch) !== undefined) return undefined;
  const { marked, unmarked } = findEncodedValues(characters, scratch);
  const rows = findNumberRows(characters, scratch).flatMap(({ value }) => (value === undefined ? [] : [value]));
  const values = [...marked, ...rows, ...findEscapedKeys(characters, scratch)];
  const different = withoutRepeats([...values.map(({ bytes }) => bytes), ...unmarked]);
  if (different.length === 0) return undefined;
  if (different.length > 1) return { says: severalWords(different.length) };
  // From here on, all places have the same 32 bytes.
  const [first] = values;
  if (first === undefined) return { says: unmarkedWords };
  return isNamedAsNoKey(values, characters, scratch) ? { says: noKeyWords } : { value: first };
}

/** Leaves out bytes that are the same as earlier ones. */
function withoutRepeats(values: readonly Buffer[]): readonly Buffer[] {
  return values.filter((bytes, index) => values.findIndex((other) => other.equals(bytes)) === index);
}

/** Tells whether one of the places of a value has a name that says that the value is no key. */
function isNamedAsNoKey(values: readonly FoundValue[], characters: Buffer, scratch: ScratchBuffers): boolean {
  return values.some(({ from }) => namesNoKey(nameBefore(characters, from), scratch));
}

const mixedDumpWords = [
  'This file has lines of a dump, but not a whole dump from offset 0 on.',
  'Put a whole dump alone into a file of its own, and choose that.',
];
const unmarkedWords = [
  'It has 32 bytes as hex or base64 among other words, as a list of checksums has.',
  'If they are the key, put them alone into a file of their own.',
];
const noKeyWords = [
  'Its value of 32 bytes is no secret key, by its name.',
  'If it is the key all the same, put it alone into a file of its own.',
];
