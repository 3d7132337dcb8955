import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { type Aliases, readAllAliases } from './all-aliases.ts';
import { eachAtOnce } from './at-once.ts';
import { readTags } from './key-attributes.ts';
import { ceremonyTag, readMaterials } from './kms.ts';

/** A customer key with imported material, or one that waits for it, as KMS tells it at one moment. */
export type ExternalKey = {
  readonly keyArn: string;
  readonly keyId: string;
  readonly region: string;
  /** Without predefined ones of AWS. */
  readonly aliases: readonly string[];
  readonly keyState: string;
  /** Empty where the key has none. */
  readonly description: string;
  readonly createdAt?: Date;
  /** Absent where the key is of one Region alone. */
  readonly multiRegion?: 'PRIMARY' | 'REPLICA';
  readonly keySpec: string;
  /** When the key is deleted, where that is scheduled. */
  readonly deletionDate?: Date;
  /** The id of the ceremony of Keyferry that made the key, by its tag. Read only where the key has no material now. */
  readonly ceremonyId?: string;
  /**
   * Every material that the key has ever had, the oldest first. Asymmetric and HMAC keys have one for ever, of which KMS tells
   * nothing while it is missing.
   */
  readonly materials: readonly ExternalMaterial[];
  /**
   * What KMS did not let the caller read of the key. Without `materials` there is only the current one, by what DescribeKey says of
   * the key; without `tags` it is not known which ceremony made it.
   */
  readonly notRead?: readonly ('materials' | 'tags')[];
};

export type ExternalMaterial = {
  /** Empty where KMS gives none: the material of asymmetric and HMAC keys has no id. */
  readonly keyMaterialId: string;
  readonly state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
  readonly importState: 'IMPORTED' | 'PENDING_IMPORT';
  /** When KMS deletes its bytes, or null where they do not expire or are not there. */
  readonly validTo: Date | null;
  readonly description: string | null;
};

/** What a look at the keys of one Region found. */
export type ExternalKeys = {
  readonly keys: readonly ExternalKey[];
  /** How many customer keys the caller may not describe: any of them may have imported material. */
  readonly hidden: number;
  /** Whether the caller may not list aliases: then no key here has any, whatever KMS has. */
  readonly areAliasesHidden: boolean;
};

/** Ten keys are described in the time of one, and the quota of DescribeKey (2,000 a second) is far away. */
const describedAtOnce = 10;

/** The quota of ListKeyRotations, 100 a second, is what four at once come to: more would only be throttled. */
const readAtOnce = 4;

/** So many keys are looked at before {@link streamExternalKeys} shows what it has found. */
const keysInPart = 100;

type Looking = {
  readonly signal?: AbortSignal | undefined;
  /** Is told how many keys were looked at so far, and how many there are. */
  readonly report?: (looked: number, all: number) => void;
  /** Where it is set, only keys in this state count. */
  readonly keyState?: string;
};

/**
 * Finds the keys of a Region that have imported material or wait for it. Looks at every customer key, and changes nothing.
 * ListKeys, ListAliases, DescribeKey; ListKeyRotations of keys with the origin EXTERNAL; ListResourceTags of those without
 * material. KMS API reference.
 * @returns the keys by the order of KMS.
 * @throws what KMS answers where keys cannot be listed, or one could not be looked at for another reason than permissions.
 */
export async function findExternalKeys(kms: KMSClient, region: string, looking: Looking): Promise<ExternalKeys> {
  const parts: ExternalKeys[] = [];
  for await (const part of streamExternalKeys(kms, region, looking)) parts.push(part);
  return {
    keys: parts.flatMap(({ keys }) => keys),
    hidden: parts.reduce((sum, { hidden }) => sum + hidden, 0),
    areAliasesHidden: parts.some(({ areAliasesHidden }) => areAliasesHidden),
  };
}

/**
 * Does the same as {@link findExternalKeys}, and yields what it has found after each hundred keys.
 * @throws what KMS answers where keys cannot be listed, or one could not be looked at for another reason than permissions.
 */
