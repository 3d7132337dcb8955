import { hasCheckValue } from './check-value.ts';
import { findKeyText } from './key-windows.ts';
import { findKnownKey } from './known-key-search.ts';
import { recognise } from './recognise.ts';
import { type ScratchBuffers, withScratch } from './scratch-buffers.ts';
import type { SecretBytes } from './secret-bytes.ts';

/** The key that is searched in a file. */
export type SoughtKey = {
  /** Ten hex digits, as {@link keyCheckValue} gives them; absent while no key is chosen yet. */
  readonly checkValue?: string | undefined;
  /** The key itself, when it is at hand. With it, the search finds the key at every place of a file. */
  readonly key?: SecretBytes | undefined;
};

const keyBytes = 32;
const holds = 'holds your secret key';
/** The end of a sentence about each form in which the key was found. */
const sentenceEnds = { raw: holds, hex: `${holds} as hex text`, base64: `${holds} as base64 text` } as const;

/**
 * Searches the bytes of a file, at most 64 KiB, for the key and for age identities. Takes at most a tenth of a second. Does
 * not change the bytes.
 *
 * When `key` is given, the search finds it at any place: as raw bytes, and as hex or base64 text also inside longer text,
 * across line breaks, and in UTF-16. It also finds the key in a file from which {@link recognise} takes it, such as a list of
 * decimal numbers. When only `checkValue` is given, each place needs a slow try. Then the search finds the key only in such a
 * file, in a raw key with newlines or NUL bytes after it, and at the places where {@link findKeyText} looks.
 * @returns what it found, as the end of a sentence that begins with the file's name; `undefined` when it found nothing.
 */
export function findSecretIn(bytes: Buffer, sought: SoughtKey): string | undefined {
  return withScratch((scratch) => {
    const texts = [bytes, ...readUtf16Texts(bytes, scratch)];
    if (texts.some(holdsIdentity)) return 'holds an age identity, which is secret';
    const form = findKey(bytes, texts, sought, scratch);
    return form === undefined ? undefined : sentenceEnds[form];
  });
}

/** The form in which the key was found; `undefined` when it was not found. */
type FoundForm = keyof typeof sentenceEnds | undefined;

/** Searches for the key by its bytes when they are at hand, or else by its check value. */
function findKey(
  bytes: Buffer,
  texts: readonly Buffer[],
  { checkValue, key }: SoughtKey,
  scratch: ScratchBuffers,
): FoundForm {
  if (key !== undefined) return key.use((keyBuffer) => findKnown(bytes, texts, keyBuffer, scratch));
  if (checkValue === undefined) return undefined;
  return findByTest(bytes, texts, (candidate) => hasCheckValue(candidate, checkValue), scratch);
}

/** Searches for a key whose bytes are known. */
function findKnown(bytes: Buffer, texts: readonly Buffer[], key: Buffer, scratch: ScratchBuffers): FoundForm {
  if (bytes.includes(key)) return 'raw';
  const encoded = firstOf(texts, (text) => findKnownKey(text, key, scratch));
  return encoded ?? findAsWholeFile(bytes, (candidate) => key.equals(candidate), scratch);
}

/** Searches for a key of which only a test is known, such as a comparison of check values. */
function findByTest(
  bytes: Buffer,
  texts: readonly Buffer[],
  isKey: (bytes: Uint8Array) => boolean,
  scratch: ScratchBuffers,
): FoundForm {
  // After a raw key, the file may have NUL bytes and newlines.
  const endsAfterKey = bytes.subarray(keyBytes).every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d);
  if (bytes.length >= keyBytes && endsAfterKey && isKey(bytes.subarray(0, keyBytes))) return 'raw';
  return findAsWholeFile(bytes, isKey, scratch) ?? firstOf(texts, (text) => findKeyText(text, isKey, scratch));
}

/** Tells in which form the file has the key; `undefined` when {@link recognise} takes no key, or another one, from the file. */
function findAsWholeFile(bytes: Buffer, isKey: (bytes: Uint8Array) => boolean, scratch: ScratchBuffers): FoundForm {
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
  // The sentence for `raw` names no form, so it is true of all others too.
  return form === 'base64' || form === 'base64url' || form === 'pem' ? 'base64' : 'raw';
}

/**
 * Reads the file as UTF-16 in both byte orders, and gives two texts with one byte for each ASCII character: the bytes at
 * even places and those at odd places. In UTF-16, an ASCII character has a zero byte beside it. A byte without one becomes
 * 0. Gives no text when the file has no zero byte.
 */
function readUtf16Texts(bytes: Buffer, scratch: ScratchBuffers): readonly Buffer[] {
  if (!bytes.includes(0)) return [];
  const texts = [0, 1].map((first) => scratch.allocate(Math.ceil((bytes.length - first) / 2)));
  const keep = (place: number) => {
    const text = texts[place % 2];
    if (text !== undefined) text[Math.floor(place / 2)] = bytes[place] ?? 0;
  };
  // From one zero byte to the next, because most files have few. In UTF-16, the next one is near.
  for (let zero = bytes.indexOf(0); zero >= 0; zero = nextZero(bytes, zero)) {
    if (zero > 0) keep(zero - 1);
    if (zero + 1 < bytes.length) keep(zero + 1);
  }
  return texts;
}

/** Gives the index of the next zero byte; -1 when there is none. Looks at the next two bytes first, because that is quick. */
function nextZero(bytes: Buffer, zero: number): number {
  if (bytes[zero + 1] === 0) return zero + 1;
  return bytes[zero + 2] === 0 ? zero + 2 : bytes.indexOf(0, zero + 1);
}

const identityMarks = [Buffer.from('AGE-SECRET-KEY-1'), Buffer.from('AGE-SECRET-KEY-PQ-1')];
/** The letters of Bech32, the text encoding of age (BIP 173), in capitals. */
const bech32Letters = new Set(Buffer.from('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'));
/** How many letters an age identity has after its mark: for 32 bytes and a checksum. A post-quantum identity has more. */
const identityLetters = 58;

/** Tells whether a text contains an age identity, as age-keygen makes it: a mark and Bech32 letters. */
function holdsIdentity(characters: Buffer): boolean {
  return identityMarks.some((mark) => {
    for (let at = characters.indexOf(mark); at >= 0; at = characters.indexOf(mark, at + 1)) {
      const letters = characters.subarray(at + mark.length, at + mark.length + identityLetters);
      if (letters.length === identityLetters && letters.every((letter) => bech32Letters.has(letter))) return true;
    }
    return false;
  });
}

/** Calls `find` with one text after the other, and gives the first form that it finds. */
function firstOf(texts: readonly Buffer[], find: (text: Buffer) => FoundForm): FoundForm {
  for (const text of texts) {
    const found = find(text);
    if (found !== undefined) return found;
  }
  return undefined;
}
