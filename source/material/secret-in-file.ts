import { hasCheckValue } from './check-value.ts';
import { findKeyText } from './key-windows.ts';
import { findKnownKey } from './known-key-search.ts';
import { recognise } from './recognise.ts';
import { type ScratchBuffers, withScratch } from './scratch-buffers.ts';
import type { SecretBytes } from './secret-bytes.ts';

/** The key for which a file is searched. */
export type SoughtKey = {
  /** Ten hex digits, as {@link keyCheckValue} gives them; absent while no key is chosen yet. */
  readonly checkValue?: string | undefined;
  /** The key itself, when it is at hand: then the search finds it at every place of a file. */
  readonly key?: SecretBytes | undefined;
};

const keyBytes = 32;
const holds = 'holds your secret key';
const words = { raw: holds, hex: `${holds} as hex text`, base64: `${holds} as base64 text` } as const;

/**
 * Searches the bytes of a file, at most 64 KiB, for the key and for age identities. Takes at most a tenth of a second. Does
 * not change the bytes.
 *
 * When `key` is given, the search finds it at any place: as raw bytes, and as hex or base64 text also inside longer text,
 * across line breaks, and in UTF-16. When only `checkValue` is given, each place needs a slow try. Then the search finds
 * only a file that consists of the key in a form that {@link recognise} knows, also with newlines or NUL bytes behind it,
 * and keys at the places where {@link findKeyText} looks.
 * @returns what it found, as the end of a sentence that begins with the file's name; else `undefined`.
 */
export function findSecretIn(bytes: Buffer, { checkValue, key }: SoughtKey): string | undefined {
  return withScratch((scratch) => {
    const texts = [bytes, ...wideTexts(bytes, scratch)];
    if (texts.some(holdsIdentity)) return 'holds an age identity, which is secret';
    const found =
      key !== undefined
        ? key.use((known) => findKnown(bytes, texts, known, scratch))
        : checkValue !== undefined
          ? findUnknown(bytes, texts, (candidate) => hasCheckValue(candidate, checkValue), scratch)
          : undefined;
    return found === undefined ? undefined : words[found];
  });
}

type Found = keyof typeof words | undefined;

/** Searches for a key whose bytes are known. */
function findKnown(bytes: Buffer, texts: readonly Buffer[], key: Buffer, scratch: ScratchBuffers): Found {
  if (bytes.includes(key)) return 'raw';
  return firstOf(texts, (text) => findKnownKey(text, key, scratch));
}

/** Searches for a key of which only a test is known, such as its check value. */
function findUnknown(
  bytes: Buffer,
  texts: readonly Buffer[],
  isKey: (bytes: Uint8Array) => boolean,
  scratch: ScratchBuffers,
): Found {
  const onlyEndings = bytes.subarray(keyBytes).every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d);
  if (bytes.length >= keyBytes && onlyEndings && isKey(bytes.subarray(0, keyBytes))) return 'raw';
  return findAsWholeFile(bytes, isKey, scratch) ?? firstOf(texts, (text) => findKeyText(text, isKey, scratch));
}

/** Tells in which form the whole file is the key. */
function findAsWholeFile(bytes: Buffer, isKey: (bytes: Uint8Array) => boolean, scratch: ScratchBuffers): Found {
  // `recognise` may zero the bytes that it gets, so it gets a copy.
  const copy = scratch.allocate(bytes.length);
  bytes.copy(copy);
  const recognised = recognise(copy, scratch);
  if (recognised.form === 'none') return undefined;
  const { form, key } = recognised;
  const isSame = key.use(isKey);
  key.destroy();
  if (!isSame) return undefined;
  if (form === 'hex') return 'hex';
  return form === 'raw' || form === 'raw-newline' ? 'raw' : 'base64';
}

/**
 * Gives the characters of UTF-16 text in the file as one byte each, for both byte orders: the bytes at even and at odd
 * places. A byte without a zero byte beside it is no such character and becomes 0. Gives no text when the file has no zero
 * byte.
 */
function wideTexts(bytes: Buffer, scratch: ScratchBuffers): readonly Buffer[] {
  if (!bytes.includes(0)) return [];
  return [0, 1].map((first) => {
    const characters = scratch.allocate(Math.ceil((bytes.length - first) / 2));
    for (let index = 0; index < characters.length; index++) {
      const at = first + 2 * index;
      if (bytes[at - 1] === 0 || bytes[at + 1] === 0) characters[index] = bytes[at] ?? 0;
    }
    return characters;
  });
}

const identityMarks = [Buffer.from('AGE-SECRET-KEY-1'), Buffer.from('AGE-SECRET-KEY-PQ-1')];
const bech32 = new Set(Buffer.from('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'));
/** The letters of an age identity after its mark: 32 bytes and a checksum. A post-quantum identity has more. */
const identityLetters = 58;

/** Tells whether text contains an age identity, as age-keygen makes it: a mark and Bech32 letters (BIP 173) in capitals. */
function holdsIdentity(characters: Buffer): boolean {
  return identityMarks.some((mark) => {
    for (let at = characters.indexOf(mark); at >= 0; at = characters.indexOf(mark, at + 1)) {
      const letters = characters.subarray(at + mark.length, at + mark.length + identityLetters);
      if (letters.length === identityLetters && letters.every((letter) => bech32.has(letter))) return true;
    }
    return false;
  });
}

/** Gives the first thing that `find` finds in one of the texts. */
function firstOf(texts: readonly Buffer[], find: (text: Buffer) => Found): Found {
  for (const text of texts) {
    const found = find(text);
    if (found !== undefined) return found;
  }
  return undefined;
}
