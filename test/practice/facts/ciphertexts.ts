import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Fact, there } from './fact.ts';

const Plaintext = Buffer.from('twelve bytes');

/** Section 1.6. */
export const ciphertextFacts: readonly Fact[] = [
  ...(
    [
      ['Encrypt', '0102020078', { Plaintext }, Plaintext.length],
      ['GenerateDataKey', '0102030078', { KeySpec: 'AES_256' }, 32],
    ] as const
  ).map(
    ([name, header, input, size]): Fact => [
      '1.6',
      `the ciphertext of ${name}: header, material id, DER of the captured form, content 11 bytes longer`,
      async (w) => {
        const { KeyId, KeyMaterialId } = await w.imported();
        const answer = await w.kms(name, { KeyId, ...input });
        const blob = Buffer.from(answer.CiphertextBlob ?? []);
        assert.equal(blob.toString('hex', 0, 5), header);
        assert.equal(blob.toString('hex', 5, 37), KeyMaterialId);
        assert.equal(blob[37], 1);
        const der = blob.subarray(58);
        assert.equal(blob.readUInt32BE(54), der.length);
        const form =
          /^30..06092a864886f70d010706a0..30..0201003[0]..06092a864886f70d010701301e060960864801650304012e3011040c.{24}02011080(..)(.*)$/;
        const [, length = '', content = ''] = form.exec(der.toString('hex')) ?? [];
        assert.equal(content.length / 2, Number.parseInt(length, 16));
        assert.equal(content.length / 2, size + 11 + 16);
      },
    ],
  ),
  [
    '1.6',
    'a blob of one Region decrypts in every related one',
    async (w) => {
      const { KeyId, material, ReplicaArn } = await w.family();
      await w.import(KeyId, material, {}, there);
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext });
      const opened = await w.kms('Decrypt', { CiphertextBlob }, there);
      assert.deepEqual([opened.KeyId, Buffer.from(opened.Plaintext ?? [])], [ReplicaArn, Plaintext]);
    },
  ],
  [
    '1.6',
    'Encrypt names no material; Decrypt and GenerateDataKey do, with the ARN of the key',
    async (w) => {
      const { KeyId, Arn, KeyMaterialId } = await w.imported();
      const encrypted = await w.kms('Encrypt', { KeyId, Plaintext });
      assert.deepEqual([encrypted.KeyMaterialId, encrypted.KeyId], [undefined, Arn]);
      const opened = await w.kms('Decrypt', { CiphertextBlob: encrypted.CiphertextBlob });
      assert.deepEqual(
        [opened.KeyMaterialId, opened.KeyId, opened.EncryptionAlgorithm],
        [KeyMaterialId, Arn, 'SYMMETRIC_DEFAULT'],
      );
      for (const name of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']) {
        const made = await w.kms(name, { KeyId, KeySpec: 'AES_256' });
        assert.deepEqual([made.KeyMaterialId, made.KeyId], [KeyMaterialId, Arn]);
        assert.equal(made.Plaintext !== undefined, name === 'GenerateDataKey');
      }
    },
  ],
  [
    '1.6',
    'ReEncrypt names both materials',
    async (w) => {
      const [one, other] = [await w.imported(), await w.imported()];
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId: one.KeyId, Plaintext });
      const moved = await w.kms('ReEncrypt', { CiphertextBlob, DestinationKeyId: other.KeyId });
      assert.deepEqual(
        [moved.SourceKeyMaterialId, moved.DestinationKeyMaterialId],
        [one.KeyMaterialId, other.KeyMaterialId],
      );
    },
  ],
  [
    '1.6',
    'a blob made before a rotation names the older material and still opens',
    async (w) => {
      const { KeyId, KeyMaterialId } = await w.imported();
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext });
      await w.import(KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(200_000);
      assert.notEqual((await w.describe(KeyId)).CurrentKeyMaterialId, KeyMaterialId);
      assert.equal((await w.kms('Decrypt', { CiphertextBlob })).KeyMaterialId, KeyMaterialId);
    },
  ],
];
