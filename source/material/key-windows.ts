import { base64Digit } from './base64-text.ts';
import { hexDigit } from './hex-text.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';

const keyBytes = 32;

/**
 * The most windows inside runs that are tried. A try takes about 10 microseconds, so all of them take a tenth of a second.
 */
const mostInnerWindows = 8192;

/** An encoding of bytes as text, and the number of characters that encode 32 bytes. */
type Encoding = {
  readonly form: 'hex' | 'base64';
  readonly bits: number;
  readonly length: number;
  /** The value of each character code, or -1 for a code that is no digit of this encoding. */
  readonly digits: Int8Array;
  /** False for text that can hardly be an encoding of random bytes. */
  readonly isLikely: (window: Buffer) => boolean;
};

/**
 * Looks in a text for 32 encoded bytes that pass a test: 64 hex digits, or 43 letters of base64 or base64url (the 44th is
 * padding). A run is a stretch of such characters. Tries each run of exactly this length and both ends of longer runs, then
 * up to 8,192 other places in longer runs. In base64 of more than the key, it finds the key only when the key begins with a
 * letter of its own.
 * @returns the encoding in which it found the bytes, or `undefined`.
 */
export function findKeyText(
  characters: Buffer,
  isKey: (bytes: Buffer) => boolean,
  scratch: ScratchBuffers,
): 'hex' | 'base64' | undefined {
  const bytes = scratch.allocate(keyBytes);
  const runs = encodings.flatMap((encoding) => runsOf(characters, encoding));
  for (const { at, encoding } of likelyWindows(characters, runs))
    if (isKey(decode(characters.subarray(at, at + encoding.length), encoding, bytes))) return encoding.form;
  return undefined;
}

/** A stretch of characters of one encoding, at least as long as a key. */
type Run = { readonly start: number; readonly end: number; readonly encoding: Encoding };

/** Yields the places to try: both ends of every run, and then up to 8,192 places inside runs. */
function* likelyWindows(characters: Buffer, runs: readonly Run[]) {
  const isLikely = (at: number, encoding: Encoding) => encoding.isLikely(characters.subarray(at, at + encoding.length));
  for (const { start, end, encoding } of runs) {
    const last = end - encoding.length;
    if (isLikely(start, encoding)) yield { at: start, encoding };
    if (last > start && isLikely(last, encoding)) yield { at: last, encoding };
  }
  let left = mostInnerWindows;
  for (const { start, end, encoding } of runs)
    for (let at = start + 1; at < end - encoding.length && left > 0; at++) {
      if (!isLikely(at, encoding)) continue;
      left -= 1;
      yield { at, encoding };
    }
}

/** Finds all runs of one encoding that are long enough for a key. */
function runsOf(characters: Buffer, encoding: Encoding): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let end = 0; end <= characters.length; end++) {
    if ((encoding.digits[characters[end] ?? 0] ?? -1) >= 0) continue;
    if (end - start >= encoding.length) runs.push({ start, end, encoding });
    start = end + 1;
  }
  return runs;
}

/** Decodes a window into the buffer `into` and returns that. Bits after the last whole byte are left out. */
function decode(window: Buffer, { bits, digits }: Encoding, into: Buffer): Buffer {
  let held = 0;
  let count = 0;
  let written = 0;
  for (const character of window) {
    held = ((held << bits) | (digits[character] ?? 0)) & 0xffff;
    count += bits;
    if (count >= 8) {
      count -= 8;
      into[written++] = (held >> count) & 0xff;
    }
  }
  return into;
}

function digitTable(digitOf: (character: number) => number | undefined): Int8Array {
  return Int8Array.from({ length: 256 }, (_, character) => digitOf(character) ?? -1);
}

/**
 * Tells whether text has both capitals and small letters. Text without one of them is a path or a word: base64 of 32 random
 * bytes has only one case once in 10^9 keys.
 */
function hasBothCases(window: Buffer): boolean {
  const isCapital = (letter: number) => letter >= 0x41 && letter <= 0x5a;
  const isSmall = (letter: number) => letter >= 0x61 && letter <= 0x7a;
  return window.some(isCapital) && window.some(isSmall);
}

/** Makes the encoding base64 (without `url`) or base64url (without `standard`). */
function base64Without(other: 'standard' | 'url'): Encoding {
  const digitOf = (letter: number) => {
    const digit = base64Digit(letter);
    return digit === undefined || digit.kind === other ? undefined : digit.value;
  };
  return { form: 'base64', bits: 6, length: 43, digits: digitTable(digitOf), isLikely: hasBothCases };
}

const encodings: readonly Encoding[] = [
  { form: 'hex', bits: 4, length: 2 * keyBytes, digits: digitTable(hexDigit), isLikely: () => true },
  base64Without('url'),
  base64Without('standard'),
];
