import { decodeBase64 } from './base64-text.ts';
import { decodeHex } from './hex-text.ts';
import { explainBinary, explainLength } from './key-lengths.ts';
import { explainPem, findPem, namesSymmetricKey } from './pem-text.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';
import { SecretBytes } from './secret-bytes.ts';
import { readText, type Text, trimmedLength } from './text-encoding.ts';

/**
 * How a file holds its 32 key bytes; `none` when it holds no such bytes. A text form (`hex`, `base64`, `base64url`, `pem`)
 * may be UTF-16 or have a byte order mark.
 */
export type KeyFileForm = 'raw' | 'raw-newline' | 'hex' | 'base64' | 'base64url' | 'pem' | 'none';

/** What a file holds. Unless the form is `none`, `key` holds the 32 bytes, and the caller must destroy it. */
export type Recognition =
  | { readonly form: 'none'; readonly says: readonly string[] }
  | {
      readonly form: Exclude<KeyFileForm, 'none'>;
      readonly key: SecretBytes;
      /** What the file is, in plain sentences. */
      readonly says: readonly string[];
      /** What would have happened if the file had been wrapped as it is, in plain sentences. */
      readonly consequences: readonly string[];
    };

const keyBytes = 32;
const newlineConsequence = 'The last byte is a newline, which openssl would have wrapped as part of the key.';
const textConsequence = 'Wrapped as it is, the text would have been refused by AWS without a reason.';

/**
 * Finds the 32 key bytes in the bytes of a file, and may overwrite the bytes of the file with zeroes. Some files could be
 * two things:
 * - 64 hex digits count as hex, although they are also base64 of 48 bytes: 48 bytes are no key.
 * - 32 printable bytes count as a passphrase, although they could be a raw key: random bytes are all printable once in
 *   10^11 keys. When they are 32 hex digits, the sentences call them an AES-128 key in hex.
 * - 33 bytes that end in a newline count as a raw key and a newline. 32 bytes that end in a newline count as a raw key.
 * - A byte order mark before bytes that are no text counts as a part of the bytes.
 */
export function recognise(file: Buffer, scratch: ScratchBuffers): Recognition {
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
  // A file of 33 bytes may end in 0d 0a too: then 0d is the last byte of the key, and the newline is 0a alone.
  const endsInLineFeed = file.at(-1) === 0x0a;
  const endsInCrLf = endsInLineFeed && file.at(-2) === 0x0d;
  if ((endsInLineFeed && file.length === keyBytes + 1) || (endsInCrLf && file.length === keyBytes + 2)) {
    return {
      form: 'raw-newline',
      key: SecretBytes.takeFrom(file.subarray(0, keyBytes)),
      says: [`This file is ${file.length} bytes: a raw 32-byte key and a newline behind it.`],
      consequences: ['openssl would have wrapped the newline as part of the key.'],
    };
  }
  return { form: 'none', says: explainBinary(file) };
}

/** Recognises a key in text. @param size of the file, in bytes. */
function recogniseText(size: number, { characters, encoding }: Text, scratch: ScratchBuffers): Recognition {
  const encodingNotes = describeEncoding(encoding);
  const consequences = [characters.at(-1) === 0x0a ? newlineConsequence : textConsequence];
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

  const hex = decodeHex(characters, scratch);
  if (hex?.digits === 2 * keyBytes) {
    const says = [`This file is ${size} bytes of hex text, not a raw key.`, ...encodingNotes];
    return { form: 'hex', key: SecretBytes.takeFrom(hex.bytes), says, consequences };
  }
  const base64 = decodeBase64(characters, scratch);
  if (base64?.bytes.length === keyBytes) {
    const says = [`This file is ${size} bytes of ${base64.form} text, not a raw key.`, ...encodingNotes];
    return { form: base64.form, key: SecretBytes.takeFrom(base64.bytes), says, consequences };
  }
  return { form: 'none', says: explainText({ size, trimmed: trimmedLength(characters) }, hex, base64, encodingNotes) };
}

/**
 * Explains, in sentences for a person, text that holds no key.
 * @param lengths.size of the file, in bytes.
 * @param lengths.trimmed of the text without white space around it, in bytes.
 * @param hex the text decoded as hex, if it is hex.
 * @param base64 the text decoded as base64, if it is base64.
 * @param encodingNotes sentences about the encoding of the file.
 */
function explainText(
  { size, trimmed }: { size: number; trimmed: number },
  hex: ReturnType<typeof decodeHex>,
  base64: ReturnType<typeof decodeBase64>,
  encodingNotes: readonly string[],
): string[] {
  if (hex !== undefined && hex.digits >= 8) {
    const says = `This file is hex text of ${hex.digits} digits; a 32-byte key has 64.`;
    if (hex.digits % 2 === 1)
      return [says, ...encodingNotes, 'The number of digits is odd, so one is missing or too many.'];
    return [says, ...encodingNotes, ...explainLength('Decoded, it', hex.bytes.length)];
  }
  if (trimmed !== keyBytes && base64 !== undefined && base64.bytes.length >= 16) {
    const { bytes, form } = base64;
    const says = [
      `This file is ${size} bytes of ${form} text.`,
      ...encodingNotes,
      ...explainLength('Decoded, it', bytes.length),
    ];
    if (bytes.length <= keyBytes + 2 && bytes.at(-1) === 0x0a)
      says.push('A newline was encoded together with the key.');
    return says;
  }
  const says =
    size === keyBytes
      ? 'All 32 bytes are printable characters: a passphrase, not a key.'
      : `This file is ${size} bytes of text, not a key.`;
  return [says, ...encodingNotes, 'Passphrases are guessed far faster than 256 random bits.'];
}

/** Says in a sentence how a file encodes its text, when the encoding is unusual. */
function describeEncoding(encoding: Text['encoding']): string[] {
  if (encoding === 'utf-16')
    return ['It is saved as UTF-16, as by > in Windows PowerShell: two bytes for each character.'];
  return encoding === 'utf-8-mark' ? ['It begins with a byte order mark, three bytes that some editors add.'] : [];
}
