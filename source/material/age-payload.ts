import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { SecretBytes } from './secret-bytes.ts';

const nonceBytes = 16;
const tagBytes = 16;

/** Bytes of the payload that holds a 32-byte key. */
export const keyPayloadBytes = nonceBytes + 32 + tagBytes;

/** More would be a second chunk, and no key is so long. */
const largestChunk = 64 * 1024;

/** The one chunk of a short file is chunk 0 and the last: an 11-byte counter and a byte 1. */
const onlyChunk = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/**
 * Encrypts key bytes as the payload of an age file: C2SP, age.md, "Payload". Done here and not in the age library, which
 * would keep the bytes in a buffer that no one can zero.
 */
export function sealAgePayload(fileKey: SecretBytes, secret: SecretBytes): Buffer {
  const nonce = randomBytes(nonceBytes);
  const key = payloadKey(fileKey, nonce);
  try {
    const cipher = createCipheriv('chacha20-poly1305', key, onlyChunk, { authTagLength: tagBytes });
    const sealed = secret.use((bytes) => cipher.update(bytes));
    return Buffer.concat([nonce, sealed, cipher.final(), cipher.getAuthTag()]);
  } finally {
    key.fill(0);
  }
}

/**
 * Gives the bytes in a payload of one chunk, or `undefined` when it is not as it was made. The caller destroys the
 * secret.
 */
export function openAgePayload(fileKey: SecretBytes, payload: Buffer): SecretBytes | undefined {
  const end = payload.length - tagBytes;
  if (end < nonceBytes || end - nonceBytes > largestChunk) return undefined;
  const key = payloadKey(fileKey, payload.subarray(0, nonceBytes));
  const decipher = createDecipheriv('chacha20-poly1305', key, onlyChunk, { authTagLength: tagBytes });
  key.fill(0);
  decipher.setAuthTag(payload.subarray(end));
  const opened = SecretBytes.takeFrom(decipher.update(payload.subarray(nonceBytes, end)));
  try {
    decipher.final();
    return opened;
  } catch {
    opened.destroy();
    return undefined;
  }
}

function payloadKey(fileKey: SecretBytes, nonce: Buffer): Buffer {
  return fileKey.use((bytes) => Buffer.from(hkdfSync('sha256', bytes, nonce, 'payload', 32)));
}
