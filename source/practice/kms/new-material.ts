import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeySpec } from './key-specs.ts';

/** The length of the secret of symmetric and HMAC keys, in bytes. */
export const secretBytes: Partial<Record<KeySpec, number>> = {
  SYMMETRIC_DEFAULT: 32,
  HMAC_224: 28,
  HMAC_256: 32,
  HMAC_384: 48,
  HMAC_512: 64,
};

/** The curves of elliptic keys, by OpenSSL's names. */
export const curves: Partial<Record<KeySpec, string>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
};

/**
 * Makes the material for a key with origin AWS_KMS: raw bytes, or PKCS#8 in DER. Gives `undefined` for ML-DSA, which practice
 * AWS cannot make.
 */
export function makeMaterial(spec: KeySpec): Buffer | undefined {
  const bytes = secretBytes[spec];
  if (bytes !== undefined) return randomBytes(bytes);
  const form = { type: 'pkcs8', format: 'der' } as const;
  if (spec.startsWith('RSA_'))
    return generateKeyPairSync('rsa', { modulusLength: Number(spec.slice(4)) }).privateKey.export(form);
  const namedCurve = curves[spec];
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve }).privateKey.export(form);
  return spec === 'ECC_NIST_EDWARDS25519' ? generateKeyPairSync('ed25519').privateKey.export(form) : undefined;
}
