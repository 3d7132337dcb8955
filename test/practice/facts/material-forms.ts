import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { parametersFor } from '../practising.ts';
import { type Fact, noMessage, refused } from './fact.ts';
import { importPrivateKey, indefinite, pkcs8, privateKey } from './private-keys.ts';
import { sendMaterial } from './send-material.ts';
import { threePrimes } from './three-primes.ts';

export const curve = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };

const rsa = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' };

const edwards = { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' };

const explicitCurve = () => generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).privateKey;

/** 2.4: private keys in forms that KMS does not take. */
const refusedForms: ReadonlyArray<readonly [what: string, input: object, material: () => Buffer]> = [
  ['an RSA key of another size', rsa, () => pkcs8(privateKey('RSA_3072'))],
  ['an RSA key of three primes', rsa, () => threePrimes],
  ['PKCS #1 instead of PKCS #8', rsa, () => privateKey('RSA_2048').export({ type: 'pkcs1', format: 'der' })],
  ['PEM instead of DER', rsa, () => Buffer.from(privateKey('RSA_2048').export({ type: 'pkcs8', format: 'pem' }))],
  ['an elliptic curve for RSA', rsa, () => pkcs8(privateKey('ECC_NIST_P256'))],
  ['another curve', curve, () => pkcs8(privateKey('ECC_SECG_P256K1'))],
  ['explicit curve parameters', curve, () => pkcs8(explicitCurve())],
  ['a raw scalar', curve, () => randomBytes(32)],
  ['Ed25519 in BER of indefinite length', edwards, () => indefinite(pkcs8(privateKey('ECC_NIST_EDWARDS25519')))],
];

/** Section 2.4, and 0.11. */
export const formFacts: readonly Fact[] = [
  ...[16, 31, 33, 64].map(
    (size): Fact => [
      '2.4',
      `a symmetric key is not ${size} bytes`,
      async (w) => refused(w.import((await w.key()).KeyId, randomBytes(size)), 'InvalidCiphertextException', noMessage),
    ],
  ),
  ...(
    [
      ['HMAC_224', 28],
      ['HMAC_256', 32],
      ['HMAC_384', 48],
      ['HMAC_512', 64],
    ] as const
  ).map(
    ([KeySpec, size]): Fact => [
      '0.11',
      `${KeySpec}: ${size} bytes are taken, fewer are not (more: unverified)`,
      async (w) => {
        const { KeyId } = await w.key({ KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' });
        await refused(w.import(KeyId, randomBytes(size - 1)), 'InvalidCiphertextException', noMessage);
        const answer = await w.import(KeyId, randomBytes(size));
        assert.equal(answer.KeyMaterialId, undefined);
      },
    ],
  ),
  [
    '2.4',
    'an HMAC key takes up to 128 bytes, and a wrapped private key is longer than the RSA part (unverified)',
    async (w) => {
      const input = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' };
      await w.import((await w.key(input)).KeyId, randomBytes(128));
      await refused(w.import((await w.key(input)).KeyId, randomBytes(129)), 'InvalidCiphertextException', noMessage);
      const { KeyId } = await w.key(curve);
      const { token } = await parametersFor(w.practice.kms(), KeyId, 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048');
      const text = 'Invalid encrypted key size.';
      await refused(sendMaterial(w, KeyId, token, randomBytes(256)), 'ValidationException', text);
    },
  ],
  ...([rsa, curve] as const).map(
    (input): Fact => [
      '2.4',
      `${input.KeySpec}: BER of indefinite length is taken on a re-import`,
      async (w) => {
        const { KeyId } = await w.key(input);
        const material = pkcs8(privateKey(input.KeySpec));
        await importPrivateKey(w, KeyId, material);
        await importPrivateKey(w, KeyId, indefinite(material));
      },
    ],
  ),
  ...refusedForms.map(
    ([what, input, material]): Fact => [
      '2.4',
      `refused without a message: ${what}`,
      async (w) => {
        const { KeyId } = await w.key(input as Record<string, unknown>);
        await refused(importPrivateKey(w, KeyId, material()), 'InvalidCiphertextException', noMessage);
      },
    ],
  ),
];
