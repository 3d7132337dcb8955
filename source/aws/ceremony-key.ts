import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { eachAtOnce } from './at-once.ts';
import { ceremonyTag } from './kms.ts';

/** How many keys are looked at in parallel. */
const mostAtOnce = 10;

/** How far the clocks of this machine and of KMS may differ: with a larger difference, AWS refuses signatures. */
const clocksApartMs = 15 * 60_000;

/**
 * Finds the key that has the tag of a ceremony, or gives `undefined`. Looks at every customer key of the Region, and reads
 * the tags of keys that are for imported material and were made since the ceremony began. ListKeys, DescribeKey,
 * ListResourceTags.
 * @param looking.begunAt when the ceremony began, by the clock of this machine.
 * @param looking.report gets the number of keys that were looked at so far, and the number of all keys.
 * @throws the error of KMS when a key cannot be read for another reason than permissions: it may be the key of this
 * ceremony.
 */
export async function findKeyOfCeremony(
  kms: KMSClient,
  ceremonyId: string,
  { begunAt, report = () => {} }: { begunAt: Date; report?: (looked: number, all: number) => void },
): Promise<KeyMetadata | undefined> {
  const { paginateListKeys } = await import('@aws-sdk/client-kms');
  const ids: string[] = [];
  for await (const { Keys = [] } of paginateListKeys({ client: kms, pageSize: 1000 }, {}))
    ids.push(...Keys.map(({ KeyId = '' }) => KeyId));
  const since = begunAt.getTime() - clocksApartMs;
  let found: KeyMetadata | undefined;
  let looked = 0;
  await eachAtOnce(ids, mostAtOnce, async (id) => {
    if (found !== undefined) return;
    const key = await readMetadata(kms, id).catch(undefinedIfHiddenOrGone);
    const mayBeOurs = key?.Origin === 'EXTERNAL' && (key.CreationDate?.getTime() ?? since) >= since;
    if (mayBeOurs && (await readCeremonyId(kms, id).catch(undefinedIfHiddenOrGone)) === ceremonyId) found = key;
    looked += 1;
    report(looked, ids.length);
  });
  return found;
}

async function readMetadata(kms: KMSClient, id: string): Promise<KeyMetadata | undefined> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms');
  return (await kms.send(new DescribeKeyCommand({ KeyId: id }))).KeyMetadata;
}

/** Gives the id of the ceremony that made a key, from the key's tag; `undefined` when it has no such tag. */
async function readCeremonyId(kms: KMSClient, id: string): Promise<string | undefined> {
  const { ListResourceTagsCommand } = await import('@aws-sdk/client-kms');
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: id }));
  return Tags.find(({ TagKey }) => TagKey === ceremonyTag)?.TagValue;
}

/**
 * Gives `undefined` when the caller may not read the key, or when the key was deleted after it was listed. Neither can be
 * the key of this ceremony.
 * @throws any other error.
 */
function undefinedIfHiddenOrGone(error: unknown): undefined {
  if (error instanceof Error && ['AccessDeniedException', 'NotFoundException'].includes(error.name)) return undefined;
  throw error;
}
