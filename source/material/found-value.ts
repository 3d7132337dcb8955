import type { TextForm } from './encoded-key.ts';

/** 32 bytes that a text holds beside other characters. */
export type FoundValue = {
  /** `decimal`: a list of numbers. `python`: a literal with escapes. `xxd` and `dump`: a hex dump with offsets. */
  readonly form: TextForm | 'decimal' | 'python' | 'xxd' | 'dump';
  readonly inner?: TextForm;
  readonly bytes: Buffer;
  /** Where the value begins in the characters of the text. */
  readonly from: number;
  /** The index after its last character. */
  readonly to: number;
  /** What stands there, in plain sentences. */
  readonly says: readonly string[];
};

/** What a reader of one kind of text found: the one value that can be the key, or sentences that say why there is none. */
export type Found = { readonly value: FoundValue } | { readonly says: readonly string[] };

const lineFeed = 0x0a;

/** Gives the number of the line on which a character is; the first line is 1. */
export function lineNumber(characters: Buffer, index: number): number {
  let line = 1;
  for (const character of characters.subarray(0, index)) if (character === lineFeed) line++;
  return line;
}

/** Says that a text has several values of 32 bytes, and what to do. @param count at least two. */
export function severalWords(count: number): readonly string[] {
  return [
    `This file has ${count} values of 32 bytes, and nothing shows which of them is the key.`,
    'Put the key alone into a file of its own, and choose that.',
  ];
}
