import { decodeBase64 } from './base64-text.ts';
import type { ScratchBuffers } from './scratch-buffers.ts';

// Pages: KMS developer guide, "Create a KMS key with imported key material".

/** A PEM block (RFC 7468): the label after BEGIN, and the decoded body when it is plain base64. */
export type PemBlock = { readonly label: string; readonly bytes: Buffer | undefined };

const beginMark = Buffer.from('-----BEGIN ');
const dashesMark = Buffer.from('-----');
const endMark = Buffer.from('-----END ');

/**
 * Finds the first PEM block of a text; `undefined` when there is none. Without an END line, the block goes to the end of the text.
 * A label that is too long, has unusual characters or no end becomes `unnamed`, because the label is shown to the person and might
 * be part of a secret.
 */
export function findPem(characters: Buffer, scratch: ScratchBuffers): PemBlock | undefined {
  const start = characters.indexOf(beginMark);
  if (start < 0) return undefined;
  const labelStart = start + beginMark.length;
  const labelEnd = characters.indexOf(dashesMark, labelStart);
  if (labelEnd < 0) return { label: 'unnamed', bytes: undefined };
  const bodyStart = labelEnd + dashesMark.length;
  const bodyEnd = characters.indexOf(endMark, bodyStart);
  const body = characters.subarray(bodyStart, bodyEnd < 0 ? characters.length : bodyEnd);
  return { label: readLabel(characters.subarray(labelStart, labelEnd)), bytes: decodeBase64(body, scratch)?.bytes };
}

/** Tells whether a block with this label may hold a bare symmetric key. No standard has a label for such a key. */
export function namesSymmetricKey(label: string): boolean {
  return /^(?:(?:AES|AES[- ]256|SECRET|SYMMETRIC|MASTER|RAW|DATA|ENCRYPTION)(?: ENCRYPTION)? )?KEY$/.test(label);
}

/** Explains, in sentences for a person, what a PEM block with this label is, when it is not a 256-bit key. */
export function explainPem(label: string): string[] {
  if (label.endsWith('PUBLIC KEY')) {
    return [
      `This is a public key (PEM, ${label}).`,
      'A public key is no secret; AWS KMS needs 32 secret random bytes here.',
    ];
  }
  if (label.endsWith('PRIVATE KEY') || label.endsWith('PRIVATE KEY BLOCK')) {
    return [
      `This is a private key (PEM, ${label}).`,
      'It belongs to a pair; this KMS key needs 32 random bytes instead.',
    ];
  }
  if (label.includes('CERTIFICATE')) {
    return [
      `This is a certificate (PEM, ${label}).`,
      'A certificate is public; AWS KMS needs 32 secret random bytes here.',
    ];
  }
  if (label === 'AGE ENCRYPTED FILE' || label === 'PGP MESSAGE')
    return [`This file is encrypted (${label}).`, 'Decrypt it first, then choose the decrypted file.'];
  return [`This is a PEM block (${label}), not a raw key.`, 'AWS KMS needs a file of exactly 32 random bytes here.'];
}

/** The most characters of a label. No standard has a longer one. */
const longestLabel = 40;

/** Gives the label as text, or `unnamed` when it is too long or has unusual characters. */
function readLabel(bytes: Buffer): string {
  const isPlain = bytes.length > 0 && bytes.length <= longestLabel && bytes.every(isLabelByte);
  return isPlain ? bytes.toString('latin1') : 'unnamed';
}

/** True for capitals, digits, blanks and hyphens. */
function isLabelByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x20 || byte === 0x2d;
}
