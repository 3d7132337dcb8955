import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * The layout of KMS's ciphertexts, read from recorded ones: a header that depends on the operation, the id of the key
 * material, 16 bytes, and a DER ContentInfo pkcs7-encryptedData. Its content, without the GCM tag, is 11 bytes longer than
 * the plaintext. Here the 16 bytes are the salt of the ciphertext's own key, and the 11 bytes are random;
 * unverified: blob-fields.
 */
const headers = { Encrypt: Buffer.from('0102020078', 'hex'), DataKey: Buffer.from('0102030078', 'hex') };
const idBytes = 32;
const saltBytes = 16;
const padBytes = 11;
const nonceBytes = 12;
const tagBytes = 16;
const startOfSalt = 5 + idBytes + 1;
const startOfLength = startOfSalt + saltBytes;
const startOfDer = startOfLength + 4;

const oid = {
  encryptedData: Buffer.from('06092a864886f70d010706', 'hex'),
  data: Buffer.from('06092a864886f70d010701', 'hex'),
  aes256Gcm: Buffer.from('060960864801650304012e', 'hex'),
};

/** Encrypts with key material. `bound` is authenticated but not encrypted: the same text is needed to decrypt. */
export function encrypt(
  kind: keyof typeof headers,
  material: { readonly id: string; readonly bytes: Buffer },
  plain: Buffer,
  bound: string,
): Buffer {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const start = Buffer.concat([headers[kind], Buffer.from(material.id, 'hex'), Buffer.of(1), salt]);
  const aad = Buffer.concat([start, Buffer.from(bound)]);
  const cipher = createCipheriv('aes-256-gcm', blobKey(material.bytes, salt), nonce).setAAD(aad);
  const content = [cipher.update(randomBytes(padBytes)), cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  const der = contentInfo(nonce, Buffer.concat(content));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(der.length);
  return Buffer.concat([start, length, der]);
}

/** Gives the id (hex) of the material that encrypted a blob, or `undefined` when the blob does not have this layout. */
export function materialIdOf(blob: Buffer): string | undefined {
  const known = Object.values(headers).some((header) => blob.subarray(0, header.length).equals(header));
  return known && blob.length > startOfDer ? blob.subarray(5, 5 + idBytes).toString('hex') : undefined;
}

/** Decrypts a blob. Gives `undefined` when the material, `bound` or any byte of the blob is wrong. */
export function decrypt(material: Buffer, blob: Buffer, bound: string): Buffer | undefined {
  const salt = blob.subarray(startOfSalt, startOfLength);
  const der = blob.subarray(startOfDer);
  try {
    const encrypted = inside(after(inside(inside(after(inside(der))))));
    const algorithm = inside(after(encrypted));
    const nonce = inside(inside(after(algorithm)));
    const content = inside(after(after(encrypted)));
    if (blob.readUInt32BE(startOfLength) !== der.length || !contentInfo(nonce, content).equals(der)) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', blobKey(material, salt), nonce)
      .setAAD(Buffer.concat([blob.subarray(0, startOfLength), Buffer.from(bound)]))
      .setAuthTag(content.subarray(content.length - tagBytes));
    const padded = Buffer.concat([decipher.update(content.subarray(0, -tagBytes)), decipher.final()]);
    return padded.subarray(padBytes);
  } catch {
    return undefined;
  }
}

function blobKey(material: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', material, salt, 'practice AWS ciphertext', 32));
}

/** Builds the DER ContentInfo around the encrypted content. */
function contentInfo(nonce: Buffer, content: Buffer): Buffer {
  const parameters = tlv(0x30, tlv(0x04, nonce), Buffer.from('020110', 'hex'));
  const encrypted = tlv(0x30, oid.data, tlv(0x30, oid.aes256Gcm, parameters), tlv(0x80, content));
  return tlv(0x30, oid.encryptedData, tlv(0xa0, tlv(0x30, Buffer.from('020100', 'hex'), encrypted)));
}

/** Builds a DER element from its tag and the parts of its value. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const length =
    value.length < 0x80
      ? [value.length]
      : value.length < 0x1_00
        ? [0x81, value.length]
        : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), value]);
}

/** Gives the value of the DER element at the start of `der`. */
function inside(der: Buffer): Buffer {
  const { start, end } = extent(der);
  return der.subarray(start, end);
}

/** Gives the bytes after the DER element at the start of `der`. */
function after(der: Buffer): Buffer {
  return der.subarray(extent(der).end);
}

function extent(der: Buffer): { start: number; end: number } {
  const first = der.readUInt8(1);
  const width = first < 0x80 ? 0 : first & 0x7f;
  const length = width === 0 ? first : der.readUIntBE(2, width);
  return { start: 2 + width, end: 2 + width + length };
}
