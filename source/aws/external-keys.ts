import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { type Aliases, readAllAliases } from './all-aliases.ts';
import { eachAtOnce } from './at-once.ts';
import { isErrorNamed } from './error-name.ts';
import { type ExternalKey, readDetails, readMetadata, undefinedIfUnreadable } from './external-key.ts';

/** The EXTERNAL keys that a search found in one Region, and what the caller may not see. */
export type ExternalKeys = {
  readonly keys: readonly ExternalKey[];
  /** How many customer keys the caller may not describe. Any of them may have imported material. */
  readonly hidden: number;
  /**
   * True when the caller may not list aliases. Then `aliases` of every key is empty, whatever KMS has. Nobody asks for aliases
   * before a key is found.
   */
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
 * Calls ListKeys and DescribeKey. For keys with the origin EXTERNAL, calls ListKeyRotations when they are symmetric,
 * ListResourceTags when they have no material, and ListAliases once for all. KMS API reference.
 * @returns the keys in the order in which KMS lists them.
 * @throws the error of KMS when the keys cannot be listed, or when a later call fails for another reason than permissions; the
 * reason of the signal when it aborts.
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
      // A key whose details are read below is counted there.
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
 * Gives `undefined` when the key was deleted after it was listed.
 * @throws any other error.
 */
function undefinedIfGone(error: unknown): undefined {
  if (isErrorNamed(error, 'NotFoundException')) return undefined;
  throw error;
}
