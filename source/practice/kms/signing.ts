import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  sign,
  verify,
} from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { needUsage } from './data-keys.ts';
import {
  signDigestWithEcdsa,
  signDigestWithPss,
  verifyDigestWithEcdsa,
  verifyDigestWithPss,
} from './digest-signing.ts';
import { stopDryRun } from './dry-run.ts';
import { arnOf, type KeyRecord } from './key-record.ts';
import { factsOf } from './key-specs.ts';
import { findKey } from './key-store.ts';
import { flag, grantTokens, keyId } from './members.ts';
import { operation } from './operation.ts';
import { privateKeyOf, wrongAlgorithm } from './rsa-encryption.ts';

const shape = {
  KeyId: keyId,
  Message: { kind: 'blob', min: 1, max: 4096, required: true },
  MessageType: { kind: 'choice', values: ['RAW', 'DIGEST', 'EXTERNAL_MU'] },
  SigningAlgorithm: { kind: 'text', min: 1, max: 64, required: true },
  GrantTokens: grantTokens,
  DryRun: flag,
} as const;

export const signOperation = operation({ on: 'key' }, shape, (call, input) => {
  const key = findKey(call, input.KeyId, 'with aliases');
  const recipe = recipeOf(key, input.SigningAlgorithm, 'Sign', input);
  stopDryRun(input);
  const signature = recipe.sign(privateKeyOf(call, key), input.Message);
  call.usage.note(key, 'Sign', call);
  return { KeyId: arnOf(key), Signature: signature.toString('base64'), SigningAlgorithm: input.SigningAlgorithm };
});

export const verifyOperation = operation(
  { on: 'key' },
  { ...shape, Signature: { kind: 'blob', min: 1, max: 6144, required: true } },
  (call, input) => {
    const key = findKey(call, input.KeyId, 'with aliases');
    const recipe = recipeOf(key, input.SigningAlgorithm, 'Verify', input);
    if (!recipe.verify(privateKeyOf(call, key), input.Message, input.Signature))
      throw new AwsError('KMSInvalidSignatureException');
    stopDryRun(input);
    call.usage.note(key, 'Verify', call);
    return { KeyId: arnOf(key), SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
  },
);

/** How to sign and verify with one algorithm. Both functions get the private key. `message` can be a digest. */
type Recipe = {
  sign(key: KeyObject, message: Buffer): Buffer;
  verify(key: KeyObject, message: Buffer, signature: Buffer): boolean;
};

/** The DER bytes (hex) before the digest in a DigestInfo, by hash. Source: RFC 8017, section 9.2, note 1. */
const digestInfo: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/**
 * Chooses how to sign and verify. A message of another type than DIGEST is hashed here, also one of the type EXTERNAL_MU.
 * @param algorithm such as `ECDSA_SHA_256`; its last three digits name the hash.
 * @param name the operation's name, for messages.
 * @throws InvalidKeyUsageException when the algorithm does not fit the key, or for an ML-DSA key, which has no material here;
 * UnsupportedOperationException for Ed25519ph; otherwise as {@link needUsage} and {@link recipeForDigest} do.
 */
function recipeOf(
  key: KeyRecord,
  algorithm: string,
  name: string,
  { MessageType = 'RAW' }: { readonly MessageType?: string },
): Recipe {
  needUsage(key, 'SIGN_VERIFY', name);
  if (!factsOf(key.keySpec).algorithms.SIGN_VERIFY?.includes(algorithm) || key.materials.length === 0)
    throw wrongAlgorithm(algorithm, key);
  const hash = `sha${algorithm.slice(-3)}`;
  if (MessageType === 'DIGEST') return recipeForDigest(algorithm, hash);
  if (algorithm === 'ED25519_PH_SHA_512')
    throw new AwsError('UnsupportedOperationException', 'Practice AWS has no Ed25519ph.');
  // Ed25519 hashes the message by itself.
  const hashOrNull = algorithm.startsWith('ED25519') ? null : hash;
  const options = algorithm.startsWith('RSASSA_PSS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  return {
    sign: (privateKey, message) => sign(hashOrNull, message, { key: privateKey, ...options }),
    verify: (privateKey, message, signature) =>
      verify(hashOrNull, message, { key: createPublicKey(privateKey), ...options }, signature),
  };
}

/**
 * Chooses how to sign and verify a digest that the caller made. Node itself can do this only for PKCS #1 v1.5. The functions of
 * the result throw ValidationException for a digest of a wrong length.
 * @throws UnsupportedOperationException for an algorithm that takes no digest here.
 */
function recipeForDigest(algorithm: string, hash: string): Recipe {
  /** Checks the length of the digest, and gives the digest back. */
  const checkLength = (digest: Buffer) => {
    if (digest.length !== createHash(hash).digest().length)
      throw new AwsError('ValidationException', unverifiedText('digest-length', { algorithm }));
    return digest;
  };
  if (algorithm.startsWith('ECDSA')) {
    return {
      sign: (key, digest) => signDigestWithEcdsa(key, checkLength(digest)),
      verify: (key, digest, signature) => verifyDigestWithEcdsa(key, checkLength(digest), signature),
    };
  }
  if (algorithm.startsWith('RSASSA_PSS')) {
    return {
      sign: (key, digest) => signDigestWithPss(key, hash, checkLength(digest)),
      verify: (key, digest, signature) =>
        verifyDigestWithPss(createPublicKey(key), hash, checkLength(digest), signature),
    };
  }
  const prefix = digestInfo[hash];
  if (!algorithm.startsWith('RSASSA_PKCS1_V1_5') || prefix === undefined)
    throw new AwsError('UnsupportedOperationException', `Practice AWS signs no digests with ${algorithm}.`);
  const encode = (digest: Buffer) => Buffer.concat([Buffer.from(prefix, 'hex'), checkLength(digest)]);
  return {
    sign: (key, digest) => privateEncrypt(key, encode(digest)),
    verify(key, digest, signature) {
      const expected = encode(digest);
      try {
        return publicDecrypt(createPublicKey(key), signature).equals(expected);
      } catch {
        return false;
      }
    },
  };
}
