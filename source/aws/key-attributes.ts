import type { KMSClient } from '@aws-sdk/client-kms';

/** A tag of a KMS key. */
export type KeyTag = { readonly key: string; readonly value: string };

/** Gives the policy of a key, as JSON text. Calls GetKeyPolicy. */
export async function readKeyPolicy(kms: KMSClient, keyId: string): Promise<string> {
  const { GetKeyPolicyCommand } = await import('@aws-sdk/client-kms');
  const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId: keyId, PolicyName: 'default' }));
  return Policy;
}

/** Gives all tags of a key. Calls ListResourceTags. */
export async function readTags(kms: KMSClient, keyId: string): Promise<readonly KeyTag[]> {
  const { paginateListResourceTags } = await import('@aws-sdk/client-kms');
  const tags: KeyTag[] = [];
  for await (const page of paginateListResourceTags({ client: kms, pageSize: 50 }, { KeyId: keyId }))
    for (const { TagKey = '', TagValue = '' } of page.Tags ?? []) tags.push({ key: TagKey, value: TagValue });
  return tags;
}
