import { constants, createDecipheriv, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { decryptWhole } from '../decrypt-whole.ts';
import { partitionOf } from '../partition.ts';
import { unverifiedText } from '../unverified.ts';
import type { KeySpec } from './key-specs.ts';
import { curves, secretBytes } from './new-material.ts';
import { type WrappingAlgorithm, wrappingAlgorithms } from './wrapping-table.ts';

/**
 * Decrypts wrapped key material.
 * @param privateKey the RSA key that belongs to the wrapping public key.
 * @throws InvalidCiphertextException, without a message, when the material cannot be decrypted; ValidationException when its
 * length is impossible.
 */
export function unwrap(wrapped: Buffer, privateKey: KeyObject, algorithm: WrappingAlgorithm): Buffer {
  const { hash, usesAesKeyWrap } = wrappingAlgorithms[algorithm];
  const modulusBytes = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  // With AES key wrap, the wrapped material follows after the result of RSA.
  const isPossible = usesAesKeyWrap ? wrapped.length > modulusBytes : wrapped.length === modulusBytes;
  if (!isPossible) throw new AwsError('ValidationException', unverifiedText('encrypted-size'));
  try {
    // The material, or the AES key that wraps it.
    const decrypted = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash },
      wrapped.subarray(0, modulusBytes),
    );
    if (!usesAesKeyWrap) return decrypted;
    return unwrapUnderAes(decrypted, wrapped.subarray(modulusBytes));
  } catch {
    throw new AwsError('InvalidCiphertextException');
  }
}

/**
 * Decrypts material that an AES key wraps, and overwrites this key.
 * @throws when the material cannot be decrypted.
 */
function unwrapUnderAes(aesKey: Buffer, wrapped: Buffer): Buffer {
  try {
    // For OpenSSL, the IV of this cipher is the alternative initial value of RFC 5649.
    return decryptWhole(createDecipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('a65959a6', 'hex')), wrapped);
  } finally {
    aesKey.fill(0);
  }
}

/**
 * Gives the material in the form from which its id is computed: raw bytes, or PKCS#8 in DER. Material for an HMAC key may be
 * longer than its spec says, up to 128 bytes. An RSA key must have two primes. An elliptic key must have a named curve. An
 * Ed25519 key must not be in BER of indefinite length; the others may be (recorded answers, Sep 2026). In China Regions a
 * symmetric key is an SM4 key of 16 bytes (KMS developer guide, "Requirements for imported key material").
 * @throws InvalidCiphertextException, without a message, when it is not material for this key spec. unverified: hmac-longer;
 * unverified: sm4-wrong-length.
 */
export function canonicalMaterial(
  material: Buffer,
  { keySpec, region }: { readonly keySpec: KeySpec; readonly region: string },
): Buffer {
  const isSm4 = keySpec === 'SYMMETRIC_DEFAULT' && partitionOf(region) === 'aws-cn';
  const length = isSm4 ? sm4Bytes : secretBytes[keySpec];
  const isLongHmac = keySpec.startsWith('HMAC_') && material.length > (length ?? 0) && material.length <= mostHmacBytes;
  if (material.length === length || isLongHmac) return material;
  // Only asymmetric keys have no fixed length.
  const key = length === undefined ? privateKeyIn(material) : undefined;
  const isRefusedForm = keySpec === ed25519Spec && material[1] === indefiniteLength;
  if (!key || isRefusedForm) throw new AwsError('InvalidCiphertextException');
  const canonical = key.export({ type: 'pkcs8', format: 'der' });
  if (isOfSpec(key, keySpec, canonical)) return canonical;
  canonical.fill(0);
  throw new AwsError('InvalidCiphertextException');
}

const ed25519Spec = 'ECC_NIST_EDWARDS25519';
const sm4Bytes = 16;
const mostHmacBytes = 128;
/** The length byte of BER for an element of indefinite length, which ends with an end marker. */
const indefiniteLength = 0x80;

/** Reads a private key from PKCS#8. Gives `undefined` when the bytes are no such key. */
function privateKeyIn(material: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey({ key: material, format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

/** True when a private key is one for this key spec. @param canonical the key as PKCS#8 in DER. */
function isOfSpec(key: KeyObject, keySpec: KeySpec, canonical: Buffer): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (keySpec.startsWith('RSA_'))
    return type === 'rsa' && details?.modulusLength === Number(keySpec.slice(4)) && hasTwoPrimes(key);
  if (keySpec === ed25519Spec) return type === 'ed25519';
  const curve = curves[keySpec];
  // OpenSSL also names a curve whose parameters are written out. Only the object identifier shows that the curve is named.
  return type === 'ec' && curve !== undefined && details?.namedCurve === curve && canonical.includes(curveOid(curve));
}

/**
 * True when the modulus is p times q: then there are no more primes (RFC 8017, 3.2). The list of primes in the JWK does not
 * tell it, because some versions of Node list only two.
 */
function hasTwoPrimes(rsaKey: KeyObject): boolean {
  const { n, p, q } = rsaKey.export({ format: 'jwk' });
  const numberOf = (base64url = '') => BigInt(`0x0${Buffer.from(base64url, 'base64url').toString('hex')}`);
  return numberOf(n) === numberOf(p) * numberOf(q);
}

/** Gives a curve's object identifier in DER. @param curve the name of OpenSSL. */
function curveOid(curve: string): Buffer {
  const oids: Readonly<Record<string, string>> = {
    prime256v1: '06082a8648ce3d030107',
    secp384r1: '06052b81040022',
    secp521r1: '06052b81040023',
    secp256k1: '06052b8104000a',
  };
  return Buffer.from(oids[curve] ?? '', 'hex');
}
