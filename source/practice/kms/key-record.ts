import { accountId } from '../account.ts';
import { partitionOf } from '../partition.ts';
import { algorithmsField, factsOf, type KeySpec, type KeyUsage } from './key-specs.ts';
import type { Tag } from './shape.ts';

/** Key material that was ever associated with a key. `sealed` has the encrypted bytes until they are deleted. */
export type Material = {
  readonly id: string;
  readonly sealed?: string;
  readonly description?: string;
  readonly expirationModel?: 'KEY_MATERIAL_EXPIRES' | 'KEY_MATERIAL_DOES_NOT_EXPIRE';
  /** Milliseconds since 1970, in whole seconds. */
  readonly validTo?: number;
  /** Imported as new beside older material, and not yet rotated in: the key does not need it. */
  readonly pending?: true;
  /** When a rotation brought it in; missing on the first material of a key. */
  readonly rotatedIn?: number;
};

/** A rotation that was asked for and goes on, in milliseconds since 1970. */
export type Rotation = {
  readonly started: number;
  readonly ends: number;
  /** What the rotation brings in where AWS makes the material itself. */
  readonly material?: Material;
};

/** A permission that was given to a principal for one key. */
export type Grant = {
  readonly grantId: string;
  readonly created: number;
  readonly name?: string;
  readonly grantee: string;
  readonly retiring?: string;
  readonly operations: readonly string[];
  readonly constraints?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** A KMS key as the state holds it. Times are in milliseconds since 1970. */
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
  /** The window, in days, that begins once the last replica is gone. */
  readonly deletionWindow?: number;
  readonly currentMaterialId?: string;
  readonly materials: readonly Material[];
  /** When material was last imported into it. */
  readonly lastImport?: number;
  /** Of a multi-Region key: which of its Regions has the primary, and all of them, the primary's among them. */
  readonly multiRegion?: { readonly primary: string; readonly regions: readonly string[] };
  /** A state that passes by itself, and what a replica shows of its primary meanwhile. */
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

/** Gives the key ARN. */
export function arnOf(key: Pick<KeyRecord, 'region' | 'keyId'>): string {
  return `arn:${partitionOf(key.region)}:kms:${key.region}:${accountId}:key/${key.keyId}`;
}

/** Gives the material that encrypts now, also when its bytes are deleted or expired. */
export function currentMaterial(key: KeyRecord): Material | undefined {
  return key.materials.find((material) => material.id === key.currentMaterialId);
}

/** Gives the state of a key, after expired material was removed from its record. */
export function stateOf(key: KeyRecord): KeyState {
  if (key.deletionDate !== undefined) return 'PendingDeletion';
  if (key.deletionWindow !== undefined) return 'PendingReplicaDeletion';
  if (key.passing) return key.passing.state;
  if (lacksMaterial(key)) return 'PendingImport';
  return key.enabled ? 'Enabled' : 'Disabled';
}

/** Whether any material that the key needs is missing: one is enough to stop all of its cryptography. */
function lacksMaterial(key: KeyRecord): boolean {
  const needed = key.materials.filter((one) => !one.pending);
  return key.origin === 'EXTERNAL' && (needed.length === 0 || needed.some((one) => one.sealed === undefined));
}

/** Tells whether this is a replica of a multi-Region key. */
export function isReplica(key: KeyRecord): boolean {
  return key.multiRegion !== undefined && key.multiRegion.primary !== key.region;
}

/** Gives the record of a material after its bytes were deleted: without bytes, expiry and expiration model. */
export function withoutBytes({ sealed: _, expirationModel: _model, validTo: _validTo, ...kept }: Material): Material {
  return kept;
}

/**
 * Gives KeyMetadata with exactly the fields that AWS gives in the key's state. Source: recorded answers, Sep 2026:
 * expiry fields vanish while the material is missing, the id of the current material stays (symmetric keys only), and a
 * replica that is being made shows its primary's expiration model and no material.
 */
export function metadataOf(key: KeyRecord): Record<string, unknown> {
  const state = stateOf(key);
  const material = lacksMaterial(key) ? undefined : currentMaterial(key);
  const validTo = key.materials.flatMap((one) => (one.pending ? [] : (one.validTo ?? [])));
  const model = key.passing?.expirationModel ?? material?.expirationModel;
  return {
    AWSAccountId: accountId,
    KeyId: key.keyId,
    Arn: arnOf(key),
    CreationDate: key.created / 1000,
    // A key that is updating goes on working, and counts as enabled; unverified: updating-enabled.
    Enabled: state === 'Enabled' || (state === 'Updating' && key.enabled && !lacksMaterial(key)),
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: state,
    ...(key.deletionDate === undefined ? {} : { DeletionDate: key.deletionDate / 1000 }),
    ...(key.deletionWindow === undefined ? {} : { PendingDeletionWindowInDays: key.deletionWindow }),
    ...(model ? { ExpirationModel: model } : {}),
    ...(material && validTo.length > 0 ? { ValidTo: Math.min(...validTo) / 1000 } : {}),
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

function multiRegionConfiguration({ keyId, region }: KeyRecord, family: NonNullable<KeyRecord['multiRegion']>) {
  const related = (one: string) => ({ Arn: arnOf({ region: one, keyId }), Region: one });
  return {
    MultiRegionKeyType: family.primary === region ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: related(family.primary),
    ReplicaKeys: family.regions.filter((one) => one !== family.primary).map(related),
  };
}
