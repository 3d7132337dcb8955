import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { decryptWhole } from '../decrypt-whole.ts';

/**
 * The layout of KMS's ciphertexts, found in recorded ciphertexts: a header that depends on the operation, the id of the key
 * material, a byte 1, 16 bytes, the length of the DER, and a DER ContentInfo pkcs7-encryptedData. The encrypted content,
 * without the GCM tag, is 11 bytes longer than the plaintext. AWS does not say what the 16 and the 11 bytes are. Here the 16
 * bytes are a salt, from which the ciphertext gets a key of its own, and the 11 bytes are random; unverified: blob-fields.
 */
const headers = { Encrypt: Buffer.from('0102020078', 'hex'), DataKey: Buffer.from('0102030078', 'hex') };
const headerBytes = 5;
const idBytes = 32;
const saltBytes = 16;
const padBytes = 11;
const nonceBytes = 12;
const tagBytes = 16;
const startOfSalt = headerBytes + idBytes + 1;
const startOfLength = startOfSalt + saltBytes;
const startOfDer = startOfLength + 4;

/** Object identifiers in DER. */
const oid = {
  encryptedData: Buffer.from('06092a864886f70d010706', 'hex'),
  data: Buffer.from('06092a864886f70d010701', 'hex'),
  aes256Gcm: Buffer.from('060960864801650304012e', 'hex'),
};

/**
 * Encrypts with key material.
 * @param kind the kind of operation, which decides on the header.
 * @param boundText a text that is authenticated but not encrypted. {@link decrypt} needs the same text.
 */
export function encrypt(
  kind: keyof typeof headers,
  material: { readonly id: string; readonly bytes: Buffer },
  plain: Buffer,
  boundText: string,
): Buffer {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const start = Buffer.concat([headers[kind], Buffer.from(material.id, 'hex'), Buffer.of(1), salt]);
  const aad = Buffer.concat([start, Buffer.from(boundText)]);
  const cipher = createCipheriv('aes-256-gcm', blobKey(material.bytes, salt), nonce).setAAD(aad);
  const content = [cipher.update(randomBytes(padBytes)), cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  const der = contentInfo(nonce, Buffer.concat(content));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(der.length);
  return Buffer.concat([start, length, der]);
}

/** Gives the id (hex) of the material that encrypted a blob, or `undefined` when the blob does not have this layout. */
export function materialIdOf(blob: Buffer): string | undefined {
  const hasHeader = Object.values(headers).some((header) => blob.subarray(0, header.length).equals(header));
  return hasHeader && blob.length > startOfDer
    ? blob.subarray(headerBytes, headerBytes + idBytes).toString('hex')
    : undefined;
}

/** Decrypts a blob. Gives `undefined` when the material, `boundText` or any byte of the blob is wrong. */
export function decrypt(material: Buffer, blob: Buffer, boundText: string): Buffer | undefined {
  const salt = blob.subarray(startOfSalt, startOfLength);
  const der = blob.subarray(startOfDer);
  try {
    const { nonce, content } = readContentInfo(der);
    if (blob.readUInt32BE(startOfLength) !== der.length || !contentInfo(nonce, content).equals(der)) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', blobKey(material, salt), nonce)
      .setAAD(Buffer.concat([blob.subarray(0, startOfLength), Buffer.from(boundText)]))
      .setAuthTag(content.subarray(content.length - tagBytes));
    return decryptWhole(decipher, content.subarray(0, -tagBytes)).subarray(padBytes);
  } catch {
    return undefined;
  }
}

/** Derives the key of one ciphertext from the material and the salt. */
function blobKey(material: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', material, salt, 'practice AWS ciphertext', 32));
}

/** Builds the DER ContentInfo around the encrypted content: EncryptedData of RFC 5652, AES-256-GCM of RFC 5084. */
function contentInfo(nonce: Buffer, content: Buffer): Buffer {
  const [tagLength, version] = [Buffer.from('020110', 'hex'), Buffer.from('020100', 'hex')];
  const parameters = tlv(0x30, tlv(0x04, nonce), tagLength);
  const encrypted = tlv(0x30, oid.data, tlv(0x30, oid.aes256Gcm, parameters), tlv(0x80, content));
  return tlv(0x30, oid.encryptedData, tlv(0xa0, tlv(0x30, version, encrypted)));
}

/**
 * Reads the nonce and the encrypted content from the DER that {@link contentInfo} builds.
 * @throws RangeError when bytes are missing. The caller must check the other bytes.
 */
function readContentInfo(der: Buffer): { readonly nonce: Buffer; readonly content: Buffer } {
  // ContentInfo: its type, and an element around EncryptedData.
  const encryptedData = contentOf(contentOf(bytesAfter(contentOf(der))));
  // EncryptedData: its version, and EncryptedContentInfo, which has a type, the algorithm and the content.
  const encryptedContentInfo = contentOf(bytesAfter(encryptedData));
  const algorithm = contentOf(bytesAfter(encryptedContentInfo));
  const content = contentOf(bytesAfter(bytesAfter(encryptedContentInfo)));
  // The algorithm: its name, and its parameters, which begin with the nonce.
  const nonce = contentOf(contentOf(bytesAfter(algorithm)));
  return { nonce, content };
}

/** Builds a DER element (tag, length, value) from its tag and the parts of its value. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag, ...derLength(value.length)), value]);
}

/**
 * Gives the bytes of a length in DER, for lengths below 65,536. A length below 128 has one byte. A larger length has more
 * bytes, and before them a byte 0x80 plus their number.
 */
function derLength(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

/** Gives the value of the first DER element in `der`. */
function contentOf(der: Buffer): Buffer {
  const { start, end } = contentRange(der);
  return der.subarray(start, end);
}

/** Gives the bytes after the first DER element in `der`. */
function bytesAfter(der: Buffer): Buffer {
  return der.subarray(contentRange(der).end);
}

/** Finds where the value of the first DER element begins and ends. */
function contentRange(der: Buffer): { start: number; end: number } {
  const lengthByte = der.readUInt8(1);
  const moreLengthBytes = lengthByte < 0x80 ? 0 : lengthByte & 0x7f;
  const length = moreLengthBytes === 0 ? lengthByte : der.readUIntBE(2, moreLengthBytes);
  const start = 2 + moreLengthBytes;
  return { start, end: start + length };
}
