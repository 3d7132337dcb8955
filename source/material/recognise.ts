import { decodeBase64 } from './base64-text.ts';
import { decodeKey, type EncodedKey, type TextForm, twiceWords } from './encoded-key.ts';
import { explainFormat } from './file-formats.ts';
import type { FoundValue } from './found-value.ts';
import { decodeHex } from './hex-text.ts';
import { findKeyInText, readKnownText } from './key-in-text.ts';
import { explainBinary, explainLength } from './key-lengths.ts';
import { explainPem, findPem, namesSymmetricKey } from './pem-text.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { SecretBytes } from './secret-bytes.ts';
import { isSpace, readText, type Text, trimmedLength } from './text-encoding.ts';

/**
 * How a file holds its 32 key bytes; `none` when it holds no such bytes. Every form but the first three is text, which may be
 * UTF-16 or have a byte order mark. `decimal`: numbers. `python`: a literal with escapes. `xxd`, `dump`: a dump with offsets.
 */
export type KeyFileForm = 'raw' | 'raw-newline' | 'raw-nul' | 'pem' | FoundValue['form'] | 'none';

/** How the key is taken from a file of this form. */
export type KeyPlace = {
  readonly form: KeyFileForm;
  /** Set when the decoded text is text again, which has to be decoded too. */
  readonly inner?: TextForm;
  /** The bytes of the file that have the key, where the file has others as well. */
  readonly part?: { readonly start: number; readonly length: number };
};

/** What a file holds. Unless the form is `none`, `key` holds the 32 bytes, and the caller must destroy it. */
export type Recognition =
  | { readonly form: 'none'; readonly says: readonly string[] }
  | (KeyPlace & {
      readonly form: Exclude<KeyFileForm, 'none'>;
      readonly key: SecretBytes;
      /** What the file is, in plain sentences. */
      readonly says: readonly string[];
      /** What would have happened if the file had been wrapped as it is, in plain sentences. */
      readonly consequences: readonly string[];
    });

const keyBytes = 32;
const newlineConsequence = 'The last byte is a newline, which openssl would have wrapped as part of the key.';
const textConsequence = 'Wrapped as it is, the text would have been refused by AWS without a reason.';
const nulWords = 'A NUL is behind the text, as programs in C write it.';

/**
 * Finds the 32 key bytes in the bytes of a file. May overwrite `file` with zeroes, but not the file on the disk. The format of a
 * file, such as a keystore, and the names around a value count before the length. Some files could be two things:
 * - 64 hex digits count as hex, although they are also base64 of 48 bytes: 48 bytes are no key.
 * - 32 printable bytes count as a passphrase, although they could be a raw key: random bytes are all printable once in
 *   10^11 keys. When they are 32 hex digits, the sentences call them an AES-128 key in hex.
 * - 33 bytes that end in a newline or a NUL count as a raw key with that byte behind it, as do 34 bytes that end in CR LF. In 32
 *   bytes, a newline or a NUL at the end belongs to the key.
 * - A byte order mark before bytes that are no text counts as a part of the bytes.
 */
export function recognise(file: Buffer, scratch: ScratchBuffers): Recognition {
  const formatWords = explainFormat(file);
  if (formatWords !== undefined) return { form: 'none', says: formatWords };
  const text = readText(file, scratch);
  if (text !== undefined) return recogniseText(file.length, text, scratch);
  if (file.length === keyBytes) {
    return {
      form: 'raw',
      key: SecretBytes.takeFrom(file),
      says: ['This file is exactly 32 bytes: a raw AES-256 key.'],
      consequences: [],
    };
  }
  return recogniseRawAndMore(file) ?? { form: 'none', says: explainBinary(file) };
}

