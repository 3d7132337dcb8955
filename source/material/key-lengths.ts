import { hasMark } from './text-encoding.ts';

/** What a file of another length than 32 bytes usually is. */
const hints: Readonly<Record<number, string>> = {
  16: '16 bytes is AES-128; AWS KMS takes AES-256 keys only.',
  24: '24 bytes is AES-192; AWS KMS takes AES-256 keys only.',
  48: '48 bytes may be a key with its initialisation vector behind it.',
  64: '64 bytes is two keys, as for AES-256-XTS or HMAC.',
  256: 'A key already wrapped under an RSA_2048 wrapping key is as long.',
  384: 'A key already wrapped under an RSA_3072 wrapping key is as long.',
  512: 'A key already wrapped under an RSA_4096 wrapping key is as long.',
};

/** Says that a length is wrong, and what such bytes may be. @param subject begins the sentence, such as `This file`. */
export function explainLength(subject: string, length: number): string[] {
  const bytes = length === 1 ? '1 byte' : `${length} bytes`;
  const hint = hints[length];
  return [`${subject} is ${bytes}; an AES-256 key is exactly 32.`, ...(hint === undefined ? [] : [hint])];
}

/** Explains bytes that are neither text nor 32 bytes long. */
export function explainBinary(file: Buffer): string[] {
  const kind = derKind(file);
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

/**
 * Tells what bytes in DER form are; `undefined` when they are not exactly one DER SEQUENCE. The first element decides: a
 * public key (SubjectPublicKeyInfo, RFC 5280) begins with an AlgorithmIdentifier, a private key with its version: 0 in
 * PKCS#1 and PKCS#8 (RFC 8017, RFC 5958), 1 in SEC 1.
 */
function derKind(file: Buffer): 'public' | 'private' | 'other' | undefined {
  if (file[0] !== 0x30) return undefined;
  const first = file[1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 2) return undefined;
  const header = 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : file.length >= header ? file.readUIntBE(2, lengthBytes) : -1;
  if (file.length !== header + length) return undefined;
  if (file[header] === 0x02 && file[header + 1] === 0x01 && (file[header + 2] ?? 2) <= 1) return 'private';
  const isPublicKey = file[header] === 0x30 && file[header + 2] === 0x06;
  return isPublicKey ? 'public' : 'other';
}
