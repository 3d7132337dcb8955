import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Fact } from './fact.ts';
import { importPrivateKey, pkcs8, privateKey } from './private-keys.ts';

const Plaintext = Buffer.from('twelve bytes');

/** Section 1.1: imported private keys do what the same key does anywhere else: the bytes are really used. */
export const pairFacts: readonly Fact[] = [
  ...(
    [
      ['RSA_2048', 'RSASSA_PSS_SHA_256'],
      ['RSA_3072', 'RSASSA_PKCS1_V1_5_SHA_384'],
      ['ECC_NIST_P256', 'ECDSA_SHA_256'],
      ['ECC_NIST_P384', 'ECDSA_SHA_384'],
      ['ECC_NIST_P521', 'ECDSA_SHA_512'],
      ['ECC_SECG_P256K1', 'ECDSA_SHA_256'],
      ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
    ] as const
  ).map(
    ([KeySpec, SigningAlgorithm]): Fact => [
      '1.1',
      `an imported ${KeySpec} signs with ${SigningAlgorithm}, and its public key is that of the material`,
      async (w) => {
        const key = privateKey(KeySpec);
        const { KeyId } = await w.key({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
        await importPrivateKey(w, KeyId, pkcs8(key));
        const { PublicKey } = await w.kms('GetPublicKey', { KeyId });
        const expected = createPublicKey(createPrivateKey({ key: pkcs8(key), format: 'der', type: 'pkcs8' }));
        assert.deepEqual(Buffer.from(PublicKey ?? []), expected.export({ type: 'spki', format: 'der' }));
        const { Signature } = await w.kms('Sign', { KeyId, SigningAlgorithm, Message: Plaintext });
        await w.kms('Verify', { KeyId, SigningAlgorithm, Message: Plaintext, Signature });
        if (KeySpec === 'ECC_NIST_EDWARDS25519')
          assert.deepEqual(Buffer.from(Signature ?? []), sign(null, Plaintext, key));
      },
    ],
  ),
  [
    '1.1',
    'ECC_NIST_P256 for KEY_AGREEMENT derives the secret that its peer derives',
    async (w) => {
      const secrets = [];
      const ids = [];
      for (let index = 0; index < 2; index += 1) {
        const { KeyId } = await w.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' });
        await importPrivateKey(w, KeyId, pkcs8(privateKey('ECC_NIST_P256')));
        ids.push(KeyId);
      }
      for (const [one = '', other] of [ids, ids.toReversed()]) {
        const { PublicKey } = await w.kms('GetPublicKey', { KeyId: other });
        const input = { KeyId: one, PublicKey, KeyAgreementAlgorithm: 'ECDH' };
        secrets.push(((await w.kms('DeriveSharedSecret', input)) as { SharedSecret?: Uint8Array }).SharedSecret);
      }
      assert.deepEqual(secrets[0], secrets[1]);
    },
  ],
];
