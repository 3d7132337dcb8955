import { decodeBase64 } from './base64-text.ts';
import { decodeHex } from './hex-text.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { isText } from './text-encoding.ts';

/** An encoding of bytes as text. */
export type TextForm = 'hex' | 'base64' | 'base64url';

/** 32 bytes, and how the text encodes them. `inner` is set when the decoded text had to be decoded once more. */
export type EncodedKey = { readonly form: TextForm; readonly inner?: TextForm; readonly bytes: Buffer };

const keyBytes = 32;

/**
 * Decodes text that stands for 32 bytes and for nothing else: hex or base64 of the bytes, or of such a text. Returns
 * `undefined` for any other text. 64 hex digits count as hex, although they are also base64 of 48 bytes.
 */
export function decodeKey(characters: Buffer, scratch: ScratchBuffers): EncodedKey | undefined {
  const outer = decodeText(characters, scratch);
  if (outer === undefined || outer.bytes.length === keyBytes) return outer;
  const inner = isText(outer.bytes) ? decodeText(outer.bytes, scratch) : undefined;
  if (inner?.bytes.length !== keyBytes) return undefined;
  return { form: outer.form, inner: inner.form, bytes: inner.bytes };
}

/**
 * Decodes hex or base64 to any number of bytes; gives `undefined` for any other text, and for an odd number of hex digits. Text of
 * hex digits alone counts as hex, although it is also base64: 43 random letters of base64 are all hex digits once in 10^19 keys.
 */
function decodeText(characters: Buffer, scratch: ScratchBuffers): EncodedKey | undefined {
  const hex = decodeHex(characters, scratch);
  if (hex === undefined) return decodeBase64(characters, scratch);
  return hex.digits % 2 === 0 ? { form: 'hex', bytes: hex.bytes } : undefined;
}

/** Says how many characters of which encoding a text has: `64 hex digits`, `44 characters of base64`. */
export function encodedWords({ form }: EncodedKey, length: number): string {
  return form === 'hex' ? `${length} hex digits` : `${length} characters of ${form}`;
}

/** Gives a list with a sentence when the key was encoded twice; an empty list when it was encoded once. */
export function twiceWords({ form, inner }: EncodedKey): readonly string[] {
  return inner === undefined ? [] : [`Decoded from ${form}, it is ${inner} text again: the key was encoded twice.`];
}
