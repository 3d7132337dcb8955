import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { day, type Fact, noMessage, refused, there } from './fact.ts';
import { asNew, history, longest, state } from './rotations.ts';

/** Section 2.8, and what 2.5 and 2.7 say about replicas. */
export const multiRegionFacts: readonly Fact[] = [
  [
    '0.8',
    'a primary that is pending import cannot be replicated',
    async (w) => {
      const { KeyId, Arn } = await w.key({ MultiRegion: true });
      const replicate = w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-1' });
      await refused(replicate, state, `${Arn} is pending import.`);
    },
  ],
  [
    '2.8',
    "ReplicateKey answers a replica that is Creating, with the primary's expiration model and no material, and its policy",
    async (w) => {
      const { KeyId, Arn } = await w.imported({ MultiRegion: true });
      const Tags = [{ TagKey: 'team', TagValue: 'red' }];
      const answer = await w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-1', Tags });
      const found = answer.ReplicaKeyMetadata;
      const ReplicaArn = Arn.replace('us-east-1', 'eu-west-1');
      assert.deepEqual([found?.KeyState, found?.Arn, found?.Enabled], ['Creating', ReplicaArn, false]);
      assert.deepEqual(
        [found?.ExpirationModel, found?.CurrentKeyMaterialId],
        ['KEY_MATERIAL_DOES_NOT_EXPIRE', undefined],
      );
      assert.deepEqual(found?.MultiRegionConfiguration, {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: { Arn, Region: 'us-east-1' },
        ReplicaKeys: [{ Arn: ReplicaArn, Region: 'eu-west-1' }],
      });
      assert.match(answer.ReplicaPolicy ?? '', /"Id" : "key-default-1"/);
      assert.deepEqual(answer.ReplicaTags, Tags);
    },
  ],
  [
    '2.8',
    'the replica leaves Creating after 2 to 3 seconds: pending import, its material id known',
    async (w) => {
      const { KeyId, KeyMaterialId } = await w.imported({ MultiRegion: true });
      await w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-1' });
      w.pass(1900);
      assert.equal((await w.describe(KeyId, there)).KeyState, 'Creating');
      w.pass(1200);
      const { KeyState, Enabled, CurrentKeyMaterialId } = await w.describe(KeyId, there);
      assert.deepEqual([KeyState, Enabled, CurrentKeyMaterialId], ['PendingImport', false, KeyMaterialId]);
    },
  ],
  [
    '2.8',
    "the replica's history shows PENDING_IMPORT and the primary's description",
    async (w) => {
      const primary = await w.imported({ MultiRegion: true });
      await w.import(primary.KeyId, primary.material, { KeyMaterialDescription: 'from the safe' });
      await w.kms('ReplicateKey', { KeyId: primary.KeyId, ReplicaRegion: 'eu-west-1' });
      w.pass(5000);
      const [entry] = await history(w, primary.KeyId, there);
      assert.deepEqual([entry?.ImportState, entry?.KeyMaterialDescription], ['PENDING_IMPORT', 'from the safe']);
    },
  ],
  [
    '2.8',
    'the same bytes are imported into the replica, have the same id there, and other bytes are refused with it',
    async (w) => {
      const { KeyId, material, KeyMaterialId } = await w.family();
      await refused(
        w.import(KeyId, randomBytes(32), {}, there),
        'IncorrectKeyMaterialException',
        `Imported key material does not have the expected identifier (${KeyMaterialId}).`,
      );
      assert.equal((await w.import(KeyId, material, {}, there)).KeyMaterialId, KeyMaterialId);
      assert.equal((await w.describe(KeyId, there)).KeyState, 'Enabled');
    },
  ],
  [
    '2.5',
    'a replica takes no description',
    async (w) => {
      const { KeyId, material } = await w.family();
      const text = 'Key material description can only be specified on primary Multi-Region keys';
      const more = { KeyMaterialDescription: 'mine' };
      await refused(w.import(KeyId, material, more, there), 'ValidationException', text);
    },
  ],
  [
    '2.5',
    'a replica takes no new material, and says so before it looks at the token',
    async (w) => {
      const { KeyId } = await w.family();
      await refused(
        w.kms(
          'ImportKeyMaterial',
          { KeyId, ImportToken: Buffer.of(1), EncryptedKeyMaterial: Buffer.of(1), ...asNew },
          there,
        ),
        'ValidationException',
        'Input parameter ImportType NEW_KEY_MATERIAL cannot be used on replica Multi-Region keys',
      );
    },
  ],
  [
    '2.8',
    'not shared: policy, tags, description, alias, state, expiry, import',
    async (w) => {
      const { KeyId } = await w.key({ MultiRegion: true, Description: 'here', Tags: [{ TagKey: 'a', TagValue: '' }] });
      const material = randomBytes(32);
      await w.import(KeyId, material, { ValidTo: new Date(w.now + day) });
      const AliasName = `alias/${KeyId}`;
      await w.kms('CreateAlias', { AliasName, TargetKeyId: KeyId });
      await w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-1' });
      w.pass(5000);
      await w.import(KeyId, material, {}, there);
      await w.kms('DisableKey', { KeyId }, there);
      const replica = await w.describe(KeyId, there);
      assert.deepEqual([replica.Description, replica.KeyState, replica.ValidTo], ['', 'Disabled', undefined]);
      assert.equal((await w.describe(KeyId)).KeyState, 'Enabled');
      assert.deepEqual((await w.kms('ListResourceTags', { KeyId }, there)).Tags, []);
      await refused(w.kms('DescribeKey', { KeyId: AliasName }, there), 'NotFoundException');
      await w.kms('DeleteImportedKeyMaterial', { KeyId });
      await w.kms('EnableKey', { KeyId }, there);
      await w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) }, there);
    },
  ],
  [
    '2.7',
    'a primary with replicas: the material waits until every replica has it, and cannot be rotated in before',
    async (w) => {
      const { KeyId, material } = await w.family();
      await w.import(KeyId, material, {}, there);
      const next = randomBytes(32);
      const { KeyMaterialId } = await w.import(KeyId, next, asNew);
      assert.equal((await history(w, KeyId))[1]?.KeyMaterialState, 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION');
      await refused(
        w.kms('RotateKeyOnDemand', { KeyId }),
        state,
        'Cannot perform key material rotation: Key material has not been imported for replicas of the Multi-Region key.',
      );
      await w.import(KeyId, next, {}, there);
      assert.equal((await history(w, KeyId))[1]?.KeyMaterialState, 'PENDING_ROTATION');
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(longest);
      for (const where of [{}, there]) {
        const found = await w.describe(KeyId, where);
        assert.deepEqual([found.CurrentKeyMaterialId, found.KeyState], [KeyMaterialId, 'Enabled']);
      }
    },
  ],
  [
    '2.7',
    'a replica that lacks the copy when the rotation ends is pending import',
    async (w) => {
      const { KeyId, material } = await w.family();
      await w.import(KeyId, material, {}, there);
      const next = randomBytes(32);
      const { KeyMaterialId } = await w.import(KeyId, next, asNew);
      await w.import(KeyId, next, {}, there);
      await w.kms('RotateKeyOnDemand', { KeyId });
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId }, there);
      w.pass(longest);
      assert.equal((await w.describe(KeyId)).KeyState, 'Enabled');
      assert.equal((await w.describe(KeyId, there)).KeyState, 'PendingImport');
    },
  ],
  [
    '2.8',
    'UpdatePrimaryRegion moves the primary, and the right to describe material with it',
    async (w) => {
      const { KeyId, material, ReplicaArn } = await w.family();
      await w.import(KeyId, material, {}, there);
      await w.kms('UpdatePrimaryRegion', { KeyId, PrimaryRegion: 'eu-west-1' });
      const { KeyState, Enabled } = await w.describe(KeyId);
      assert.deepEqual([KeyState, Enabled], ['Updating', true]);
      w.pass(5000);
      const { MultiRegionConfiguration } = await w.describe(KeyId);
      assert.deepEqual(
        [MultiRegionConfiguration?.MultiRegionKeyType, MultiRegionConfiguration?.PrimaryKey?.Arn],
        ['REPLICA', ReplicaArn],
      );
      await w.import(KeyId, material, { KeyMaterialDescription: 'moved' }, there);
      await refused(w.import(KeyId, material, { KeyMaterialDescription: 'no' }), 'ValidationException');
    },
  ],
  [
    '2.8',
    'a single-Region key cannot be replicated',
    async (w) => {
      const { KeyId } = await w.imported();
      const replicate = w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-1' });
      await refused(replicate, 'UnsupportedOperationException');
    },
  ],
  [
    '0.5',
    'no message for a token and a ciphertext that are wrong',
    async (w) => {
      const { KeyId } = await w.key();
      const input = { KeyId, ImportToken: Buffer.of(1), EncryptedKeyMaterial: Buffer.alloc(256) };
      const more = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };
      await refused(w.kms('ImportKeyMaterial', { ...input, ...more }), 'InvalidImportTokenException', noMessage);
    },
  ],
];