export async function* streamExternalKeys(
  kms: KMSClient,
  region: string,
  { signal, report = () => {}, keyState }: Looking = {},
): AsyncGenerator<ExternalKeys> {
  const ids = await listKeyIds(kms, signal);
  report(0, ids.length);
  let looked = 0;
  const tellOneMore = () => {
    looked += 1;
    report(looked, ids.length);
  };
  let aliases: Aliases | 'hidden' | undefined;
  for (let start = 0; start < ids.length; start += keysInPart) {
    const part = ids.slice(start, start + keysInPart);
    const external: KeyMetadata[] = [];
    const found = new Map<string, Omit<ExternalKey, 'aliases'>>();
    let hidden = 0;
    await eachAtOnce(part, describedAtOnce, async (id) => {
      signal?.throwIfAborted();
      const metadata = await readMetadata(kms, id);
      if (typeof metadata === 'object' && (keyState === undefined || metadata.KeyState === keyState)) {
        external.push(metadata);
        return;
      }
      if (metadata === 'hidden') hidden += 1;
      tellOneMore();
    });
    await eachAtOnce(external, readAtOnce, async (metadata) => {
      signal?.throwIfAborted();
      const key = await lookCloser(kms, region, metadata).catch(unlessGone);
      if (key !== undefined) found.set(key.keyId, key);
      tellOneMore();
    });
    // An account may have many thousand aliases: where no key is shown, nobody needs them.
    if (found.size > 0) aliases ??= (await readAllAliases(kms, signal).catch(unlessUnreadable)) ?? 'hidden';
    const names = aliases === 'hidden' ? undefined : aliases;
    const keys = part.flatMap((id) => {
      const key = found.get(id);
      return key === undefined ? [] : [{ ...key, aliases: names?.get(id) ?? [] }];
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
 * Gives when the first of a key's materials expires that KMS holds now; `undefined` where none of them does. With it the
 * whole key becomes unusable, also where a later material is current.
 */
export function earliestExpiry({ materials }: Pick<ExternalKey, 'materials'>): Date | undefined {
  const ends = materials.flatMap(({ importState, validTo }) =>
    importState === 'IMPORTED' && validTo !== null ? [validTo] : [],
  );
  return ends.sort((one, other) => one.getTime() - other.getTime())[0];
}

/** Gives the metadata of a key with the origin EXTERNAL. A key that is gone since it was listed is another one. */
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

async function lookCloser(
  kms: KMSClient,
  region: string,
  metadata: KeyMetadata,
): Promise<Omit<ExternalKey, 'aliases'>> {
  const { KeyId: keyId = '', Arn: keyArn = '', KeyState: keyState = '', KeySpec: keySpec = '' } = metadata;
  const { CreationDate, DeletionDate, Description: description = '', MultiRegionConfiguration } = metadata;
  const materials =
    keySpec === 'SYMMETRIC_DEFAULT'
      ? (await readMaterials(kms, keyId).catch(unlessUnreadable))?.map(shownMaterial)
      : currentOf(metadata);
  const shown = materials ?? currentOf(metadata);
  const isWithout = !shown.some(({ importState }) => importState === 'IMPORTED');
  const tags = isWithout ? await readTags(kms, keyId).catch(unlessUnreadable) : [];
  const ceremonyId = tags?.find(({ key }) => key === ceremonyTag)?.value;
  const notRead = [
    ...(materials === undefined ? (['materials'] as const) : []),
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
    materials: shown,
    ...(notRead.length === 0 ? {} : { notRead }),
  };
}

function shownMaterial(material: Awaited<ReturnType<typeof readMaterials>>[number]): ExternalMaterial {
  const { keyMaterialId, state, isImported, validTo, description } = material;
  return {
    keyMaterialId,
    state,
    importState: isImported ? 'IMPORTED' : 'PENDING_IMPORT',
    validTo: validTo ?? null,
    description: description ?? null,
  };
}

/** What DescribeKey says of the current material: of a symmetric key, it names also the one that expired or was deleted. */
function currentOf({ CurrentKeyMaterialId, ExpirationModel, ValidTo }: KeyMetadata): readonly ExternalMaterial[] {
  if (CurrentKeyMaterialId === undefined && ExpirationModel === undefined) return [];
  return [
    {
      keyMaterialId: CurrentKeyMaterialId ?? '',
      state: 'CURRENT',
      importState: ExpirationModel === undefined ? 'PENDING_IMPORT' : 'IMPORTED',
      validTo: ValidTo ?? null,
      description: null,
    },
  ];
}

/** What the caller may not read, or what a key in passing states such as Creating does not tell. */
function unlessUnreadable(error: unknown): undefined {
  if (isNamed(error, 'AccessDeniedException') || isNamed(error, 'KMSInvalidStateException')) return undefined;
  throw error;
}

function unlessGone(error: unknown): undefined {
  if (isNamed(error, 'NotFoundException')) return undefined;
  throw error;
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;