/** Recognises a raw key with a newline or a NUL after it; `undefined` for any other file. */
function recogniseRawAndMore(file: Buffer): Recognition | undefined {
  // A file of 33 bytes may end in 0d 0a too: then 0d is the last byte of the key, and the newline is 0a alone.
  const endsInLineFeed = file.at(-1) === 0x0a;
  const endsInCrLf = endsInLineFeed && file.at(-2) === 0x0d;
  const endsInNul = file.at(-1) === 0;
  const hasNewline = (endsInLineFeed && file.length === keyBytes + 1) || (endsInCrLf && file.length === keyBytes + 2);
  if (!hasNewline && !(endsInNul && file.length === keyBytes + 1)) return undefined;
  const what = hasNewline ? 'newline' : 'NUL';
  return {
    form: hasNewline ? 'raw-newline' : 'raw-nul',
    key: SecretBytes.takeFrom(file.subarray(0, keyBytes)),
    says: [`This file is ${file.length} bytes: a raw 32-byte key and a ${what} behind it.`],
    consequences: [`openssl would have wrapped the ${what} as part of the key.`],
  };
}

/**
 * Recognises a key in text: in a PEM block, else in a text of a known kind, else in a text that is one encoded key, else among
 * other words. In a text that has a PEM block or is of a known kind, looks nowhere else.
 * @param size of the file, in bytes.
 */
function recogniseText(size: number, text: Text, scratch: ScratchBuffers): Recognition {
  const { characters, endsInNul } = text;
  const encodingNotes = [...describeEncoding(text.encoding), ...(endsInNul ? [nulWords] : [])];
  const endsInNewline = characters.at(-1) === 0x0a && !endsInNul;
  const consequences = [endsInNewline ? newlineConsequence : textConsequence];
  const pem = findPem(characters, scratch);
  if (pem !== undefined) {
    if (!namesSymmetricKey(pem.label)) return { form: 'none', says: explainPem(pem.label) };
    const says = [`This file is a PEM block (${pem.label}), not a raw key.`, ...encodingNotes];
    if (pem.bytes?.length === keyBytes)
      return { form: 'pem', key: SecretBytes.takeFrom(pem.bytes), says, consequences };
    const why =
      pem.bytes === undefined ? ['Its body is not plain base64.'] : explainLength('Decoded, it', pem.bytes.length);
    return { form: 'none', says: [...says, ...why] };
  }

  const known = readKnownText(characters, scratch);
  if (known !== undefined && 'says' in known) return { form: 'none', says: [...known.says, ...encodingNotes] };
  if (known !== undefined) return takeFound(known.value, { text, encodingNotes });
  const whole = decodeKey(characters, scratch);
  if (whole !== undefined) return takeWhole(whole, { size, encodingNotes, consequences });
  const found = findKeyInText(characters, scratch);
  if (found !== undefined && 'value' in found) return takeFound(found.value, { text, encodingNotes });
  return { form: 'none', says: explainText({ size, text }, found?.says, encodingNotes, scratch) };
}

/**
 * Recognises a text that has the key between other characters. Gives the key, and its place in the file in bytes. Gives no key
 * (`none`) when the bytes that were found are those of a known file format.
 */
function takeFound(
  { form, inner, bytes, from, to, says }: FoundValue,
  { text, encodingNotes }: { readonly text: Text; readonly encodingNotes: readonly string[] },
): Recognition {
  const formatWords = explainFormat(bytes);
  if (formatWords !== undefined) return { form: 'none', says: [...says, ...formatWords] };
  // `from` and `to` count characters. The place in the file counts bytes, after the byte order mark.
  const bytesPerCharacter = text.encoding === 'utf-16' ? 2 : 1;
  const part = { start: text.markBytes + bytesPerCharacter * from, length: bytesPerCharacter * (to - from) };
  const key = SecretBytes.takeFrom(bytes);
  return {
    form,
    ...(inner === undefined ? {} : { inner }),
    part,
    key,
    says: [...says, ...encodingNotes],
    consequences: [textConsequence],
  };
}

