import { hasMark } from './text-encoding.ts';

// Pages: KMS developer guide, "Create a KMS key with imported key material".

/** What bytes of another length than 32 usually are, by the length. */
const hints: Readonly<Record<number, string>> = {
  16: '16 bytes is AES-128; AWS KMS takes AES-256 keys only.',
  24: '24 bytes is AES-192; AWS KMS takes AES-256 keys only.',
  48: '48 bytes may be a key with its initialisation vector behind it.',
  64: '64 bytes is two keys, as for AES-256-XTS or HMAC.',
  256: 'A key already wrapped under an RSA_2048 wrapping key is as long.',
  384: 'A key already wrapped under an RSA_3072 wrapping key is as long.',
  512: 'A key already wrapped under an RSA_4096 wrapping key is as long.',
};

/** Says in sentences that a length is wrong, and what such bytes may be. @param subject begins the sentence: `This file`. */
export function explainLength(subject: string, length: number): string[] {
  const bytes = length === 1 ? '1 byte' : `${length} bytes`;
  const hint = hints[length];
  return [`${subject} is ${bytes}; an AES-256 key is exactly 32.`, ...(hint === undefined ? [] : [hint])];
}

/** Explains, in sentences for a person, a file that is neither text nor 32 bytes long. */
export function explainBinary(file: Buffer): string[] {
  const kind = findDerKind(file);
  if (kind === 'public') {
    return [
      'This is a public key (DER), such as a wrapping key from AWS.',
      'A public key is no secret; AWS KMS needs 32 secret bytes here.',
    ];
  }
  if (kind === 'private')
    return ['This is a private key (DER).', 'It belongs to a pair; this KMS key needs 32 random bytes instead.'];
  if (kind === 'other') return ['This is a certificate or another DER structure, not a raw key.'];
  const says = explainLength('This file', file.length);
  if (hasMark(file))
    says.push(
      'A byte order mark in front shows that a program rewrote the bytes as text.',
      'The key in it is probably damaged.',
    );
  return says;
}

/** The first bytes of elements in DER: ITU-T X.690, section 8. */
const derInteger = 0x02;
const derObjectIdentifier = 0x06;
const derSequence = 0x30;

/**
 * Tells what bytes in DER form are; `undefined` when they are not exactly one DER SEQUENCE. The first element decides: a
 * public key (SubjectPublicKeyInfo, RFC 5280) begins with an AlgorithmIdentifier, which is a SEQUENCE with an OBJECT
 * IDENTIFIER. A private key begins with its version, an INTEGER: 0 in PKCS#1 and PKCS#8 (RFC 8017, RFC 5958), 1 in SEC 1.
 */
function findDerKind(file: Buffer): 'public' | 'private' | 'other' | undefined {
  if (file[0] !== derSequence) return undefined;
  // A length below 128 is in one byte. For a longer one, that byte has the number of the length bytes that follow.
  const lengthByte = file[1] ?? 0;
  // This byte stands for a length that only an end mark shows: BER has it, and DER has not.
  if (lengthByte === 0x80) return undefined;
  const lengthBytes = lengthByte < 0x80 ? 0 : lengthByte & 0x7f;
  // More length bytes are only in a file over 64 KiB, and no such file is read.
  if (lengthBytes > 2) return undefined;
  const start = 2 + lengthBytes;
  if (file.length < start) return undefined;
  const length = lengthBytes === 0 ? lengthByte : file.readUIntBE(2, lengthBytes);
  if (file.length !== start + length) return undefined;
  const hasSmallInteger = file[start] === derInteger && file[start + 1] === 1;
  if (hasSmallInteger && (file[start + 2] === 0 || file[start + 2] === 1)) return 'private';
  const isPublicKey = file[start] === derSequence && file[start + 2] === derObjectIdentifier;
  return isPublicKey ? 'public' : 'other';
}
