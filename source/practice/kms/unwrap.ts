import { constants, createDecipheriv, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import type { KeySpec } from './key-specs.ts';
import { curves, secretBytes } from './new-material.ts';
import { type WrappingAlgorithm, wrappingAlgorithms } from './wrapping-table.ts';

/**
 * Opens wrapped key material. Throws InvalidCiphertextException, without a message, when it does not open, and
 * ValidationException when its length cannot be right .
 */
export function unwrap(wrapped: Buffer, privateKey: KeyObject, algorithm: WrappingAlgorithm): Buffer {
  const { hash, aesKeyWrap } = wrappingAlgorithms[algorithm];
  const modulusBytes = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (aesKeyWrap ? wrapped.length <= modulusBytes : wrapped.length !== modulusBytes) {
    throw new AwsError('ValidationException', unverifiedText('encrypted-size'));
  }
  try {
    const opened = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash },
      wrapped.subarray(0, modulusBytes),
    );
    if (!aesKeyWrap) {
      return opened;
    }
    // RFC 5649: the alternative initial value is the IV of OpenSSL's cipher.
    const decipher = createDecipheriv('id-aes256-wrap-pad', opened, Buffer.from('a65959a6', 'hex'));
    return Buffer.concat([decipher.update(wrapped.subarray(modulusBytes)), decipher.final()]);
  } catch {
    throw new AwsError('InvalidCiphertextException');
  }
}

/**
 * The material in the one form that identifies it: raw bytes, or PKCS#8 in DER. Throws InvalidCiphertextException,
 * without a message, when it is not material for such a key. unverified: hmac-longer.
 */
export function canonicalMaterial(material: Buffer, keySpec: KeySpec): Buffer {
  const bytes = secretBytes[keySpec];
  const fits = bytes === undefined ? undefined : material.length === bytes;
  if (fits || (keySpec.startsWith('HMAC_') && material.length > (bytes ?? 0) && material.length <= 128)) {
    return material;
  }
  const key = fits === undefined ? privateKeyIn(material) : undefined;
  if (!key || !isOfSpec(key, keySpec)) {
    throw new AwsError('InvalidCiphertextException');
  }
  return key.export({ type: 'pkcs8', format: 'der' });
}

function privateKeyIn(material: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey({ key: material, format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

function isOfSpec({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, keySpec: KeySpec): boolean {
  if (keySpec.startsWith('RSA_')) {
    return asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === Number(keySpec.slice(4));
  }
  return keySpec === 'ECC_NIST_EDWARDS25519'
    ? asymmetricKeyType === 'ed25519'
    : asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === curves[keySpec];
}
