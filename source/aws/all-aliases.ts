import type { KMSClient } from '@aws-sdk/client-kms';

/**
 * The aliases of keys, by the id of the key. The map has no entry for a key without an alias. The aliases of AWS that point to no
 * key yet are under the empty text.
 */
export type Aliases = ReadonlyMap<string, readonly string[]>;

/**
 * Gives the aliases of all keys in the client's Region. Calls ListAliases.
 * @throws the reason of `signal` once that has ended.
 */
export async function readAllAliases(kms: KMSClient, signal?: AbortSignal): Promise<Aliases> {
  const { paginateListAliases } = await import('@aws-sdk/client-kms');
  const aliases = new Map<string, string[]>();
  for await (const { Aliases = [] } of paginateListAliases({ client: kms, pageSize: 100 }, {})) {
    signal?.throwIfAborted();
    for (const { AliasName = '', TargetKeyId = '' } of Aliases)
      aliases.set(TargetKeyId, [...(aliases.get(TargetKeyId) ?? []), AliasName]);
  }
  return aliases;
}
