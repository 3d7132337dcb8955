import assert from 'node:assert/strict';
import { createPublicKey, randomBytes } from 'node:crypto';
import { parametersFor, wrap } from '../practising.ts';
import { day, type Fact, noMessage, refused, there } from './fact.ts';
import { aesKeyWrapped, pkcs8, privateKey } from './private-keys.ts';
import { sendMaterial } from './send-material.ts';

/** Section 2.1: tokens, and 0.2. */
export const tokenFacts: readonly Fact[] = [
  ...(['RSA_2048', 'RSA_3072', 'RSA_4096'] as const).map(
    (WrappingKeySpec): Fact => [
      '2.1',
      `${WrappingKeySpec}: the answer is the ARN, a token of at most 6144 bytes, a SubjectPublicKeyInfo, now and 24 hours, and no more`,
      async (w) => {
        const { KeyId, Arn } = await w.key();
        const input = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec };
        const { $metadata: _, ...answer } = (await w.kms('GetParametersForImport', input)) as Record<string, unknown>;
        assert.deepEqual(Object.keys(answer).sort(), ['ImportToken', 'KeyId', 'ParametersValidTo', 'PublicKey']);
        assert.equal(answer.KeyId, Arn);
        assert.ok((answer.ImportToken as Uint8Array).length <= 6144);
        assert.equal((answer.ParametersValidTo as Date).getTime(), w.now + day);
        const key = createPublicKey({ key: Buffer.from(answer.PublicKey as Uint8Array), format: 'der', type: 'spki' });
        assert.equal(key.asymmetricKeyDetails?.modulusLength, Number(WrappingKeySpec.slice(4)));
      },
    ],
  ),
  [
    '0.2',
    'a token is good more than once, an older one beside a newer, and for new material as well',
    async (w) => {
      const { KeyId } = await w.key();
      const kms = w.practice.kms();
      const older = await parametersFor(kms, KeyId);
      const newer = await parametersFor(kms, KeyId);
      const material = randomBytes(32);
      for (const { token, publicKey } of [newer, older, older])
        await sendMaterial(w, KeyId, token, wrap(material, publicKey, 'sha256'));
      const other = wrap(randomBytes(32), older.publicKey, 'sha256');
      await sendMaterial(w, KeyId, older.token, other, { ImportType: 'NEW_KEY_MATERIAL' });
    },
  ],
  [
    '2.1',
    "another key's token, another Region's and garbage: no message",
    async (w) => {
      const { KeyId, material } = await w.family();
      const kms = w.practice.kms();
      const other = await parametersFor(kms, (await w.key()).KeyId);
      const { token, publicKey } = await parametersFor(kms, KeyId);
      const wrapped = wrap(material, publicKey, 'sha256');
      const code = 'InvalidImportTokenException';
      await refused(sendMaterial(w, KeyId, other.token, wrapped), code, noMessage);
      await refused(sendMaterial(w, KeyId, randomBytes(200), wrapped), code, noMessage);
      await refused(sendMaterial(w, KeyId, token, wrapped, {}, there), code, noMessage);
      await sendMaterial(w, KeyId, token, wrapped);
    },
  ],
  [
    '2.1',
    'a token past its 24 hours (text unverified)',
    async (w) => {
      const { KeyId } = await w.key();
      const { token, publicKey } = await parametersFor(w.practice.kms(), KeyId);
      const wrapped = wrap(randomBytes(32), publicKey, 'sha256');
      w.pass(day - 1000);
      await sendMaterial(w, KeyId, token, wrapped);
      w.pass(1000);
      await refused(sendMaterial(w, KeyId, token, wrapped), 'ExpiredImportTokenException', noMessage);
    },
  ],
];

/** Sections 2.2 and 2.3. */
export const wrappingFormatFacts: readonly Fact[] = [
  ...(
    [
      ['RSAES_OAEP_SHA_1', 'sha1', 'sha256'],
      ['RSAES_OAEP_SHA_256', 'sha256', 'sha1'],
    ] as const
  ).map(
    ([algorithm, hash, other]): Fact => [
      '2.2',
      `${algorithm} uses ${hash} for OAEP and MGF1, and nothing else`,
      async (w) => {
        const { KeyId } = await w.key();
        const { token, publicKey } = await parametersFor(w.practice.kms(), KeyId, algorithm);
        const material = randomBytes(32);
        await refused(
          sendMaterial(w, KeyId, token, wrap(material, publicKey, other)),
          'InvalidCiphertextException',
          noMessage,
        );
        await sendMaterial(w, KeyId, token, wrap(material, publicKey, hash));
      },
    ],
  ),
  ...(
    [
      ['RSA_AES_KEY_WRAP_SHA_1', 'sha1', 'RSA_2048'],
      ['RSA_AES_KEY_WRAP_SHA_256', 'sha256', 'RSA_4096'],
    ] as const
  ).map(
    ([algorithm, hash, spec]): Fact => [
      '2.3',
      `${algorithm}: the RSA part first, the wrapped material behind it, an RSA_4096 key within 6144 bytes`,
      async (w) => {
        const { KeyId } = await w.key({ KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' });
        const { token, publicKey } = await parametersFor(w.practice.kms(), KeyId, algorithm, spec);
        const wrapped = aesKeyWrapped(pkcs8(privateKey('RSA_4096')), publicKey, hash);
        const size = Number(spec.slice(4)) / 8;
        const swapped = Buffer.concat([wrapped.subarray(size), wrapped.subarray(0, size)]);
        await refused(sendMaterial(w, KeyId, token, swapped), 'InvalidCiphertextException', noMessage);
        await sendMaterial(w, KeyId, token, wrapped);
      },
    ],
  ),
];
