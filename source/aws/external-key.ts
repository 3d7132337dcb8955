import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { isAccessDenied } from './access-denied.ts';
import { isErrorNamed } from './error-name.ts';
import { readTags } from './key-attributes.ts';
import { ceremonyTag, readMaterials } from './kms.ts';

/** A customer key with the origin EXTERNAL, with or without its material, as KMS described it at one moment. */
export type ExternalKey = {
  readonly keyArn: string;
  readonly keyId: string;
  readonly region: string;
  /** Such as `alias/payments`. */
  readonly aliases: readonly string[];
  readonly keyState: string;
  /** Empty when the key has none. */
  readonly description: string;
  readonly createdAt?: Date;
  /** Absent when the key is no multi-Region key. */
  readonly multiRegion?: 'PRIMARY' | 'REPLICA';
  readonly keySpec: string;
  /** When KMS deletes the key. Absent when no deletion is scheduled. */
  readonly deletionDate?: Date;
  /** The id of the ceremony that made the key, from the key's tag. Read only when KMS holds none of its materials now. */
  readonly ceremonyId?: string;
  /**
   * Every material that the key has ever had, the oldest first. Asymmetric and HMAC keys have a single material, and KMS
   * does not mention it while it is missing.
   */
  readonly materials: readonly ExternalMaterial[];
  /**
   * The parts of the key that KMS did not let the caller read. With `materials` here, the list of materials has only the
   * current one, as DescribeKey describes it. With `tags` here, nobody knows which ceremony made the key.
   */
  readonly notRead?: readonly ('materials' | 'tags')[];
};

/** One material of an {@link ExternalKey}. */
export type ExternalMaterial = {
  /** Empty when KMS gives none: the material of asymmetric and HMAC keys has no id. */
  readonly keyMaterialId: string;
  readonly state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
  readonly importState: 'IMPORTED' | 'PENDING_IMPORT';
  /** When KMS deletes the bytes. Null when they do not expire, or when KMS does not hold them. */
  readonly validTo: Date | null;
  readonly description: string | null;
};

/**
 * Gives the earliest expiry among the materials that KMS holds now, or `undefined` when none of them expires. At that time
 * the whole key becomes unusable, even when the expired material is not the current one.
 */
export function earliestExpiry({ materials }: Pick<ExternalKey, 'materials'>): Date | undefined {
  const expiries = materials.flatMap(({ importState, validTo }) =>
    importState === 'IMPORTED' && validTo !== null ? [validTo] : [],
  );
  return expiries.sort((one, other) => one.getTime() - other.getTime())[0];
}

/** Gives the metadata of an EXTERNAL key; `hidden` when the caller may not read it; `other` for other and deleted keys. */
export async function readMetadata(kms: KMSClient, id: string): Promise<KeyMetadata | 'hidden' | 'other'> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms');
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id }));
    return KeyMetadata?.Origin === 'EXTERNAL' ? KeyMetadata : 'other';
  } catch (error) {
    if (isAccessDenied(error)) return 'hidden';
    if (isErrorNamed(error, 'NotFoundException')) return 'other';
    throw error;
  }
}

/**
 * Reads the materials of an EXTERNAL key, and its tags when KMS holds none of the materials. Names in `notRead` what KMS does not
 * give: see {@link undefinedIfUnreadable}.
 */
export async function readDetails(
  kms: KMSClient,
  region: string,
  metadata: KeyMetadata,
): Promise<Omit<ExternalKey, 'aliases'>> {
  const { KeyId: keyId = '', Arn: keyArn = '', KeyState: keyState = '', KeySpec: keySpec = '' } = metadata;
  const { CreationDate, DeletionDate, Description: description = '', MultiRegionConfiguration } = metadata;
  /** The materials; `undefined` when KMS does not list them. DescribeKey then still names the current one. */
  const listed =
    keySpec === 'SYMMETRIC_DEFAULT'
      ? (await readMaterials(kms, keyId).catch(undefinedIfUnreadable))?.map(toExternalMaterial)
      : currentMaterial(metadata);
  const materials = listed ?? currentMaterial(metadata);
  const hasNoMaterial = !materials.some(({ importState }) => importState === 'IMPORTED');
  const tags = hasNoMaterial ? await readTags(kms, keyId).catch(undefinedIfUnreadable) : [];
  const ceremonyId = tags?.find(({ key }) => key === ceremonyTag)?.value;
  const notRead = [
    ...(listed === undefined ? (['materials'] as const) : []),
    ...(tags === undefined ? (['tags'] as const) : []),
  ];
  const multiRegion = MultiRegionConfiguration?.MultiRegionKeyType;
  return {
    keyArn,
    keyId,
    region,
    keyState,
    description,
    keySpec,
    ...(CreationDate === undefined ? {} : { createdAt: CreationDate }),
    ...(multiRegion === undefined ? {} : { multiRegion }),
    ...(DeletionDate === undefined ? {} : { deletionDate: DeletionDate }),
    ...(ceremonyId === undefined ? {} : { ceremonyId }),
    materials,
    ...(notRead.length === 0 ? {} : { notRead }),
  };
}

function toExternalMaterial(material: Awaited<ReturnType<typeof readMaterials>>[number]): ExternalMaterial {
  const { keyMaterialId, state, isImported, validTo, description } = material;
  return {
    keyMaterialId,
    state,
    importState: isImported ? 'IMPORTED' : 'PENDING_IMPORT',
    validTo: validTo ?? null,
    description: description ?? null,
  };
}

/** Gives the current material as DescribeKey describes it, in a list. The list is empty when DescribeKey names no material. */
function currentMaterial({ CurrentKeyMaterialId, ExpirationModel, ValidTo }: KeyMetadata): readonly ExternalMaterial[] {
  // Keys of other kinds than SYMMETRIC_DEFAULT have no id of their material, but an ExpirationModel.
  if (CurrentKeyMaterialId === undefined && ExpirationModel === undefined) return [];
  return [
    {
      keyMaterialId: CurrentKeyMaterialId ?? '',
      state: 'CURRENT',
      // An id without an ExpirationModel is that of a material that has expired or was deleted.
      importState: ExpirationModel === undefined ? 'PENDING_IMPORT' : 'IMPORTED',
      validTo: ValidTo ?? null,
      description: null,
    },
  ];
}

/**
 * Gives `undefined` when the caller may not read a part of a key, or a key in a state such as Creating does not give it.
 * @throws any other error.
 */
export function undefinedIfUnreadable(error: unknown): undefined {
  if (isAccessDenied(error) || isErrorNamed(error, 'KMSInvalidStateException')) return undefined;
  throw error;
}
