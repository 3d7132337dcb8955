import type { Decipheriv } from 'node:crypto';

/**
 * Decrypts all bytes at once, in a mode in which `update` gives all of them. With one buffer, the caller can zero every copy.
 * @throws when the bytes were changed. What they decrypt to is then zero in memory.
 */
export function decryptWhole(decipher: Decipheriv, encrypted: Uint8Array): Buffer {
  const plain = decipher.update(encrypted);
  try {
    // Checks the tag, where the mode has one.
    decipher.final();
    return plain;
  } catch (error) {
    plain.fill(0);
    throw error;
  }
}
