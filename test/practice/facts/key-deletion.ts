import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { day, type Fact, refused, there } from './fact.ts';

/** Section 1.4, apart from its table, which is in state-table.test.ts. */
export const deletionFacts: readonly Fact[] = [
  ...(['EnableKeyRotation', 'DisableKeyRotation'] as const).map(
    (name): Fact => [
      '1.4',
      `${name} is not for EXTERNAL keys`,
      async (w) => {
        const { KeyId, Arn } = await w.key();
        const text = `${Arn} origin is EXTERNAL which is not valid for this operation.`;
        await refused(w.kms(name, { KeyId }), 'UnsupportedOperationException', text);
      },
    ],
  ),
  ...(['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial'] as const).map(
    (name): Fact => [
      '1.4',
      `${name} is not for keys of AWS's own material, enabled or disabled`,
      async (w) => {
        const { KeyId, Arn } = await w.key({ Origin: 'AWS_KMS' });
        const inputs = {
          GetParametersForImport: { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' },
          ImportKeyMaterial: { ImportToken: Buffer.of(1), EncryptedKeyMaterial: Buffer.of(1) },
          DeleteImportedKeyMaterial: {},
        };
        const text = `${Arn} origin is AWS_KMS which is not valid for this operation.`;
        for (const change of ['EnableKey', 'DisableKey']) {
          await w.kms(change, { KeyId });
          await refused(w.kms(name, { KeyId, ...inputs[name] }), 'UnsupportedOperationException', text);
        }
      },
    ],
  ),
  [
    '1.4',
    'GetKeyRotationStatus of an EXTERNAL key says that rotation is off',
    async (w) => {
      const { KeyId } = await w.key();
      assert.equal((await w.kms('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled, false);
    },
  ],
  [
    '1.4',
    'ScheduleKeyDeletion answers ARN, date, state and window',
    async (w) => {
      const { KeyId, Arn } = await w.key();
      const { $metadata: _, ...answer } = (await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })) as {
        $metadata: unknown;
      };
      const DeletionDate = new Date(w.now + 7 * day);
      assert.deepEqual(answer, { KeyId: Arn, DeletionDate, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
    },
  ],
  [
    '1.4',
    'a primary with replicas waits for them: no date, PendingDeletionWindowInDays, and then its own window',
    async (w) => {
      const { KeyId } = await w.family();
      const answer = await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 8 });
      assert.deepEqual(
        [answer.KeyState, answer.DeletionDate, answer.PendingWindowInDays],
        ['PendingReplicaDeletion', undefined, 8],
      );
      assert.equal((await w.describe(KeyId)).PendingDeletionWindowInDays, 8);
      await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }, there);
      const replicaGone = w.now + 7 * day;
      w.pass(7 * day + 1);
      const primary = await w.describe(KeyId);
      assert.deepEqual([primary.KeyState, primary.DeletionDate?.getTime()], ['PendingDeletion', replicaGone + 8 * day]);
      assert.deepEqual(primary.MultiRegionConfiguration?.ReplicaKeys, []);
    },
  ],
  [
    '1.4',
    'a primary waits for the last of its replicas',
    async (w) => {
      const { KeyId } = await w.family();
      await w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-2' });
      await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
      await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }, there);
      w.pass(7 * day);
      const { KeyState, MultiRegionConfiguration } = await w.describe(KeyId);
      const Regions = MultiRegionConfiguration?.ReplicaKeys?.map(({ Region }) => Region);
      assert.deepEqual([KeyState, Regions], ['PendingReplicaDeletion', ['eu-west-2']]);
    },
  ],
  [
    '1.4',
    'the aliases of a deleted key are gone with it, and those of other Regions are not',
    async (w) => {
      const AliasName = `alias/${(await w.key()).KeyId}`;
      const [doomed, far] = [await w.key(), await w.key({}, there)];
      await w.kms('CreateAlias', { AliasName, TargetKeyId: doomed.KeyId });
      await w.kms('CreateAlias', { AliasName, TargetKeyId: far.KeyId }, there);
      await w.kms('ScheduleKeyDeletion', { KeyId: doomed.KeyId, PendingWindowInDays: 7 });
      w.pass(7 * day);
      await refused(w.kms('DescribeKey', { KeyId: AliasName }), 'NotFoundException');
      await w.kms('CreateAlias', { AliasName, TargetKeyId: (await w.key()).KeyId });
      assert.equal((await w.describe(AliasName, there)).KeyId, far.KeyId);
      await w.kms('UpdateAlias', { AliasName, TargetKeyId: (await w.key()).KeyId });
      await w.kms('DeleteAlias', { AliasName });
      assert.equal((await w.describe(AliasName, there)).KeyId, far.KeyId);
    },
  ],
  [
    '1.4',
    'CancelKeyDeletion answers the ARN',
    async (w) => {
      const { KeyId, Arn } = await w.key();
      await w.kms('ScheduleKeyDeletion', { KeyId });
      assert.equal((await w.kms('CancelKeyDeletion', { KeyId })).KeyId, Arn);
    },
  ],
  [
    '1.4',
    'what a deleted symmetric key encrypted is lost, though the material was kept (words unverified)',
    async (w) => {
      const { KeyId, material } = await w.imported();
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) });
      await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
      w.pass(7 * day + 1);
      const other = await w.key();
      await w.import(other.KeyId, material);
      await refused(
        w.kms('Decrypt', { CiphertextBlob }),
        'AccessDeniedException',
        'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
      );
      await refused(w.kms('DescribeKey', { KeyId }), 'NotFoundException');
    },
  ],
  [
    '1.4',
    'an HMAC key can be rebuilt from its material',
    async (w) => {
      const material = randomBytes(32);
      const macs = await Promise.all(
        [1, 2].map(async () => {
          const { KeyId } = await w.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
          await w.import(KeyId, material);
          return (await w.kms('GenerateMac', { KeyId, Message: Buffer.of(1), MacAlgorithm: 'HMAC_SHA_256' })).Mac;
        }),
      );
      assert.deepEqual(macs[0], macs[1]);
    },
  ],
];
