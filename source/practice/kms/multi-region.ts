import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { findPartition } from '../partition.ts';
import { unverifiedText } from '../unverified.ts';
import { materialLabel, unsealMaterial } from './data-keys.ts';
import { checkPolicy, defaultPolicy } from './key-policy.ts';
import {
  arnOf,
  currentMaterial,
  type KeyRecord,
  type Material,
  metadataOf,
  stateOf,
  withoutBytes,
} from './key-record.ts';
import { needPrimary, needState } from './key-states.ts';
import { changeFamily, findKey } from './key-store.ts';
import { flag, keyId, policy } from './members.ts';
import { operation } from './operation.ts';
import { addTags } from './tags.ts';

/** How many milliseconds the states Creating and Updating last. AWS took 2 to 3 seconds (recorded). */
const passingMilliseconds = 2500;

const regionName = { kind: 'text', min: 1, max: 32, pattern: '^([a-z]+-){2,3}\\d+$', required: true } as const;

/**
 * ReplicateKey. Makes a key with the same id in another Region. When the material was imported, the same bytes must be
 * imported into the replica too. Source: recorded answers, Sep 2026.
 */
export const replicateKey = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    ReplicaRegion: regionName,
    Policy: policy,
    BypassPolicyLockoutSafetyCheck: flag,
    Description: { kind: 'text', min: 0, max: 8192 },
    Tags: { kind: 'tags' },
  },
  (call, input) => {
    const conditions = { 'kms:ReplicaRegion': input.ReplicaRegion };
    // Checks the permission first. `changeFamily` loads the key for the change.
    findKey({ ...call, conditions }, input.KeyId, 'without aliases');
    if (findPartition(input.ReplicaRegion) !== call.partition) {
      throw new AwsError(
        'UnsupportedOperationException',
        unverifiedText('replica-region', { region: input.ReplicaRegion }),
      );
    }
    const tags = addTags(input.Tags ?? []);
    if (input.Policy !== undefined) checkPolicy(call, input.Policy, input.BypassPolicyLockoutSafetyCheck ?? false);
    let replica: KeyRecord | undefined;
    changeFamily({ ...call, conditions }, input.KeyId, (primary, family) => {
      needPrimary(primary, 'primary');
      needState('ReplicateKey', primary);
      const regions = [...family.map(({ region }) => region), input.ReplicaRegion];
      if (new Set(regions).size < regions.length) {
        throw new AwsError(
          'AlreadyExistsException',
          'You can create only one replica of each primary key in each AWS Region.',
        );
      }
      const multiRegion = { primary: primary.region, regions };
      replica = {
        ...replicaOf(call, primary, input.ReplicaRegion),
        description: input.Description ?? '',
        policy: input.Policy ?? defaultPolicy(input.ReplicaRegion),
        tags,
        multiRegion,
      };
      return [...family.map((member) => ({ ...member, multiRegion })), replica];
    });
    return (
      replica && {
        ReplicaKeyMetadata: metadataOf(replica),
        ReplicaPolicy: replica.policy,
        ...(tags.length > 0 ? { ReplicaTags: tags } : {}),
      }
    );
  },
);

const updatePrimaryRegionShape = { KeyId: keyId, PrimaryRegion: regionName } as const;

/**
 * UpdatePrimaryRegion. The primary key and a replica exchange their roles. Both are in state Updating for a while. A key that is
 * Updating already does not stay so for longer.
 */
export const updatePrimaryRegion = operation({ on: 'key' }, updatePrimaryRegionShape, (call, input) => {
  const conditions = { 'kms:PrimaryRegion': input.PrimaryRegion };
  changeFamily({ ...call, conditions }, input.KeyId, (primary, family) => {
    needPrimary(primary, 'primary');
    needState('UpdatePrimaryRegion', primary);
    const next = family.find(({ region }) => region === input.PrimaryRegion);
    const arn = arnOf({ region: input.PrimaryRegion, keyId: primary.keyId });
    if (!next) throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
    if (next.region === primary.region)
      throw new AwsError('ValidationException', unverifiedText('already-primary', { arn }));
    needState('UpdatePrimaryRegion', next);
    const passing = { state: 'Updating', until: call.now().getTime() + passingMilliseconds } as const;
    return family.map((key): KeyRecord => {
      const newPrimary = key.multiRegion && { multiRegion: { ...key.multiRegion, primary: next.region } };
      const changesRole = key.region === next.region || key.region === primary.region;
      return { ...key, ...newPrimary, ...(changesRole && stateOf(key) === 'Enabled' ? { passing } : {}) };
    });
  });
  return undefined;
});

/**
 * Makes the record of a replica: a copy of the primary, without its grants, its deletion date and its imported bytes. The replica
 * is in state Creating for a while.
 */
function replicaOf(call: Call, primary: KeyRecord, region: string): KeyRecord {
  const now = call.now().getTime();
  const { deletionDate: _, deletionWindow: _window, grants: _grants, lastImport: _import, ...shared } = primary;
  const replica = { region, keyId: primary.keyId };
  const copyMaterial = (material: Material): Material => {
    if (primary.origin === 'EXTERNAL') return withoutBytes(material);
    // The next material of a rotation is not in the list of the primary yet.
    const bytes = unsealMaterial(call, { ...primary, materials: [material] }, material.id);
    const sealed = call.hsm.seal(bytes, materialLabel(replica, material.id)).toString('base64');
    bytes.fill(0);
    return { ...material, sealed };
  };
  const { rotation } = primary;
  const model = currentMaterial(primary)?.expirationModel;
  return {
    ...shared,
    region,
    created: now,
    enabled: true,
    materials: primary.materials.map(copyMaterial),
    passing: { state: 'Creating', until: now + passingMilliseconds, ...(model ? { expirationModel: model } : {}) },
    ...(rotation
      ? { rotation: rotation.material ? { ...rotation, material: copyMaterial(rotation.material) } : rotation }
      : {}),
  };
}
