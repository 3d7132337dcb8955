import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { ProblemError } from '../ceremony/problem.ts';
import { knownBlob, knownMaterial } from './known-answers.ts';
import { SecretBytes } from './secret-bytes.ts';
import { testKey } from './test-keys.ts';
import { wrapMaterial } from './wrap.ts';
import { oaepHashes, type WrappingAlgorithm, type WrappingKeySpec } from './wrapping-algorithms.ts';
import { WrappingPublicKey } from './wrapping-public-key.ts';

/**
 * Proves the wrapping before anything is sent, on a public test key of the same size and without touching the person's key:
 * 32 random bytes come back from a round trip, a blob made by openssl opens to the value it was made from, and the sample
 * does not open with the other hash. AWS would answer a fault here with InvalidCiphertextException and no reason. Takes
 * milliseconds.
 * @throws ProblemError of kind `ours` when any of it fails.
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
      throw unproven('A wrapped sample did not come back as it was.');
    if (!opensTo(expected, unwrap(privateKey, algorithm, knownBlob(algorithm, keySpec))))
      throw unproven("A sample that openssl wrapped did not open to openssl's value.");
    if (opensTo(sample, unwrap(privateKey, otherAlgorithm, blob)))
      throw unproven(`The wrapping does not use the hash of ${algorithm}.`);
  } finally {
    sample.destroy();
    expected.destroy();
  }
}

/** Compares, and zeroes what was opened. */
function opensTo(expected: SecretBytes, opened: SecretBytes | undefined): boolean {
  const same = opened?.equals(expected) === true;
  opened?.destroy();
  return same;
}

function unwrap(key: KeyObject, algorithm: WrappingAlgorithm, blob: Buffer): SecretBytes | undefined {
  const oaepHash = oaepHashes[algorithm];
  try {
    return SecretBytes.takeFrom(privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, blob));
  } catch {
    return undefined;
  }
}

function unproven(why: string): ProblemError {
  return new ProblemError({
    kind: 'ours',
    what: "Can't prove that wrapping works on this computer.",
    why,
    state: 'Your key has not been wrapped and nothing was sent to AWS.',
    next: ['Wrap the key by hand with the openssl command, and report this.'],
  });
}
