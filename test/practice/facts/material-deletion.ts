import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { day, type Fact, refused, there } from './fact.ts';
import { history } from './rotations.ts';

/** Section 2.6. */
export const materialDeletionFacts: readonly Fact[] = [
  [
    '2.6',
    'the answer names the material, the same when repeated; nothing for a key that never had any',
    async (w) => {
      const empty = await w.key();
      const nothing = await w.kms('DeleteImportedKeyMaterial', { KeyId: empty.KeyId });
      assert.deepEqual([nothing.KeyId, nothing.KeyMaterialId], [empty.Arn, undefined]);
      const { KeyId, Arn, KeyMaterialId } = await w.imported();
      for (let times = 0; times < 2; times += 1) {
        const answer = await w.kms('DeleteImportedKeyMaterial', { KeyId });
        assert.deepEqual([answer.KeyId, answer.KeyMaterialId], [Arn, KeyMaterialId]);
      }
    },
  ],
  [
    '2.6',
    'material that comes back without a description has the one of its last import, and its expiry is that of this one',
    async (w) => {
      const { KeyId, material } = await w.imported();
      const ValidTo = new Date(w.now + day);
      await w.import(KeyId, material, { KeyMaterialDescription: 'from the safe', ValidTo });
      await w.kms('DeleteImportedKeyMaterial', { KeyId });
      await w.import(KeyId, material);
      const [entry] = await history(w, KeyId);
      assert.deepEqual(
        [entry?.ImportState, entry?.KeyMaterialDescription, entry?.ValidTo],
        ['IMPORTED', 'from the safe', undefined],
      );
    },
  ],
  [
    '2.6',
    'HMAC: the answer names no material',
    async (w) => {
      const { KeyId } = await w.imported({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
      assert.equal((await w.kms('DeleteImportedKeyMaterial', { KeyId })).KeyMaterialId, undefined);
    },
  ],
  [
    '2.6',
    'an id that the key never had',
    async (w) => {
      const { KeyId, Arn } = await w.imported();
      const KeyMaterialId = 'd'.repeat(64);
      await refused(
        w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId }),
        'ValidationException',
        `Key material (id: ${KeyMaterialId}) has never been imported into KMS key ${Arn}.`,
      );
    },
  ],
  [
    '2.6',
    'material that is not current stops the whole key as well',
    async (w) => {
      const { KeyId, Arn, KeyMaterialId } = await w.imported();
      await w.import(KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(200_000);
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) });
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId });
      const text = `${Arn} is pending import.`;
      await refused(w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) }), 'KMSInvalidStateException', text);
      await refused(w.kms('Decrypt', { CiphertextBlob }), 'KMSInvalidStateException', text);
    },
  ],
  [
    '2.6',
    'material that waits disappears, the state stays, and it can be imported as new again',
    async (w) => {
      const { KeyId } = await w.imported();
      const next = randomBytes(32);
      const more = { ImportType: 'NEW_KEY_MATERIAL' };
      const { KeyMaterialId } = await w.import(KeyId, next, more);
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId });
      assert.equal((await w.describe(KeyId)).KeyState, 'Enabled');
      const { Rotations } = await w.kms('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      assert.equal(Rotations?.length, 1);
      assert.equal((await w.import(KeyId, next, more)).KeyMaterialId, KeyMaterialId);
    },
  ],
  [
    '2.6',
    "on a primary, waiting material goes with the replicas' copies; on a replica, only there",
    async (w) => {
      const { KeyId, material } = await w.family();
      await w.import(KeyId, material, {}, there);
      const next = randomBytes(32);
      const { KeyMaterialId } = await w.import(KeyId, next, { ImportType: 'NEW_KEY_MATERIAL' });
      await w.import(KeyId, next, {}, there);
      const history = async (where = {}) =>
        (await w.kms('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }, where)).Rotations?.map(
          ({ KeyMaterialId: id, ImportState }) => [id === KeyMaterialId, ImportState],
        );
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId }, there);
      assert.deepEqual((await history(there))?.[1], [true, 'PENDING_IMPORT']);
      assert.deepEqual((await history())?.[1], [true, 'IMPORTED']);
      await w.import(KeyId, next, {}, there);
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId });
      assert.deepEqual([(await history())?.length, (await history(there))?.length], [1, 1]);
    },
  ],
  [
    '2.6',
    'in PendingDeletion the state stays',
    async (w) => {
      const { KeyId } = await w.imported();
      await w.kms('ScheduleKeyDeletion', { KeyId });
      await w.kms('DeleteImportedKeyMaterial', { KeyId });
      assert.equal((await w.describe(KeyId)).KeyState, 'PendingDeletion');
    },
  ],
];
