import type { KMSClient } from '@aws-sdk/client-kms';
import { isRefusal } from './eventual-consistency.ts';
import { ceremonyTag } from './kms.ts';

/** A key that a ceremony made and that has no material: it costs as much as any other and does nothing. */
export type KeyWithoutMaterial = {
  readonly keyId: string;
  /** Of the ceremony that made it, by its tag. */
  readonly ceremonyId: string;
  readonly createdAt: Date | undefined;
  /** True where it had material once, which expired or was deleted: what it encrypted waits for that. */
  readonly hadMaterial: boolean;
  readonly aliases: readonly string[];
};

const atOnce = 10;

/**
 * Looks at every customer key of the Region for those of Keyferry's that wait for their material. ListKeys, DescribeKey,
 * ListResourceTags, ListAliases.
 * @returns them, and how many keys could not be looked at because the caller may not.
 */
export async function findKeysWithoutMaterial(
  kms: KMSClient,
  signal: AbortSignal,
): Promise<{ readonly keys: readonly KeyWithoutMaterial[]; readonly hidden: number }> {
  const { paginateListAliases, paginateListKeys } = await import('@aws-sdk/client-kms');
  const ids: string[] = [];
  for await (const { Keys = [] } of paginateListKeys({ client: kms, pageSize: 1000 }, {}))
    ids.push(...Keys.map(({ KeyId = '' }) => KeyId));
  const aliases = new Map<string, string[]>();
  for await (const { Aliases = [] } of paginateListAliases({ client: kms, pageSize: 100 }, {})) {
    for (const { AliasName = '', TargetKeyId = '' } of Aliases)
      aliases.set(TargetKeyId, [...(aliases.get(TargetKeyId) ?? []), AliasName]);
  }
  const keys: KeyWithoutMaterial[] = [];
  let hidden = 0;
  for (let start = 0; start < ids.length; start += atOnce) {
    signal.throwIfAborted();
    const looked = await Promise.all(ids.slice(start, start + atOnce).map((id) => lookAt(kms, id)));
    hidden += looked.filter((found) => found === 'hidden').length;
    for (const found of looked)
      if (typeof found === 'object') keys.push({ ...found, aliases: aliases.get(found.keyId) ?? [] });
  }
  return { keys, hidden };
}

async function lookAt(
  kms: KMSClient,
  keyId: string,
): Promise<Omit<KeyWithoutMaterial, 'aliases'> | 'hidden' | undefined> {
  const { DescribeKeyCommand, ListResourceTagsCommand } = await import('@aws-sdk/client-kms');
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
    if (KeyMetadata?.Origin !== 'EXTERNAL' || KeyMetadata.KeyState !== 'PendingImport') return undefined;
    const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: keyId }));
    const tag = Tags.find(({ TagKey }) => TagKey === ceremonyTag);
    if (tag === undefined) return undefined;
    const { CreationDate, CurrentKeyMaterialId } = KeyMetadata;
    const hadMaterial = CurrentKeyMaterialId !== undefined;
    return { keyId, ceremonyId: tag.TagValue ?? '', createdAt: CreationDate, hadMaterial };
  } catch (error) {
    if (isRefusal(error)) return 'hidden';
    throw error;
  }
}
