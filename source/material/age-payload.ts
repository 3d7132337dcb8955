import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { SecretBytes } from './secret-bytes.ts';

const nonceBytes = 16;
const tagBytes = 16;

/** The length in bytes of a payload that holds a 32-byte key. */
export const keyPayloadBytes = nonceBytes + 32 + tagBytes;

/** The most bytes in one chunk of a payload. More bytes would need a second chunk, and no key is that long. */
const largestChunk = 64 * 1024;

/**
 * The cipher's nonce for the only chunk of a payload: 11 bytes with the number of the chunk, 0, and a byte 1 that marks the
 * last chunk.
 */
const onlyChunk = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/**
 * Encrypts key bytes as the payload of an age file: C2SP, age.md, "Payload". The age library is not used for this, because it
 * would copy the bytes into a buffer that nobody can overwrite.
 */
export function sealAgePayload(fileKey: SecretBytes, secret: SecretBytes): Buffer {
  const nonce = randomBytes(nonceBytes);
  const key = derivePayloadKey(fileKey, nonce);
  try {
    const cipher = createCipheriv('chacha20-poly1305', key, onlyChunk, { authTagLength: tagBytes });
    const sealed = secret.use((bytes) => cipher.update(bytes));
    return Buffer.concat([nonce, sealed, cipher.final(), cipher.getAuthTag()]);
  } finally {
    key.fill(0);
  }
}

/**
 * Decrypts a payload of one chunk. Returns `undefined` when the payload was changed, cut off, or is longer than one chunk.
 * The caller must destroy the secret.
 */
export function openAgePayload(fileKey: SecretBytes, payload: Buffer): SecretBytes | undefined {
  const tagStart = payload.length - tagBytes;
  if (tagStart < nonceBytes || tagStart - nonceBytes > largestChunk) return undefined;
  const key = derivePayloadKey(fileKey, payload.subarray(0, nonceBytes));
  const decipher = createDecipheriv('chacha20-poly1305', key, onlyChunk, { authTagLength: tagBytes });
  key.fill(0);
  decipher.setAuthTag(payload.subarray(tagStart));
  const opened = SecretBytes.takeFrom(decipher.update(payload.subarray(nonceBytes, tagStart)));
  try {
    // Throws when the tag does not fit the bytes.
    decipher.final();
    return opened;
  } catch {
    opened.destroy();
    return undefined;
  }
}

/** Derives the key of a payload from the file key and the payload's nonce (HKDF). */
function derivePayloadKey(fileKey: SecretBytes, nonce: Buffer): Buffer {
  return fileKey.use((bytes) => Buffer.from(hkdfSync('sha256', bytes, nonce, 'payload', 32)));
}
