import { isUtf8 } from 'node:buffer';
import type { ScratchBuffers } from './scratch-buffers.ts';

/** The characters of a text file in UTF-8, and how the file encodes them. */
export type Text = {
  readonly characters: Buffer;
  /** `utf-8-mark`: UTF-8 after a byte order mark. */
  readonly encoding: 'plain' | 'utf-8-mark' | 'utf-16';
  /** How many bytes the byte order mark has, in front of the first character. */
  readonly markBytes: number;
  /** True when NUL characters were after the text, as a program in C may write them. `characters` has none. */
  readonly endsInNul: boolean;
};

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** Tells whether a byte is a space, tab, line feed or carriage return. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === lineFeed || byte === carriageReturn;
}

/** Gives the number of bytes of a text without white space at both ends. */
export function trimmedLength(characters: Buffer): number {
  const start = characters.findIndex((byte) => !isSpace(byte));
  return start < 0 ? 0 : characters.findLastIndex((byte) => !isSpace(byte)) + 1 - start;
}

/** Tells whether bytes are UTF-8 text without control characters. 32 random bytes are such text once in 10^11 keys. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && bytes.every((byte) => (byte >= 0x20 && byte !== 0x7f) || isSpace(byte));
}

/**
 * Reads bytes as text; `undefined` when they are no text. A byte order mark counts only when text follows it, because a
 * random key begins with FF FE once in 65536. The text stays in buffers, because nobody can overwrite a string.
 */
export function readText(bytes: Buffer, scratch: ScratchBuffers): Text | undefined {
  const wide = readUtf16(bytes, scratch);
  const candidates = [
    hasUtf8Mark(bytes) ? { all: bytes.subarray(3), encoding: 'utf-8-mark' as const, markBytes: 3 } : undefined,
    wide === undefined ? undefined : { all: wide.characters, encoding: 'utf-16' as const, markBytes: wide.markBytes },
    { all: bytes, encoding: 'plain' as const, markBytes: 0 },
  ];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    const { all, encoding, markBytes } = candidate;
    const characters = withoutNul(all);
    const endsInNul = characters.length < all.length;
    const isNulAlone = endsInNul && characters.length === 0;
    if (isText(characters) && !isNulAlone) return { characters, encoding, markBytes, endsInNul };
  }
  return undefined;
}

/** Gives the characters without the NUL characters after them. */
function withoutNul(characters: Buffer): Buffer {
  return characters.subarray(0, characters.findLastIndex((byte) => byte !== 0) + 1);
}

/** Tells whether the bytes begin with a byte order mark of UTF-8 or UTF-16. */
export function hasMark(bytes: Buffer): boolean {
  return hasUtf8Mark(bytes) || readUtf16Mark(bytes) !== undefined;
}

function hasUtf8Mark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Gives the byte order of UTF-16 that a byte order mark at the beginning names; `undefined` without a mark. */
function readUtf16Mark(bytes: Buffer): 'little' | 'big' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'little';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'big' : undefined;
}

/**
 * Reads ASCII characters that were saved as UTF-16, with or without a mark, in either byte order; `undefined` for other bytes.
 */
function readUtf16(
  bytes: Buffer,
  scratch: ScratchBuffers,
): { readonly characters: Buffer; readonly markBytes: number } | undefined {
  const mark = readUtf16Mark(bytes);
  const markBytes = mark === undefined ? 0 : 2;
  const body = bytes.subarray(markBytes);
  if (body.length < 2 || body.length % 2 !== 0) return undefined;
  // In an ASCII character, the upper byte is 0. In little-endian order, it comes second.
  const isLittle = mark === undefined ? body[1] === 0 : mark === 'little';
  const characters = scratch.allocate(body.length / 2);
  for (let index = 0; index < characters.length; index++) {
    const low = body[2 * index + (isLittle ? 0 : 1)] ?? 0;
    const high = body[2 * index + (isLittle ? 1 : 0)] ?? 0;
    if (high !== 0 || low >= 0x80) return undefined;
    characters[index] = low;
  }
  return { characters, markBytes };
}
