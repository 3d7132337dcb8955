import { constants, createDecipheriv, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import type { KeySpec } from './key-specs.ts';
import { curves, secretBytes } from './new-material.ts';
import { type WrappingAlgorithm, wrappingAlgorithms } from './wrapping-table.ts';

/**
 * Opens wrapped key material.
 * @throws InvalidCiphertextException, without a message, when it does not open, and ValidationException when its length
 * cannot be right.
 */
export function unwrap(wrapped: Buffer, privateKey: KeyObject, algorithm: WrappingAlgorithm): Buffer {
  const { hash, aesKeyWrap } = wrappingAlgorithms[algorithm];
  const modulusBytes = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (aesKeyWrap ? wrapped.length <= modulusBytes : wrapped.length !== modulusBytes)
    throw new AwsError('ValidationException', unverifiedText('encrypted-size'));
  try {
    const opened = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash },
      wrapped.subarray(0, modulusBytes),
    );
    if (!aesKeyWrap) return opened;
    // RFC 5649: the alternative initial value is the IV of OpenSSL's cipher.
    const decipher = createDecipheriv('id-aes256-wrap-pad', opened, Buffer.from('a65959a6', 'hex'));
    return Buffer.concat([decipher.update(wrapped.subarray(modulusBytes)), decipher.final()]);
  } catch {
    throw new AwsError('InvalidCiphertextException');
  }
}

/**
 * Gives the material in the one form that identifies it: raw bytes, or PKCS#8 in DER.
 * @throws InvalidCiphertextException, without a message, when it is not material for such a key: RSA has two primes, a
 * curve is named, and BER of indefinite length is for RSA and elliptic curves alone (recorded answers, Sep 2026).
 * unverified: hmac-longer.
 */
export function canonicalMaterial(material: Buffer, keySpec: KeySpec): Buffer {
  const bytes = secretBytes[keySpec];
  const fits = bytes === undefined ? undefined : material.length === bytes;
  if (fits || (keySpec.startsWith('HMAC_') && material.length > (bytes ?? 0) && material.length <= 128))
    return material;
  const key = fits === undefined ? privateKeyIn(material) : undefined;
  const canonical = key?.export({ type: 'pkcs8', format: 'der' });
  if (!key || !canonical || !isOfSpec(key, keySpec, canonical) || (keySpec === edwards && material[1] === indefinite))
    throw new AwsError('InvalidCiphertextException');
  return canonical;
}

const edwards = 'ECC_NIST_EDWARDS25519';
/** The length byte of BER that says "until the end marker". */
const indefinite = 0x80;

function privateKeyIn(material: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey({ key: material, format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

function isOfSpec(key: KeyObject, keySpec: KeySpec, canonical: Buffer): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (keySpec.startsWith('RSA_'))
    return type === 'rsa' && details?.modulusLength === Number(keySpec.slice(4)) && hasTwoPrimes(key);
  if (keySpec === edwards) return type === 'ed25519';
  const curve = curves[keySpec];
  // OpenSSL finds the name of a curve that is written out in full as well.
  return type === 'ec' && curve !== undefined && details?.namedCurve === curve && canonical.includes(curveOid(curve));
}

/** The modulus is p times q, unless there are more primes (RFC 8017, section 3.2). Not every Node's JWK lists the others. */
function hasTwoPrimes(rsaKey: KeyObject): boolean {
  const { n, p, q } = rsaKey.export({ format: 'jwk' });
  const numberOf = (base64url = '') => BigInt(`0x0${Buffer.from(base64url, 'base64url').toString('hex')}`);
  return numberOf(n) === numberOf(p) * numberOf(q);
}

/** The DER of a curve's object identifier. */
function curveOid(curve: string): Buffer {
  const oids: Readonly<Record<string, string>> = {
    prime256v1: '06082a8648ce3d030107',
    secp384r1: '06052b81040022',
    secp521r1: '06052b81040023',
    secp256k1: '06052b8104000a',
  };
  return Buffer.from(oids[curve] ?? '', 'hex');
}
