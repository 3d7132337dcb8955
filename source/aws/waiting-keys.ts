import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { isRefusal } from './eventual-consistency.ts';

/** A key that has no material now, as DescribeKey gives it, with its names. */
export type WaitingKey = { readonly metadata: KeyMetadata; readonly aliases: readonly string[] };

const atOnce = 10;

/**
 * Yields the keys of the Region that wait for imported material, in pages, as they are found: every customer key is looked
 * at, ten at once. Keys that the caller may not describe are left out. ListAliases, ListKeys, DescribeKey.
 */
export async function* listWaitingKeys(kms: KMSClient): AsyncGenerator<readonly WaitingKey[]> {
  const { DescribeKeyCommand, paginateListKeys } = await import('@aws-sdk/client-kms');
  const names = await aliasesByKey(kms);
  const lookAt = async (KeyId: string): Promise<readonly WaitingKey[]> => {
    try {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      if (KeyMetadata?.Origin !== 'EXTERNAL' || KeyMetadata.KeyState !== 'PendingImport') return [];
      return [{ metadata: KeyMetadata, aliases: names.get(KeyId) ?? [] }];
    } catch (error) {
      if (isRefusal(error)) return [];
      throw error;
    }
  };
  for await (const { Keys = [] } of paginateListKeys({ client: kms, pageSize: 1000 }, {}))
    for (let start = 0; start < Keys.length; start += atOnce) {
      const looked = await Promise.all(Keys.slice(start, start + atOnce).map(({ KeyId = '' }) => lookAt(KeyId)));
      yield looked.flat();
    }
}

/** Names help a person to choose; where they may not be listed, keys go by their ids. */
async function aliasesByKey(kms: KMSClient): Promise<ReadonlyMap<string, readonly string[]>> {
  const { paginateListAliases } = await import('@aws-sdk/client-kms');
  const names = new Map<string, readonly string[]>();
  try {
    for await (const { Aliases = [] } of paginateListAliases({ client: kms, pageSize: 100 }, {}))
      for (const { AliasName = '', TargetKeyId = '' } of Aliases)
        names.set(TargetKeyId, [...(names.get(TargetKeyId) ?? []), AliasName]);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return names;
}
