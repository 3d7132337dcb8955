import { basename } from 'node:path';
import { decodeBase64 } from './base64-text.ts';
import { decodeHex } from './hex-text.ts';
import { findPem } from './pem-text.ts';
import { recognise } from './recognise.ts';
import { type ScratchBuffers, withScratch } from './scratch-buffers.ts';
import { readSmallFile } from './small-file.ts';
import { readText } from './text-encoding.ts';
import { modulusBytesOf } from './wrapping-algorithms.ts';
import type { WrappingPublicKey } from './wrapping-public-key.ts';

// Pages: KMS developer guide, "Step 3: Encrypt the key material"; KMS API reference, ImportKeyMaterial.

/** How many bytes RSA_AES_KEY_WRAP adds after the RSA block for a key of 32 bytes: the key and 8 more (RFC 5649). */
const keyWrapBytes = 40;

/**
 * Checks a file that a person wrapped by hand under this wrapping key, before the file is sent. Reads at most 64 KiB. Cannot
 * see which key is inside and which OAEP hash was used: only the private key, which KMS has, could show that.
 * @returns what is wrong, in plain sentences, or `undefined` when the function sees nothing wrong.
 */
export function checkWrappedFile(path: string, wrappingKey: WrappingPublicKey): string | undefined {
  return withScratch((scratch) => check(path, wrappingKey, scratch));
}

/** Does the work of {@link checkWrappedFile} with scratch buffers. */
function check(path: string, wrappingKey: WrappingPublicKey, scratch: ScratchBuffers): string | undefined {
  const file = readSmallFile(path, scratch);
  if (!file.found) return file.why;
  const { bytes } = file;
  const expected = wrappingKey.modulusBytes;
  if (bytes.equals(wrappingKey.der)) return wrappingKeyGiven;

  const text = readText(bytes, scratch);
  if (text !== undefined) return explainText(bytes, text.characters, wrappingKey, scratch);
  if (bytes.length === expected) {
    // An RSA ciphertext is a number below the modulus (RFC 8017, section 5.1.1).
    return Buffer.compare(bytes, wrappingKey.modulus) < 0
      ? undefined
      : 'This was wrapped under another wrapping key. Wrap again under this one.';
  }
  if (basename(path).startsWith('importToken')) return tokenGiven;
  if (holdsPlainKey(bytes, scratch)) return plainKeyGiven;
  return explainLength(bytes.length, expected);
}

const wrappingKeyGiven = 'This is the wrapping public key. Choose the file that openssl wrote with it.';
const plainKeyGiven = 'This is the plain key, not the wrapped one. It must not leave this computer.';
const tokenGiven = 'This is the import token. Choose the wrapped key, which openssl wrote.';

/** Says what a text file is that should be a wrapped key. A wrapped key is never text. */
function explainText(
  file: Buffer,
  characters: Buffer,
  wrappingKey: WrappingPublicKey,
  scratch: ScratchBuffers,
): string {
  const { der, modulusBytes: expected } = wrappingKey;
  const pem = findPem(characters, scratch);
  const hex = decodeHex(characters, scratch)?.bytes;
  // Hex digits are base64 letters too: 512 hex digits could pass as base64 of a key that was wrapped under RSA_3072.
  const base64 = hex === undefined ? decodeBase64(characters, scratch)?.bytes : undefined;
  const decoded = [
    { form: 'PEM', bytes: pem?.bytes, remedy: 'Decode the lines between its BEGIN and END with base64 -d.' },
    { form: 'hex', bytes: hex, remedy: 'Decode it with xxd -r -p.' },
    { form: 'base64', bytes: base64, remedy: 'Decode it with base64 -d.' },
  ];
  if (pem?.label.endsWith('PUBLIC KEY') || decoded.some(({ bytes }) => bytes?.equals(der))) return wrappingKeyGiven;
  const wrappedKey = decoded.find(({ bytes }) => bytes?.length === expected);
  if (wrappedKey !== undefined)
    return `This is ${wrappedKey.form} text of a wrapped key, and AWS needs its ${expected} bytes. ${wrappedKey.remedy}`;
  if (holdsPlainKey(file, scratch)) return plainKeyGiven;
  return `This file is ${file.length} bytes of text. A wrapped key is ${expected} bytes that are no text.`;
}

/** Says what a binary file of a wrong length is. @param expected the length of a wrapped key, in bytes. */
function explainLength(length: number, expected: number): string {
  const needed = `A key wrapped under this wrapping key is exactly ${expected} bytes`;
  if (length === expected + keyWrapBytes)
    return 'This was wrapped with RSA_AES_KEY_WRAP, which AWS refuses for a 256-bit key. Use RSAES_OAEP.';
  const [otherSpec] = Object.entries(modulusBytesOf).find(([, bytes]) => bytes === length) ?? [];
  if (otherSpec !== undefined) return `This file is ${length} bytes, wrapped under an ${otherSpec} key. ${needed}.`;
  if (length > expected) return `This file is ${length} bytes, perhaps the import token. ${needed}.`;
  return `This file is ${length} bytes. ${needed}.`;
}

/** Tells whether a file is a plain key in any form, or has 32 bytes of any kind. */
function holdsPlainKey(file: Buffer, scratch: ScratchBuffers): boolean {
  const recognised = recognise(file, scratch);
  if (recognised.form === 'none') return file.length === 32;
  recognised.key.destroy();
  return true;
}
