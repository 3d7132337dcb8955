import { base64Digit } from './base64-text.ts';
import { hexDigit } from './hex-text.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';

const keyBytes = 32;

/**
 * How many windows inside of runs are tried at most. A try takes about 10 microseconds, so that all of them take a tenth of
 * a second.
 */
const mostInnerWindows = 8192;

/** An encoding of bytes as text, and the number of characters that encode 32 bytes. */
type Encoding = {
  readonly form: 'hex' | 'base64';
  /** The number of bits in a character. */
  readonly bits: number;
  readonly length: number;
  /** The value of each character code, or -1 for a code that is no digit of this encoding. */
  readonly digits: Int8Array;
  /** False for a window that can hardly be an encoding of random bytes. */
  readonly isLikely: (window: Buffer) => boolean;
};

/**
 * Looks in a text for 32 encoded bytes that pass a test: 64 hex digits, or 43 letters of base64 or base64url (the 44th is
 * padding). A window is as many characters in a row as encode 32 bytes. A run is a row of hex digits or letters of base64, at
 * least one window long. The function tries the window at both ends of each run, then up to 8,192 other windows in longer runs.
 * A window of base64 is tried only when it has both capitals and small letters. In base64 of more bytes than the key, the function
 * finds the key only after a multiple of three bytes: only there begins a letter.
 * @returns the encoding in which it found the bytes; `undefined` when it found none.
 */
export function findKeyText(
  characters: Buffer,
  isKey: (bytes: Buffer) => boolean,
  scratch: ScratchBuffers,
): 'hex' | 'base64' | undefined {
  const bytes = scratch.allocate(keyBytes);
  const runs = encodings.flatMap((encoding) => findRuns(characters, encoding));
  for (const { start, encoding } of likelyWindows(characters, runs))
    if (isKey(decode(characters.subarray(start, start + encoding.length), encoding, bytes))) return encoding.form;
  return undefined;
}

/** A sequence of characters of one encoding, at least as long as a window. `end` is the index after the last character. */
type Run = { readonly start: number; readonly end: number; readonly encoding: Encoding };

/** Yields the windows to try: at both ends of every run, and then up to 8,192 windows inside of runs. */
function* likelyWindows(characters: Buffer, runs: readonly Run[]) {
  const isLikely = (start: number, encoding: Encoding) =>
    encoding.isLikely(characters.subarray(start, start + encoding.length));
  for (const { start, end, encoding } of runs) {
    const lastStart = end - encoding.length;
    if (isLikely(start, encoding)) yield { start, encoding };
    if (lastStart > start && isLikely(lastStart, encoding)) yield { start: lastStart, encoding };
  }
  let triesLeft = mostInnerWindows;
  for (const { start: runStart, end, encoding } of runs)
    for (let start = runStart + 1; start < end - encoding.length && triesLeft > 0; start++) {
      if (!isLikely(start, encoding)) continue;
      triesLeft -= 1;
      yield { start, encoding };
    }
}

/** Finds all runs of one encoding in a text. */
function findRuns(characters: Buffer, encoding: Encoding): Run[] {
  const runs: Run[] = [];
  let start = 0;
  // Behind the last character, the code 0 counts, which is no digit and so ends a run.
  for (let end = 0; end <= characters.length; end++) {
    if ((encoding.digits[characters[end] ?? 0] ?? -1) >= 0) continue;
    if (end - start >= encoding.length) runs.push({ start, end, encoding });
    start = end + 1;
  }
  return runs;
}

/** Decodes a window into a buffer and returns this buffer. Bits after the last whole byte are left out. */
function decode(window: Buffer, { bits, digits }: Encoding, target: Buffer): Buffer {
  // Each character adds its bits on the right of `heldBits`. Eight bits or more are enough for the next byte.
  let heldBits = 0;
  let heldCount = 0;
  let written = 0;
  for (const character of window) {
    heldBits = ((heldBits << bits) | (digits[character] ?? 0)) & 0xffff;
    heldCount += bits;
    if (heldCount >= 8) {
      heldCount -= 8;
      target[written++] = (heldBits >> heldCount) & 0xff;
    }
  }
  return target;
}

/** Makes the table `digits` of an {@link Encoding}. @param digitOf gives the value of a character code, if it is a digit. */
function makeDigitTable(digitOf: (character: number) => number | undefined): Int8Array {
  return Int8Array.from({ length: 256 }, (_, character) => digitOf(character) ?? -1);
}

/**
 * Tells whether a window has both capitals and small letters. Without capitals, or without small letters, it is probably a path or
 * a word: the base64 text of 32 random bytes lacks one kind in 1 of 10^9 keys.
 */
function hasBothCases(window: Buffer): boolean {
  const isCapital = (letter: number) => letter >= 0x41 && letter <= 0x5a;
  const isSmall = (letter: number) => letter >= 0x61 && letter <= 0x7a;
  return window.some(isCapital) && window.some(isSmall);
}

/** Makes the encoding base64 (without letters of the kind `url`) or base64url (without those of the kind `standard`). */
function makeBase64Without(other: 'standard' | 'url'): Encoding {
  const digitOf = (letter: number) => {
    const digit = base64Digit(letter);
    return digit === undefined || digit.kind === other ? undefined : digit.value;
  };
  return { form: 'base64', bits: 6, length: 43, digits: makeDigitTable(digitOf), isLikely: hasBothCases };
}

const encodings: readonly Encoding[] = [
  { form: 'hex', bits: 4, length: 2 * keyBytes, digits: makeDigitTable(hexDigit), isLikely: () => true },
  makeBase64Without('url'),
  makeBase64Without('standard'),
];
