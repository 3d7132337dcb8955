import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { eachAtOnce } from './at-once.ts';
import { ceremonyTag } from './kms.ts';

/** How many keys are looked at in parallel. */
const atOnce = 10;

/** How far the clocks of this machine and of KMS may differ: past 15 minutes AWS refuses signatures. */
const clocksApartMs = 15 * 60_000;

/**
 * Finds the key that has a ceremony's tag, or gives `undefined`. Looks at every customer key of the Region, and reads the tags
 * of those that are for imported material and were made since the ceremony began. ListKeys, DescribeKey, ListResourceTags.
 * @param looking.begunAt when the ceremony began, by the clock of this machine.
 * @param looking.report is told how many keys were looked at so far, and how many there are.
 * @throws the error of KMS when a key cannot be looked at: it may be this ceremony's, and must not be made again.
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
  await eachAtOnce(ids, atOnce, async (id) => {
    if (found !== undefined) return;
    const key = await lookAt(kms, id).catch(unlessOutOfSight);
    const mayBe = key?.Origin === 'EXTERNAL' && (key.CreationDate?.getTime() ?? since) >= since;
    if (mayBe && (await ceremonyOf(kms, id).catch(unlessOutOfSight)) === ceremonyId) found = key;
    looked += 1;
    report(looked, ids.length);
  });
  return found;
}

async function lookAt(kms: KMSClient, id: string): Promise<KeyMetadata | undefined> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms');
  return (await kms.send(new DescribeKeyCommand({ KeyId: id }))).KeyMetadata;
}

async function ceremonyOf(kms: KMSClient, id: string): Promise<string | undefined> {
  const { ListResourceTagsCommand } = await import('@aws-sdk/client-kms');
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: id }));
  return Tags.find(({ TagKey }) => TagKey === ceremonyTag)?.TagValue;
}

/**
 * Gives `undefined` when the caller may not look at the key, or when it is gone since the list was made. It is then not this
 * ceremony's.
 * @throws any other error.
 */
function unlessOutOfSight(error: unknown): undefined {
  if (error instanceof Error && ['AccessDeniedException', 'NotFoundException'].includes(error.name)) return undefined;
  throw error;
}
