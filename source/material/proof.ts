import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { ProblemError } from '../ceremony/problem.ts';
import { knownBlob, knownMaterial } from './known-answers.ts';
import { SecretBytes } from './secret-bytes.ts';
import { testKey } from './test-keys.ts';
import { wrapMaterial } from './wrap.ts';
import { oaepHashes, type WrappingAlgorithm, type WrappingKeySpec } from './wrapping-algorithms.ts';
import { WrappingPublicKey } from './wrapping-public-key.ts';

/**
 * Proves that wrapping works on this computer, before anything is sent. It wraps random bytes under a published test key of
 * the same size as the wrapping key, and makes three checks. 32 random bytes must come back unchanged from wrapping and
 * unwrapping. Bytes that openssl wrapped must open to their known value. The wrapped bytes must not open with the other
 * hash. Without this proof, a fault would show only as InvalidCiphertextException from KMS, without a reason. Takes
 * milliseconds.
 * @throws ProblemError of kind `ours` when one of the three checks fails.
 */
export function proveWrapping({
  algorithm,
  keySpec,
}: {
  algorithm: WrappingAlgorithm;
  keySpec: WrappingKeySpec;
}): void {
  const privateKey = createPrivateKey({ key: testKey(keySpec), format: 'der', type: 'pkcs8' });
  const wrappingKey = WrappingPublicKey.ofTestPair(keySpec);
  const otherAlgorithm = algorithm === 'RSAES_OAEP_SHA_256' ? 'RSAES_OAEP_SHA_1' : 'RSAES_OAEP_SHA_256';

  const sample = SecretBytes.generate();
  const expected = SecretBytes.takeFrom(knownMaterial());
  try {
    const blob = wrapMaterial(sample, { wrappingKey, algorithm });
    if (!opensTo(sample, unwrap(privateKey, algorithm, blob)))
      throw unprovenError('A wrapped sample did not come back as it was.');
    if (!opensTo(expected, unwrap(privateKey, algorithm, knownBlob(algorithm, keySpec))))
      throw unprovenError("A sample that openssl wrapped did not open to openssl's value.");
    if (opensTo(sample, unwrap(privateKey, otherAlgorithm, blob)))
      throw unprovenError(`The wrapping does not use the hash of ${algorithm}.`);
  } finally {
    sample.destroy();
    expected.destroy();
  }
}

/** Tells whether the opened bytes are the expected ones, and destroys the opened bytes. */
function opensTo(expected: SecretBytes, opened: SecretBytes | undefined): boolean {
  const isSame = opened?.equals(expected) === true;
  opened?.destroy();
  return isSame;
}

/** Decrypts wrapped bytes; `undefined` when they do not open with this key and hash. */
function unwrap(key: KeyObject, algorithm: WrappingAlgorithm, blob: Buffer): SecretBytes | undefined {
  const oaepHash = oaepHashes[algorithm];
  try {
    return SecretBytes.takeFrom(privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, blob));
  } catch {
    return undefined;
  }
}

/** Makes the error for a check that failed. */
function unprovenError(why: string): ProblemError {
  return new ProblemError({
    kind: 'ours',
    what: "Can't prove that wrapping works on this computer.",
    why,
    state: 'Your key has not been wrapped and nothing was sent to AWS.',
    next: ['Wrap the key by hand with the openssl command, and report this.'],
  });
}
