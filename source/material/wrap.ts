import { constants, publicEncrypt } from 'node:crypto';
import { ProblemError } from '../ceremony/problem.ts';
import type { SecretBytes } from './secret-bytes.ts';
import { oaepHashes, type WrappingAlgorithm } from './wrapping-algorithms.ts';
import type { WrappingPublicKey } from './wrapping-public-key.ts';

export { checkWrappedFile } from './wrapped-file.ts';
export { WrappingPublicKey } from './wrapping-public-key.ts';

/**
 * Encrypts key material under AWS's wrapping public key. Gives the bytes for the file `enc.aes.key`, as many as the modulus
 * has. Source: RFC 8017, section 7.1 (RSAES-OAEP, empty label, MGF1 with the same hash); KMS ImportKeyMaterial.
 * @throws ProblemError when the public key cannot wrap these bytes.
 */
export function wrapMaterial(
  secret: SecretBytes,
  wrapping: { wrappingKey: WrappingPublicKey; algorithm: WrappingAlgorithm },
): Buffer {
  const { keyObject: key, modulusBytes } = wrapping.wrappingKey;
  // Without a named hash Node uses SHA-1, and KMS would answer InvalidCiphertextException without a reason.
  const oaepHash = oaepHashes[wrapping.algorithm];
  const blob = secret.use((bytes) => {
    try {
      return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
    } catch {
      // The new error does not carry OpenSSL's error, because that comes from code that has seen key bytes.
      throw cannotWrap(`${bytes.length} bytes do not fit under a ${modulusBytes * 8}-bit wrapping key.`);
    }
  });
  if (blob.length !== modulusBytes)
    throw cannotWrap(`The result has ${blob.length} bytes and must have ${modulusBytes}.`);
  return blob;
}

/** Makes the problem that the key was not wrapped. @param why a sentence. */
function cannotWrap(why: string): ProblemError {
  return new ProblemError({
    kind: 'ours',
    what: "Can't wrap the secret key.",
    why,
    state: 'Nothing was sent to AWS and no file was written.',
    next: ['Get a new wrapping key and import token, then try again.'],
  });
}
