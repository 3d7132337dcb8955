import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { isAccessDenied, undefinedIfDenied } from './access-denied.ts';
import { eachAtOnce } from './at-once.ts';
import { isErrorNamed } from './error-name.ts';
import { readTags } from './key-attributes.ts';
import { ceremonyTag } from './kms.ts';

/** How many keys are looked at in parallel. */
const mostAtOnce = 10;

/** How far the clocks of this machine and of KMS may differ: with a larger difference, AWS refuses signatures. */
const clocksApartMs = 15 * 60_000;

/** What a search for the key of a ceremony found. */
export type KeySearch =
  | { readonly found: 'key'; readonly key: Pick<KeyMetadata, 'KeyId' | 'Arn' | 'CreationDate' | 'MultiRegion'> }
  | { readonly found: 'none' }
  /** No key was found, but some could not be looked at. One of those may be the key of the ceremony. */
  | {
      readonly found: 'unknown';
      /** The ids of the keys that could not be looked at. Empty when the caller may not even list the keys. */
      readonly unseenKeyIds: readonly string[];
      /** The actions that the caller was denied. */
      readonly deniedActions: readonly string[];
    };

/**
 * Finds the key that has the tag of a ceremony. Looks at the customer keys of the Region until one has it. Reads the tags only of
 * keys that are for imported material and were made since the ceremony began, and of keys that the caller may not describe. Calls
 * ListKeys, DescribeKey and ListResourceTags, and ListAliases when a key could not be looked at.
 * @param looking.begunAt when the ceremony began, by the clock of this machine.
 * @param looking.report gets the number of keys that were looked at so far, and the number of all keys.
 * @throws the error of KMS when a key cannot be read for another reason than permissions.
 */
export async function findKeyOfCeremony(
  kms: KMSClient,
  ceremonyId: string,
  { begunAt, report = () => {} }: { begunAt: Date; report?: (looked: number, all: number) => void },
): Promise<KeySearch> {
  const entries = await undefinedIfDenied(listKeys(kms));
  if (entries === undefined) return { found: 'unknown', unseenKeyIds: [], deniedActions: ['kms:ListKeys'] };
  const since = new Date(begunAt.getTime() - clocksApartMs);
  const found: KeyMetadata[] = [];
  const denied = new Map<string, readonly string[]>();
  let looked = 0;
  await eachAtOnce(entries, mostAtOnce, async ({ KeyId, Arn }) => {
    if (found.length > 0) return;
    const key = await unlessHiddenOrGone(readMetadata(kms, KeyId));
    const mayBeOfCeremony = key === 'hidden' || (key !== 'gone' && mayBeMadeSince(key, since));
    if (mayBeOfCeremony) {
      const tags = await unlessHiddenOrGone(readTags(kms, KeyId));
      if (tags === 'hidden')
        denied.set(KeyId, ['kms:ListResourceTags', ...(key === 'hidden' ? ['kms:DescribeKey'] : [])]);
      else if (tags !== 'gone' && tags.some(({ key: name, value }) => name === ceremonyTag && value === ceremonyId))
        found.push(key === 'hidden' ? { KeyId, Arn } : key);
    }
    looked += 1;
    report(looked, entries.length);
  });
  const [key] = found;
  if (key !== undefined) return { found: 'key', key };
  // A key that is older than the ceremony is not its key, whatever its tags are.
  if (denied.size > 0) for (const keyId of await readOldKeyIds(kms, since)) denied.delete(keyId);
  return denied.size === 0
    ? { found: 'none' }
    : {
        found: 'unknown',
        unseenKeyIds: [...denied.keys()],
        deniedActions: [...new Set([...denied.values()].flat())],
      };
}

/** Lists the customer keys of the Region. Calls ListKeys. */
async function listKeys(kms: KMSClient): Promise<readonly { readonly KeyId: string; readonly Arn: string }[]> {
  const { paginateListKeys } = await import('@aws-sdk/client-kms');
  const entries: { KeyId: string; Arn: string }[] = [];
  for await (const { Keys = [] } of paginateListKeys({ client: kms, pageSize: 1000 }, {}))
    entries.push(...Keys.map(({ KeyId = '', KeyArn = '' }) => ({ KeyId, Arn: KeyArn })));
  return entries;
}

async function readMetadata(kms: KMSClient, keyId: string): Promise<KeyMetadata> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms');
  const { KeyMetadata = { KeyId: keyId } } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
  return KeyMetadata;
}

/**
 * True when a key is for imported material, and was made at `since` or later, or nobody says when. The origin and the time of a
 * key never change.
 */
const mayBeMadeSince = ({ Origin, CreationDate }: KeyMetadata, since: Date) =>
  Origin === 'EXTERNAL' && (CreationDate === undefined || CreationDate >= since);

/**
 * Gives the ids of keys that are older than `since`, as far as their aliases show it: when an alias was last changed before
 * `since`, the key to which it points is older. Gives nothing when the caller may not list aliases. Calls ListAliases.
 */
async function readOldKeyIds(kms: KMSClient, since: Date): Promise<readonly string[]> {
  const { paginateListAliases } = await import('@aws-sdk/client-kms');
  const old: string[] = [];
  try {
    for await (const { Aliases = [] } of paginateListAliases({ client: kms, pageSize: 100 }, {}))
      for (const { TargetKeyId, LastUpdatedDate } of Aliases)
        if (TargetKeyId !== undefined && LastUpdatedDate !== undefined && LastUpdatedDate < since)
          old.push(TargetKeyId);
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
  }
  return old;
}

/**
 * Gives the answer to a request about a key; `hidden` when the caller may not read this part of it; `gone` when the key was deleted
 * after it was listed.
 * @throws any other error of the request.
 */
async function unlessHiddenOrGone<Result>(request: Promise<Result>): Promise<Result | 'hidden' | 'gone'> {
  try {
    return await request;
  } catch (error) {
    if (isAccessDenied(error)) return 'hidden';
    if (isErrorNamed(error, 'NotFoundException')) return 'gone';
    throw error;
  }
}
