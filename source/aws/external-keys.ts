import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { type Aliases, readAllAliases } from './all-aliases.ts';
import { eachAtOnce } from './at-once.ts';
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

/** The EXTERNAL keys that a search found in one Region, and what the caller may not see. */
export type ExternalKeys = {
  readonly keys: readonly ExternalKey[];
  /** How many customer keys the caller may not describe. Any of them may have imported material. */
  readonly hidden: number;
  /** True when the caller may not list aliases. Then `aliases` of every key is empty, whatever KMS has. */
  readonly areAliasesHidden: boolean;
};

/** How many keys are described in parallel. Ten requests stay far below the quota of DescribeKey, 2,000 a second. */
const mostDescribeCalls = 10;

/** How many keys are read in detail in parallel. Four already reach the quota of ListKeyRotations, 100 requests a second. */
const mostDetailReads = 4;

/** After each group of this many keys, {@link streamExternalKeys} yields what it has found in the group. */
const keysPerPart = 100;

type SearchOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Gets the number of keys that were looked at so far, and the number of all keys. */
  readonly report?: (looked: number, all: number) => void;
  /** Finds only keys in this state. When absent, keys in any state. */
  readonly keyState?: string;
};

/**
 * Finds the keys of a Region that have imported material or wait for it. Looks at every customer key, and changes nothing.
 * Calls ListKeys, DescribeKey and ListAliases, ListKeyRotations for keys with the origin EXTERNAL, and ListResourceTags for those
 * without material. KMS API reference.
 * @returns the keys in the order in which KMS lists them.
 * @throws the error of KMS when it cannot list the keys, or refuses to describe a key for another reason than permissions.
 */
export async function findExternalKeys(kms: KMSClient, region: string, options: SearchOptions): Promise<ExternalKeys> {
  const parts: ExternalKeys[] = [];
  for await (const part of streamExternalKeys(kms, region, options)) parts.push(part);
  return {
    keys: parts.flatMap(({ keys }) => keys),
    hidden: parts.reduce((sum, { hidden }) => sum + hidden, 0),
    areAliasesHidden: parts.some(({ areAliasesHidden }) => areAliasesHidden),
  };
}

/**
 * Finds the same keys as {@link findExternalKeys}, and yields what it has found after each hundred keys.
 * @throws the same errors as {@link findExternalKeys}.
 */
export async function* streamExternalKeys(
  kms: KMSClient,
  region: string,
  { signal, report = () => {}, keyState }: SearchOptions = {},
): AsyncGenerator<ExternalKeys> {
  const ids = await listKeyIds(kms, signal);
  report(0, ids.length);
  let looked = 0;
  const countKey = () => {
    looked += 1;
    report(looked, ids.length);
  };
  /** The aliases of all keys: `undefined` until they are needed, `hidden` when the caller may not list them. */
  let aliases: Aliases | 'hidden' | undefined;
  for (let start = 0; start < ids.length; start += keysPerPart) {
    const part = ids.slice(start, start + keysPerPart);
    const external: KeyMetadata[] = [];
    const keyById = new Map<string, Omit<ExternalKey, 'aliases'>>();
    let hidden = 0;
    await eachAtOnce(part, mostDescribeCalls, async (id) => {
      signal?.throwIfAborted();
      const metadata = await readMetadata(kms, id);
      if (metadata === 'hidden') hidden += 1;
      const isWanted = typeof metadata === 'object' && (keyState === undefined || metadata.KeyState === keyState);
      // A key whose details are read below counts as looked at only then.
      if (isWanted) external.push(metadata);
      else countKey();
    });
    await eachAtOnce(external, mostDetailReads, async (metadata) => {
      signal?.throwIfAborted();
      const key = await readDetails(kms, region, metadata).catch(undefinedIfGone);
      if (key !== undefined) keyById.set(key.keyId, key);
      countKey();
    });
    // An account may have many thousand aliases. They are read only once there is a key to show them with.
    if (keyById.size > 0) aliases ??= (await readAllAliases(kms, signal).catch(undefinedIfUnreadable)) ?? 'hidden';
    const knownAliases = aliases === 'hidden' ? undefined : aliases;
    const keys = part.flatMap((id) => {
      const key = keyById.get(id);
      return key === undefined ? [] : [{ ...key, aliases: knownAliases?.get(id) ?? [] }];
    });
    yield { keys, hidden, areAliasesHidden: aliases === 'hidden' };
  }
}

async function listKeyIds(kms: KMSClient, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { paginateListKeys } = await import('@aws-sdk/client-kms');
  const ids: string[] = [];
  for await (const { Keys = [] } of paginateListKeys({ client: kms, pageSize: 1000 }, {})) {
    signal?.throwIfAborted();
    ids.push(...Keys.map(({ KeyId = '' }) => KeyId));
  }
  return ids;
}

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
async function readMetadata(kms: KMSClient, id: string): Promise<KeyMetadata | 'hidden' | 'other'> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms');
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id }));
    return KeyMetadata?.Origin === 'EXTERNAL' ? KeyMetadata : 'other';
  } catch (error) {
    if (isNamed(error, 'AccessDeniedException')) return 'hidden';
    if (isNamed(error, 'NotFoundException')) return 'other';
    throw error;
  }
}

/** Reads the materials of an EXTERNAL key, and its tags when KMS holds none of the materials. */
async function readDetails(
  kms: KMSClient,
  region: string,
  metadata: KeyMetadata,
): Promise<Omit<ExternalKey, 'aliases'>> {
  const { KeyId: keyId = '', Arn: keyArn = '', KeyState: keyState = '', KeySpec: keySpec = '' } = metadata;
  const { CreationDate, DeletionDate, Description: description = '', MultiRegionConfiguration } = metadata;
  /** `undefined` when the caller may not list them. */
  const listed =
    keySpec === 'SYMMETRIC_DEFAULT'
      ? (await readMaterials(kms, keyId).catch(undefinedIfUnreadable))?.map(toExternalMaterial)
      : currentMaterial(metadata);
  // DescribeKey still names the current one then.
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

/** Gives `undefined` when the caller may not read a part of a key, or a key in a state such as Creating does not give it. */
function undefinedIfUnreadable(error: unknown): undefined {
  if (isNamed(error, 'AccessDeniedException') || isNamed(error, 'KMSInvalidStateException')) return undefined;
  throw error;
}

/** Gives `undefined` when the key was deleted after it was listed. */
function undefinedIfGone(error: unknown): undefined {
  if (isNamed(error, 'NotFoundException')) return undefined;
  throw error;
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;
