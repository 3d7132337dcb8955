import { accountId } from '../account.ts';
import { partitionOf } from '../partition.ts';
import { algorithmsField, factsOf, type KeySpec, type KeyUsage } from './key-specs.ts';
import type { Tag } from './shape.ts';

/** A material that a key has or had. */
export type Material = {
  readonly id: string;
  /** The bytes, encrypted by the HSM, in base64. Absent when they were deleted or have expired. */
  readonly sealed?: string;
  readonly description?: string;
  readonly expirationModel?: 'KEY_MATERIAL_EXPIRES' | 'KEY_MATERIAL_DOES_NOT_EXPIRE';
  /** Milliseconds since 1970, in whole seconds. */
  readonly validTo?: number;
  /** True when the material waits for a rotation. The key works without it. */
  readonly pending?: true;
  /** When a rotation made this material the current one: milliseconds since 1970. Absent for the first material of a key. */
  readonly rotatedIn?: number;
};

/** A rotation that has started and not ended. `ends` is when it will end. Times are in milliseconds since 1970. */
export type Rotation = {
  readonly started: number;
  readonly ends: number;
  /** The next material, when AWS makes it. */
  readonly material?: Material;
};

/** A permission that a principal has for one key. `operations` are names such as `Decrypt`. */
export type Grant = {
  readonly grantId: string;
  readonly created: number;
  readonly name?: string;
  /** A principal, or a service such as `s3.amazonaws.com`. */
  readonly grantee: string;
  /** True when `grantee` is a service. */
  readonly isForService?: boolean;
  /** The principal or service that may retire the grant. */
  readonly retiring?: string;
  /** True when `retiring` is a service. */
  readonly isRetiredByService?: boolean;
  readonly operations: readonly string[];
  readonly constraints?: GrantConstraints;
};

/** The constraints of a grant: encryption contexts, and the ARN for which a service may use the grant. */
export type GrantConstraints = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** A KMS key as it is stored. Times are in milliseconds since 1970. */
export type KeyRecord = {
  readonly region: string;
  readonly keyId: string;
  readonly created: number;
  readonly description: string;
  readonly keySpec: KeySpec;
  readonly keyUsage: KeyUsage;
  readonly origin: 'AWS_KMS' | 'EXTERNAL';
  readonly manager: 'CUSTOMER' | 'AWS';
  readonly enabled: boolean;
  readonly policy: string;
  readonly tags: readonly Tag[];
  readonly deletionDate?: number;
  /** The days until deletion, counted from the deletion of the last replica. Only for a primary key with replicas. */
  readonly deletionWindow?: number;
  readonly currentMaterialId?: string;
  readonly materials: readonly Material[];
  /** When material was last imported. */
  readonly lastImport?: number;
  /** For a multi-Region key: the Region of the primary key, and all its Regions, also that of the primary key. */
  readonly multiRegion?: { readonly primary: string; readonly regions: readonly string[] };
  /** A state that ends by itself at `until`. A replica in state Creating shows the expiration model of its primary key. */
  readonly passing?: {
    readonly state: 'Creating' | 'Updating';
    readonly until: number;
    readonly expirationModel?: Material['expirationModel'];
  };
  readonly rotation?: Rotation;
  readonly onDemandRotations?: number;
  /** Days between automatic rotations, and when they were switched on. */
  readonly automaticRotation?: { readonly days: number; readonly since: number };
  readonly grants?: readonly Grant[];
};

export type KeyState =
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingReplicaDeletion'
  | 'PendingImport'
  | 'Creating'
  | 'Updating';

/** Gives the ARN of a key. */
export function arnOf(key: Pick<KeyRecord, 'region' | 'keyId'>): string {
  return `arn:${partitionOf(key.region)}:kms:${key.region}:${accountId}:key/${key.keyId}`;
}

/** Gives the material that encrypts now, also when its bytes are deleted or expired; `undefined` when the key never had any. */
export function currentMaterial(key: KeyRecord): Material | undefined {
  return key.materials.find((material) => material.id === key.currentMaterialId);
}

