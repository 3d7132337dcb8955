import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { ProblemError } from '../ceremony/problem.ts';

/**
 * Reads a wrapping public key: the DER SubjectPublicKeyInfo (RFC 5280, section 4.1) that GetParametersForImport gives.
 * @throws ProblemError when the bytes are not an RSA public key.
 */
export function readWrappingKey(publicKeyDer: Uint8Array): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPublicKey({ key: Buffer.from(publicKeyDer), format: 'der', type: 'spki' });
  } catch {
    // Falls through to the same problem as a key of another type: OpenSSL's text tells a person nothing.
  }
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't read the wrapping public key.",
    why: 'Its bytes are not an RSA public key in DER form.',
    next: ['Get a new wrapping key and import token from AWS.'],
  });
}

/** Length of the RSA modulus in bytes: 256 for RSA_2048, 384 for RSA_3072, 512 for RSA_4096. A wrapped key is as long. */
export function modulusBytes(publicKeyDer: Uint8Array): number {
  const bits = readWrappingKey(publicKeyDer).asymmetricKeyDetails?.modulusLength ?? 0;
  return Math.ceil(bits / 8);
}

/** SHA-256 of the DER SubjectPublicKeyInfo as lower-case hex: what `sha256sum` prints for the file. */
export function sha256Fingerprint(publicKeyDer: Uint8Array): string {
  return createHash('sha256').update(publicKeyDer).digest('hex');
}
