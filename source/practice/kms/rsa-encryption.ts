import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { type CryptoAccess, needUsage, unsealMaterial } from './data-keys.ts';
import type { KeyRecord } from './key-record.ts';
import { findKey } from './key-store.ts';

/** The hash of each OAEP algorithm, with the number of bytes of its digest. */
const hashes: Readonly<Record<string, { readonly name: 'sha1' | 'sha256'; readonly bytes: number }>> = {
  RSAES_OAEP_SHA_1: { name: 'sha1', bytes: 20 },
  RSAES_OAEP_SHA_256: { name: 'sha256', bytes: 32 },
};

/** Which key and algorithm a request names, and the name of the operation for messages. */
export type RsaUse = {
  readonly keyId: string | undefined;
  readonly algorithm: string | undefined;
  readonly operation: string;
};

/**
 * Encrypts with an RSA key. Gives `undefined` when {@link findRsaKey} finds none.
 * @throws ValidationException for a plaintext that is too long; otherwise as {@link findRsaKey} does.
 */
export function encryptWithRsa(access: CryptoAccess, plain: Buffer, use: RsaUse) {
  const rsa = findRsaKey(access, use);
  if (!rsa) return undefined;
  const { key, algorithm, hash } = rsa;
  // RFC 8017, section 7.1.1. The key spec contains the length of the modulus in bits, as in `RSA_2048`.
  const maxBytes = Number(key.keySpec.slice(4)) / 8 - 2 * hash.bytes - 2;
  if (plain.length > maxBytes) {
    throw new AwsError(
      'ValidationException',
      `Algorithm ${algorithm} and key spec ${key.keySpec} cannot encrypt data larger than ${maxBytes} bytes.`,
    );
  }
  const publicKey = createPublicKey(privateKeyOf(access, key));
  return { key, algorithm, blob: publicEncrypt({ key: publicKey, oaepHash: hash.name, padding }, plain) };
}

/**
 * Decrypts with an RSA key. Gives `undefined` when {@link findRsaKey} finds none.
 * @throws InvalidCiphertextException when the ciphertext cannot be decrypted; otherwise as {@link findRsaKey} does.
 */
export function decryptWithRsa(access: CryptoAccess, blob: Buffer, use: RsaUse) {
  const rsa = findRsaKey(access, use);
  if (!rsa) return undefined;
  const { key, algorithm, hash } = rsa;
  try {
    return {
      key,
      algorithm,
      plain: privateDecrypt({ key: privateKeyOf(access, key), oaepHash: hash.name, padding }, blob),
    };
  } catch {
    throw new AwsError('InvalidCiphertextException');
  }
}

/**
 * Gives the private key of an asymmetric KMS key.
 * @throws as {@link unsealMaterial} does.
 */
export function privateKeyOf(access: CryptoAccess, key: KeyRecord): KeyObject {
  const der = unsealMaterial(access, key);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

const padding = constants.RSA_PKCS1_OAEP_PADDING;

/**
 * Finds the RSA key and the algorithm of a request. Gives `undefined` when the request names no key, a key for another usage, or
 * a symmetric key with the symmetric algorithm: then the caller does the work, or refuses, as for a symmetric key.
 * @throws InvalidKeyUsageException when the algorithm does not fit the key; otherwise as {@link findKey} and {@link needUsage} do.
 */
function findRsaKey(access: CryptoAccess, { keyId, algorithm = 'SYMMETRIC_DEFAULT', operation }: RsaUse) {
  const key = keyId === undefined ? undefined : findKey(access, keyId, 'with aliases');
  if (key?.keyUsage !== 'ENCRYPT_DECRYPT') return undefined;
  if (key.keySpec === 'SYMMETRIC_DEFAULT' && algorithm === 'SYMMETRIC_DEFAULT') return undefined;
  const hash = hashes[algorithm];
  needUsage(key, 'ENCRYPT_DECRYPT', operation);
  if (!hash || key.keySpec === 'SYMMETRIC_DEFAULT') throw wrongAlgorithm(algorithm, key);
  return { key, algorithm, hash };
}

/** Makes the error for an algorithm that the key does not support. */
export function wrongAlgorithm(algorithm: string, key: KeyRecord): AwsError {
  return new AwsError('InvalidKeyUsageException', unverifiedText('wrong-algorithm', { algorithm, spec: key.keySpec }));
}