/** Gives the state of a key. The record must be up to date: `bringUpToDate` removes expired material. */
export function stateOf(key: KeyRecord): KeyState {
  if (key.deletionDate !== undefined) return 'PendingDeletion';
  if (key.deletionWindow !== undefined) return 'PendingReplicaDeletion';
  if (key.passing) return key.passing.state;
  if (lacksMaterial(key)) return 'PendingImport';
  return key.enabled ? 'Enabled' : 'Disabled';
}

/** True when a material that the key needs is missing. One missing material stops all cryptography of the key. */
function lacksMaterial(key: KeyRecord): boolean {
  const needed = key.materials.filter(({ pending }) => !pending);
  return key.origin === 'EXTERNAL' && (needed.length === 0 || needed.some(({ sealed }) => sealed === undefined));
}

/** True when this is a replica of a multi-Region key, not the primary. */
export function isReplica(key: KeyRecord): boolean {
  return key.multiRegion !== undefined && key.multiRegion.primary !== key.region;
}

/** Gives a material as it is after its bytes were deleted: without bytes, expiry date and expiration model. */
export function withoutBytes({ sealed: _, expirationModel: _model, validTo: _validTo, ...kept }: Material): Material {
  return kept;
}

/**
 * Gives KeyMetadata with exactly the fields that AWS gives in this state. While material is missing, there are no expiry
 * fields, but still the id of the current material (symmetric keys only). ValidTo is the earliest expiry date of all
 * materials that do not wait for a rotation. A replica that is being created shows the expiration model of its primary and no
 * material. Source: recorded answers, Sep 2026.
 */
export function metadataOf(key: KeyRecord): Record<string, unknown> {
  const state = stateOf(key);
  const material = lacksMaterial(key) ? undefined : currentMaterial(key);
  const expiryTimes = key.materials.flatMap(({ pending, validTo }) => (pending ? [] : (validTo ?? [])));
  const model = key.passing?.expirationModel ?? material?.expirationModel;
  return {
    AWSAccountId: accountId,
    KeyId: key.keyId,
    Arn: arnOf(key),
    CreationDate: key.created / 1000,
    // A key works while it is updating, and counts as enabled; unverified: updating-enabled.
    Enabled: state === 'Enabled' || (state === 'Updating' && key.enabled && !lacksMaterial(key)),
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: state,
    ...(key.deletionDate === undefined ? {} : { DeletionDate: key.deletionDate / 1000 }),
    ...(key.deletionWindow === undefined ? {} : { PendingDeletionWindowInDays: key.deletionWindow }),
    ...(model ? { ExpirationModel: model } : {}),
    ...(material && expiryTimes.length > 0 ? { ValidTo: Math.min(...expiryTimes) / 1000 } : {}),
    Origin: key.origin,
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    [algorithmsField[key.keyUsage]]: factsOf(key.keySpec).algorithms[key.keyUsage] ?? [],
    MultiRegion: key.multiRegion !== undefined,
    ...(key.multiRegion ? { MultiRegionConfiguration: multiRegionConfiguration(key, key.multiRegion) } : {}),
    ...(key.keySpec === 'SYMMETRIC_DEFAULT' && key.currentMaterialId && state !== 'Creating'
      ? { CurrentKeyMaterialId: key.currentMaterialId }
      : {}),
  };
}

/** Gives the field of KeyMetadata that lists the related keys of a multi-Region key. */
function multiRegionConfiguration({ keyId, region }: KeyRecord, family: NonNullable<KeyRecord['multiRegion']>) {
  const relatedKey = (keyRegion: string) => ({ Arn: arnOf({ region: keyRegion, keyId }), Region: keyRegion });
  return {
    MultiRegionKeyType: family.primary === region ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: relatedKey(family.primary),
    ReplicaKeys: family.regions.filter((keyRegion) => keyRegion !== family.primary).map(relatedKey),
  };
}
