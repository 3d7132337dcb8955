import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { day, type Fact, hasExactly, refused, type World } from './fact.ts';

export const longest = 200_000;

export const asNew = { ImportType: 'NEW_KEY_MATERIAL' };

export const state = 'KMSInvalidStateException';

export const history = async (w: World, KeyId: string, where = {}) =>
  (await w.kms('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }, where)).Rotations ?? [];

/** A key whose next material waits. */
async function waiting(w: World, more: object = {}) {
  const key = await w.imported();
  const next = randomBytes(32);
  const { KeyMaterialId: nextId = '' } = await w.import(key.KeyId, next, { ...asNew, ...more });
  return { ...key, next, nextId };
}

/** A key that was rotated once. */
async function rotated(w: World, more: object = {}) {
  const key = await waiting(w, more);
  await w.kms('RotateKeyOnDemand', { KeyId: key.KeyId });
  w.pass(longest);
  return key;
}

/** Section 2.7 for keys of one Region, and 0.7 and 0.9. */
export const rotationFacts: readonly Fact[] = [
  [
    '2.7',
    'new material waits: PENDING_ROTATION, neither date nor type',
    async (w) => {
      const { KeyId, Arn, KeyMaterialId, nextId } = await waiting(w);
      const [first, second] = await history(w, KeyId);
      assert.deepEqual(first, {
        KeyId: Arn,
        KeyMaterialId,
        ImportState: 'IMPORTED',
        KeyMaterialState: 'CURRENT',
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      });
      assert.deepEqual([second?.KeyMaterialId, second?.KeyMaterialState], [nextId, 'PENDING_ROTATION']);
      hasExactly(second, 'KeyId KeyMaterialId ImportState KeyMaterialState ExpirationModel');
    },
  ],
  [
    '0.7',
    'RotateKeyOnDemand answers the ARN',
    async (w) => {
      const { KeyId, Arn } = await waiting(w);
      assert.equal((await w.kms('RotateKeyOnDemand', { KeyId })).KeyId, Arn);
    },
  ],
  [
    '2.7',
    'a rotation takes 48 s to 2.6 min, and shows as OnDemandRotationStartDate meanwhile',
    async (w) => {
      const { KeyId, KeyMaterialId, nextId } = await waiting(w);
      const began = w.now;
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(47_000);
      const status = await w.kms('GetKeyRotationStatus', { KeyId });
      assert.deepEqual([status.KeyRotationEnabled, status.OnDemandRotationStartDate?.getTime()], [false, began]);
      assert.equal((await w.describe(KeyId)).CurrentKeyMaterialId, KeyMaterialId);
      w.pass(156_000 - 47_000);
      assert.equal((await w.kms('GetKeyRotationStatus', { KeyId })).OnDemandRotationStartDate, undefined);
      assert.equal((await w.describe(KeyId)).CurrentKeyMaterialId, nextId);
    },
  ],
  [
    '2.7',
    'afterwards: the old material NON_CURRENT, the new CURRENT with date and type',
    async (w) => {
      const { KeyId } = await rotated(w, { KeyMaterialDescription: 'second' });
      const [first, second] = await history(w, KeyId);
      assert.deepEqual(
        [first?.KeyMaterialState, first?.RotationDate, first?.RotationType],
        ['NON_CURRENT', undefined, undefined],
      );
      assert.deepEqual(
        [second?.KeyMaterialState, second?.RotationType, second?.KeyMaterialDescription],
        ['CURRENT', 'ON_DEMAND', 'second'],
      );
      assert.ok(second?.RotationDate);
    },
  ],
  [
    '2.7',
    'nothing waits',
    async (w) => {
      const { KeyId, Arn } = await w.imported();
      const text = `No available key material pending rotation for the key: ${Arn}.`;
      await refused(w.kms('RotateKeyOnDemand', { KeyId }), state, text);
    },
  ],
  [
    '2.7',
    'never imported',
    async (w) => {
      const { KeyId, Arn } = await w.key();
      await refused(w.kms('RotateKeyOnDemand', { KeyId }), state, `${Arn} is pending import.`);
    },
  ],
  [
    '2.7',
    'disabled',
    async (w) => {
      const { KeyId, Arn } = await waiting(w);
      await w.kms('DisableKey', { KeyId });
      await refused(w.kms('RotateKeyOnDemand', { KeyId }), 'DisabledException', `${Arn} is disabled.`);
    },
  ],
  [
    '0.9',
    'a key rotates 25 times on demand, and no more; multi-Region keys too',
    async (w) => {
      const { KeyId, Arn } = await w.imported({ MultiRegion: true });
      for (let times = 0; times < 25; times += 1) {
        await w.import(KeyId, randomBytes(32), asNew);
        await w.kms('RotateKeyOnDemand', { KeyId });
        w.pass(longest);
      }
      await w.import(KeyId, randomBytes(32), asNew);
      await refused(
        w.kms('RotateKeyOnDemand', { KeyId }),
        'LimitExceededException',
        `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${Arn}`,
      );
    },
  ],
  [
    '2.7',
    'asking again meanwhile succeeds',
    async (w) => {
      const { KeyId, nextId } = await waiting(w);
      await w.kms('RotateKeyOnDemand', { KeyId });
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(longest);
      assert.equal((await w.describe(KeyId)).CurrentKeyMaterialId, nextId);
      assert.equal((await history(w, KeyId)).length, 2);
    },
  ],
  [
    '2.7',
    'deleting the waiting material does not cancel: the next import comes in under the old request',
    async (w) => {
      const { KeyId, nextId } = await waiting(w);
      await w.kms('RotateKeyOnDemand', { KeyId });
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId: nextId });
      w.pass(longest);
      const { KeyMaterialId } = await w.import(KeyId, randomBytes(32), asNew);
      assert.equal((await w.describe(KeyId)).CurrentKeyMaterialId, KeyMaterialId);
    },
  ],
  [
    '2.7',
    'waiting material whose time has passed stays, can be rotated in, and the key then lacks it until its re-import',
    async (w) => {
      const { KeyId, next, nextId } = await waiting(w, { ValidTo: new Date(w.now + 10_000) });
      assert.equal((await w.describe(KeyId)).ValidTo, undefined);
      w.pass(11_000);
      assert.equal((await history(w, KeyId))[1]?.ImportState, 'IMPORTED');
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(longest);
      const after = await w.describe(KeyId);
      assert.deepEqual([after.KeyState, after.CurrentKeyMaterialId], ['PendingImport', nextId]);
      await w.import(KeyId, next);
      assert.equal((await w.describe(KeyId)).KeyState, 'Enabled');
    },
  ],
  [
    '2.7',
    'ListKeyRotations gives rotations only unless it is asked for all material: none before the first',
    async (w) => {
      const { KeyId } = await waiting(w);
      assert.deepEqual((await w.kms('ListKeyRotations', { KeyId })).Rotations, []);
      const after = await rotated(w);
      const only = await w.kms('ListKeyRotations', { KeyId: after.KeyId, IncludeKeyMaterial: 'ROTATIONS_ONLY' });
      assert.deepEqual(
        only.Rotations?.map(({ KeyMaterialId }) => KeyMaterialId),
        [after.nextId],
      );
    },
  ],
  [
    '2.7',
    'material that was deleted is PENDING_IMPORT, without expiry',
    async (w) => {
      const { KeyId, material } = await w.imported();
      await w.import(KeyId, material, { ValidTo: new Date(w.now + day) });
      assert.ok((await history(w, KeyId))[0]?.ValidTo);
      await w.kms('DeleteImportedKeyMaterial', { KeyId });
      const [entry] = await history(w, KeyId);
      hasExactly(entry, 'KeyId KeyMaterialId ImportState KeyMaterialState');
      assert.equal(entry?.ImportState, 'PENDING_IMPORT');
    },
  ],
  [
    '2.7',
    "a key of AWS's own material has neither ImportState nor ExpirationModel",
    async (w) => {
      const { KeyId } = await w.key({ Origin: 'AWS_KMS' });
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(longest);
      for (const entry of await history(w, KeyId))
        assert.deepEqual([entry.ImportState, entry.ExpirationModel], [undefined, undefined]);
    },
  ],
  [
    '2.7',
    'a key that was never imported has an empty history',
    async (w) => {
      const { KeyId } = await w.key();
      const { $metadata: _, ...answer } = (await w.kms('ListKeyRotations', { KeyId })) as { $metadata: unknown };
      assert.deepEqual(answer, { Rotations: [], Truncated: false });
    },
  ],
  [
    '2.7',
    'HMAC and asymmetric keys have no history, and cannot be asked for their material',
    async (w) => {
      const { KeyId } = await w.imported({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
      assert.deepEqual((await w.kms('ListKeyRotations', { KeyId })).Rotations, []);
      await refused(
        w.kms('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
        'ValidationException',
        'Input parameter includeKeyMaterial can only be used with symmetric keys.',
      );
    },
  ],
  [
    '2.7',
    'ValidTo is the earliest of all material that the key needs',
    async (w) => {
      const { KeyId, material } = await rotated(w);
      const ValidTo = new Date(Math.ceil(w.now / 1000) * 1000 + day);
      await w.import(KeyId, material, { ValidTo });
      assert.equal((await w.describe(KeyId)).ValidTo?.getTime(), ValidTo.getTime());
      w.pass(day + 2000);
      assert.equal((await w.describe(KeyId)).KeyState, 'PendingImport');
    },
  ],
  [
    '2.7',
    'GetKeyLastUsage names the last operation, and nothing before the first',
    async (w) => {
      const { KeyId } = await w.imported();
      assert.equal((await w.kms('GetKeyLastUsage', { KeyId })).KeyLastUsage?.Operation, undefined);
      await w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) });
      const { KeyLastUsage, TrackingStartDate, KeyCreationDate } = await w.kms('GetKeyLastUsage', { KeyId });
      assert.equal(KeyLastUsage?.Operation, 'Encrypt');
      hasExactly(KeyLastUsage, 'Operation Timestamp CloudTrailEventId KmsRequestId');
      assert.ok(TrackingStartDate && KeyCreationDate);
    },
  ],
];
