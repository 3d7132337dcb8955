import { constants, createCipheriv, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { makeSeedPair } from '../../../source/practice/kms/seed-pair.ts';
import { type Practice, parametersFor, wrap } from '../practising.ts';
import { type Answer, World } from './fact.ts';

const curves: Readonly<Record<string, string>> = {
  ECC_NIST_P256: 'P-256',
  ECC_NIST_P384: 'P-384',
  ECC_NIST_P521: 'P-521',
  ECC_SECG_P256K1: 'secp256k1',
};

/** A private key of a spec; RSA keys are fixed, so that nobody waits for them. */
export function privateKey(spec: string): KeyObject {
  if (spec.startsWith('RSA_')) return makeSeedPair(spec as 'RSA_2048');
  const namedCurve = curves[spec];
  return namedCurve === undefined
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('ec', { namedCurve }).privateKey;
}

/** PKCS#8 in DER. */
export function pkcs8(key: KeyObject): Buffer {
  return key.export({ type: 'pkcs8', format: 'der' });
}

/** The same PKCS#8 in BER: its outer length is left open. */
export function indefinite(der: Buffer): Buffer {
  const second = der[1] ?? 0;
  const start = 2 + (second < 0x80 ? 0 : second & 0x7f);
  return Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(start), Buffer.of(0, 0)]);
}

/** RSA_AES_KEY_WRAP: a fresh AES key under OAEP, and behind it the material under that key, by RFC 5649. */
export function aesKeyWrapped(material: Buffer, publicKey: Uint8Array, hash: 'sha1' | 'sha256'): Buffer {
  const aes = randomBytes(32);
  const cipher = createCipheriv('id-aes256-wrap-pad', aes, Buffer.from('a65959a6', 'hex'));
  return Buffer.concat([wrap(aes, publicKey, hash), cipher.update(material), cipher.final()]);
}

/** Imports material of any size, by RSA_AES_KEY_WRAP_SHA_256 under RSA_2048. */
export async function importPrivateKey(w: World, KeyId: string, material: Buffer): Promise<Answer> {
  const kms = w.practice.kms();
  const { token, publicKey } = await parametersFor(kms, KeyId, 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048');
  return w.kms('ImportKeyMaterial', {
    KeyId,
    ImportToken: token,
    EncryptedKeyMaterial: aesKeyWrapped(material, publicKey, 'sha256'),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  });
}

/** Makes a KMS key with a private key in it, `own` or one of the spec. Gives its id. */
export async function keyOfPair(
  practice: Practice,
  input: { readonly KeySpec: string; readonly KeyUsage: string },
  own: KeyObject = privateKey(input.KeySpec),
): Promise<string> {
  const world = new World(practice);
  const { KeyId } = await world.key(input);
  await importPrivateKey(world, KeyId, pkcs8(own));
  return KeyId;
}

/** What Node signs or verifies with, as KMS does by an algorithm such as `RSASSA_PSS_SHA_256`. */
export const signingOptions = (key: KeyObject, algorithm: string) =>
  algorithm.startsWith('RSASSA_PSS')
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : key;
