import type { KeySpec } from './key-specs.ts';

/** The wrapping key specs of commercial Regions, and their modulus length in bits. */
export const wrappingKeySpecs = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 } as const;
export type WrappingKeySpec = keyof typeof wrappingKeySpecs;

/**
 * The supported wrapping algorithms: the hash for OAEP and MGF1, and whether OAEP wraps an AES key that wraps the material.
 */
export const wrappingAlgorithms = {
  RSAES_OAEP_SHA_1: { hash: 'sha1', usesAesKeyWrap: false },
  RSAES_OAEP_SHA_256: { hash: 'sha256', usesAesKeyWrap: false },
  RSA_AES_KEY_WRAP_SHA_1: { hash: 'sha1', usesAesKeyWrap: true },
  RSA_AES_KEY_WRAP_SHA_256: { hash: 'sha256', usesAesKeyWrap: true },
} as const;
export type WrappingAlgorithm = keyof typeof wrappingAlgorithms;

/**
 * The names that a request may contain. AWS withdrew RSAES_PKCS1_V1_5 on 10 Oct 2023, and has SM2 only in China: both are
 * refused here.
 */
export const algorithmSpecs = ['RSAES_PKCS1_V1_5', ...Object.keys(wrappingAlgorithms), 'SM2PKE'];
export const wrappingKeySpecNames = [...Object.keys(wrappingKeySpecs), 'SM2'];

/** `oaep`: the wrapping key specs for plain OAEP. `acceptsAesKeyWrap`: true when RSA_AES_KEY_WRAP is accepted, with every spec. */
type AcceptedWrapping = { readonly oaep: readonly WrappingKeySpec[]; readonly acceptsAesKeyWrap: boolean };

const allSpecs: readonly WrappingKeySpec[] = ['RSA_2048', 'RSA_3072', 'RSA_4096'];
const largeSpecs: readonly WrappingKeySpec[] = ['RSA_3072', 'RSA_4096'];

/**
 * Which wrapping KMS accepts for each key spec. Source: GetParametersForImport, KMS API reference; recorded answers, Sep 2026.
 */
const table: Record<KeySpec, AcceptedWrapping> = {
  SYMMETRIC_DEFAULT: { oaep: allSpecs, acceptsAesKeyWrap: false },
  // unverified: hmac-wrapping
  HMAC_224: { oaep: allSpecs, acceptsAesKeyWrap: false },
  HMAC_256: { oaep: allSpecs, acceptsAesKeyWrap: false },
  HMAC_384: { oaep: allSpecs, acceptsAesKeyWrap: false },
  HMAC_512: { oaep: allSpecs, acceptsAesKeyWrap: false },
  ECC_NIST_P256: { oaep: allSpecs, acceptsAesKeyWrap: true },
  ECC_NIST_P384: { oaep: allSpecs, acceptsAesKeyWrap: true },
  ECC_SECG_P256K1: { oaep: allSpecs, acceptsAesKeyWrap: true },
  ECC_NIST_P521: { oaep: largeSpecs, acceptsAesKeyWrap: true },
  ECC_NIST_EDWARDS25519: { oaep: largeSpecs, acceptsAesKeyWrap: true },
  RSA_2048: { oaep: [], acceptsAesKeyWrap: true },
  RSA_3072: { oaep: [], acceptsAesKeyWrap: true },
  RSA_4096: { oaep: [], acceptsAesKeyWrap: true },
  ML_DSA_44: { oaep: [], acceptsAesKeyWrap: false },
  ML_DSA_65: { oaep: [], acceptsAesKeyWrap: false },
  ML_DSA_87: { oaep: [], acceptsAesKeyWrap: false },
};

/**
 * Gives the algorithm and the wrapping key spec with their types when KMS accepts them for this key spec; else `undefined`.
 */
export function findWrapping(
  keySpec: KeySpec,
  algorithm: string,
  wrappingKeySpec: string,
): { algorithm: WrappingAlgorithm; wrappingKeySpec: WrappingKeySpec } | undefined {
  if (!Object.hasOwn(wrappingAlgorithms, algorithm) || !Object.hasOwn(wrappingKeySpecs, wrappingKeySpec))
    return undefined;
  const pair = { algorithm: algorithm as WrappingAlgorithm, wrappingKeySpec: wrappingKeySpec as WrappingKeySpec };
  const { oaep, acceptsAesKeyWrap } = table[keySpec];
  const isAccepted = wrappingAlgorithms[pair.algorithm].usesAesKeyWrap
    ? acceptsAesKeyWrap
    : oaep.includes(pair.wrappingKeySpec);
  return isAccepted ? pair : undefined;
}