/**
 * Recognises a text that is an encoded key and nothing else. Gives no key (`none`) when the decoded bytes are those of a known file
 * format.
 */
function takeWhole(
  whole: EncodedKey,
  file: { readonly size: number; readonly encodingNotes: readonly string[]; readonly consequences: readonly string[] },
): Recognition {
  const { form, inner, bytes } = whole;
  const says = [`This file is ${file.size} bytes of ${form} text, not a raw key.`, ...file.encodingNotes];
  const formatWords = explainFormat(bytes);
  if (formatWords !== undefined) return { form: 'none', says: [...says, ...formatWords] };
  return {
    form,
    ...(inner === undefined ? {} : { inner }),
    key: SecretBytes.takeFrom(bytes),
    says: [...says, ...twiceWords(whole)],
    consequences: file.consequences,
  };
}

/** The most characters of a line that may be a passphrase. */
const longestPassphrase = 128;

/**
 * Explains, in sentences for a person, text that holds no key.
 * @param file.size of the file, in bytes.
 * @param found sentences about values in the text, where there are any.
 * @param encodingNotes sentences about the encoding of the file.
 */
function explainText(
  { size, text }: { readonly size: number; readonly text: Text },
  found: readonly string[] | undefined,
  encodingNotes: readonly string[],
  scratch: ScratchBuffers,
): readonly string[] {
  const { characters } = text;
  const trimmed = trimmedLength(characters);
  const hex = decodeHex(characters, scratch);
  // Fewer digits may be a word or a number.
  if (hex !== undefined && hex.digits >= 8) {
    const says = `This file is hex text of ${hex.digits} digits; a 32-byte key has 64.`;
    if (hex.digits % 2 === 1)
      return [says, ...encodingNotes, 'The number of digits is odd, so one is missing or too many.'];
    return [says, ...encodingNotes, ...explainDecoded(hex.bytes)];
  }
  const base64 = decodeBase64(characters, scratch);
  // 32 characters count as a passphrase, and what decodes to less than 16 bytes as words.
  if (trimmed !== keyBytes && base64 !== undefined && base64.bytes.length >= 16) {
    const { bytes, form } = base64;
    const says = [`This file is ${size} bytes of ${form} text.`, ...encodingNotes, ...explainDecoded(bytes)];
    if (bytes.length <= keyBytes + 2 && bytes.at(-1) === 0x0a)
      says.push('A newline was encoded together with the key.');
    return says;
  }
  if (found !== undefined) return [`This file is ${size} bytes of text.`, ...encodingNotes, ...found];
  const hasKeyLength = size === keyBytes && !text.endsInNul;
  const says = hasKeyLength
    ? 'All 32 bytes are printable characters: a passphrase, not a key.'
    : `This file is ${size} bytes of text, not a key.`;
  const isLine = trimmed <= longestPassphrase && !hasInnerLineBreak(characters);
  const next = isLine
    ? 'Passphrases are guessed far faster than 256 random bits.'
    : 'Give the key alone: 32 bytes, or their hex or base64 text.';
  return [says, ...encodingNotes, next];
}

/** Says what decoded bytes are that are no key of 32 bytes. */
function explainDecoded(bytes: Buffer): readonly string[] {
  return explainFormat(bytes) ?? explainLength('Decoded, it', bytes.length);
}

/** Tells whether a text has several lines. */
function hasInnerLineBreak(characters: Buffer): boolean {
  const first = characters.indexOf(0x0a);
  return first >= 0 && characters.subarray(first).some((character) => !isSpace(character));
}

/** Says in a sentence how a file encodes its text, when the encoding is unusual. */
function describeEncoding(encoding: Text['encoding']): string[] {
  if (encoding === 'utf-16')
    return ['It is saved as UTF-16, as by > in Windows PowerShell: two bytes for each character.'];
  return encoding === 'utf-8-mark' ? ['It begins with a byte order mark, three bytes that some editors add.'] : [];
}
