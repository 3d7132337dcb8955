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
import { type CryptoAccess, needUsage, openMaterial } from './data-keys.ts';
import { stopDryRun } from './dry-run.ts';
import { arnOf, type KeyRecord } from './key-record.ts';
import { findKey } from './key-store.ts';

/** The hash of each OAEP algorithm, with the number of bytes of its digest. */
const hashes: Readonly<Record<string, { readonly name: 'sha1' | 'sha256'; readonly bytes: number }>> = {
  RSAES_OAEP_SHA_1: { name: 'sha1', bytes: 20 },
  RSAES_OAEP_SHA_256: { name: 'sha256', bytes: 32 },
};

type Input = { readonly KeyId?: string; readonly EncryptionAlgorithm?: string; readonly DryRun?: boolean };

/**
 * Encrypts with an RSA key and gives the answer of Encrypt. Gives `undefined` when the key is no RSA key.
 * @throws ValidationException for a plaintext that is too long.
 */
export function encryptWithRsa(
  access: CryptoAccess,
  input: Input & { readonly KeyId: string; readonly Plaintext: Buffer },
): object | undefined {
  const rsa = findRsaKey(access, input, 'Encrypt');
  if (!rsa) return undefined;
  const { key, algorithm, hash } = rsa;
  // RFC 8017, section 7.1.1. The key spec contains the length of the modulus in bits, as in `RSA_2048`.
  const maxBytes = Number(key.keySpec.slice(4)) / 8 - 2 * hash.bytes - 2;
  if (input.Plaintext.length > maxBytes) {
    throw new AwsError(
      'ValidationException',
      `Algorithm ${algorithm} and key spec ${key.keySpec} cannot encrypt data larger than ${maxBytes} bytes.`,
    );
  }
  stopDryRun(input);
  const publicKey = createPublicKey(privateKeyOf(access, key));
  const sealed = publicEncrypt({ key: publicKey, oaepHash: hash.name, padding }, input.Plaintext);
  access.usage.note(key, 'Encrypt', access);
  return { KeyId: arnOf(key), CiphertextBlob: sealed.toString('base64'), EncryptionAlgorithm: algorithm };
}

/**
 * Decrypts with an RSA key and gives the answer of Decrypt. Gives `undefined` when the request names no RSA key.
 * @throws InvalidCiphertextException when the ciphertext cannot be decrypted.
 */
export function decryptWithRsa(
  access: CryptoAccess,
  input: Input & { readonly CiphertextBlob: Buffer },
): object | undefined {
  const rsa = findRsaKey(access, input, 'Decrypt');
  if (!rsa) return undefined;
  const { key, algorithm, hash } = rsa;
  let plain: Buffer;
  try {
    plain = privateDecrypt({ key: privateKeyOf(access, key), oaepHash: hash.name, padding }, input.CiphertextBlob);
  } catch {
    throw new AwsError('InvalidCiphertextException');
  }
  stopDryRun(input);
  access.usage.note(key, 'Decrypt', access);
  return { KeyId: arnOf(key), Plaintext: plain.toString('base64'), EncryptionAlgorithm: algorithm };
}

/** Gives the private key of an asymmetric KMS key. */
export function privateKeyOf(access: CryptoAccess, key: KeyRecord): KeyObject {
  const der = openMaterial(access, key, key.currentMaterialId ?? '');
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

const padding = constants.RSA_PKCS1_OAEP_PADDING;

/** Finds the RSA key and the algorithm of a request. Gives `undefined` when the request names no RSA key for encryption. */
function findRsaKey(access: CryptoAccess, { KeyId, EncryptionAlgorithm }: Input, operation: 'Encrypt' | 'Decrypt') {
  const algorithm = EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
  const key = KeyId === undefined ? undefined : findKey(access, KeyId, 'with aliases');
  if (!key || key.keySpec === 'SYMMETRIC_DEFAULT' || key.keyUsage !== 'ENCRYPT_DECRYPT') return undefined;
  needUsage(key, 'ENCRYPT_DECRYPT', operation);
  const hash = hashes[algorithm];
  if (!hash) throw wrongAlgorithm(algorithm, key);
  return { key, algorithm, hash };
}

/** Makes the error for an algorithm that the key does not support. */
export function wrongAlgorithm(algorithm: string, key: KeyRecord): AwsError {
  return new AwsError('InvalidKeyUsageException', unverifiedText('wrong-algorithm', { algorithm, spec: key.keySpec }));
}
