import type { ContextEntry } from '@aws-sdk/client-iam';
import { ceremonyTag } from './kms.ts';
import type { Tag } from './tags.ts';

/** What is known of the requests of a first import before they are made. */
export type NewRequest = {
  readonly region: string;
  readonly accountId: string;
  /** The ARN of a key that exists already. */
  readonly keyArn?: string;
  /** The person's own tags for a new key. */
  readonly tags?: readonly Tag[];
  /** True when the new key will be a multi-Region key. */
  readonly multiRegion?: boolean;
};

/** Gives a condition key of a request with its value. */
function entry(name: string, value: string, type: 'string' | 'stringList' | 'boolean' = 'string'): ContextEntry {
  return { ContextKeyName: name, ContextKeyType: type, ContextKeyValues: [value] };
}

/** Gives the condition keys that the requests of a first import will have in any case, for policies with conditions. */
export function contextEntries({
  region,
  accountId,
  keyArn,
  multiRegion = false,
  tags = [],
}: NewRequest): readonly ContextEntry[] {
  return [
    entry('kms:KeyOrigin', 'EXTERNAL'),
    entry('kms:KeySpec', 'SYMMETRIC_DEFAULT'),
    entry('kms:KeyUsage', 'ENCRYPT_DECRYPT'),
    entry('kms:CallerAccount', accountId),
    entry('kms:BypassPolicyLockoutSafetyCheck', 'false', 'boolean'),
    entry('aws:RequestedRegion', region),
    entry('aws:SecureTransport', 'true', 'boolean'),
    entry('kms:MultiRegion', String(multiRegion), 'boolean'),
    ...(multiRegion ? [entry('kms:MultiRegionKeyType', 'PRIMARY')] : []),
    ...tagEntries(tags, keyArn === undefined),
    entry('s3:x-amz-server-side-encryption', 'aws:kms'),
  ];
}

/**
 * Gives the condition keys about the tags of a key. For a key that exists already, which may not have these tags, gives only the
 * names of the tags. The id of the ceremony does not count: no policy can name it.
 */
function tagEntries(tags: readonly Tag[], isNewKey: boolean): readonly ContextEntry[] {
  const all = [{ key: ceremonyTag, value: 'a ceremony' }, ...tags];
  return [
    { ContextKeyName: 'aws:TagKeys', ContextKeyType: 'stringList', ContextKeyValues: all.map(({ key }) => key) },
    ...(isNewKey ? ['RequestTag', 'ResourceTag'] : []).flatMap((kind) =>
      all.map(({ key, value }) => entry(`aws:${kind}/${key}`, value)),
    ),
  ];
}

/** The condition keys about what the person chooses later, with the values that Keyferry recommends. */
export const entriesOfLaterChoices: readonly ContextEntry[] = [
  entry('kms:WrappingAlgorithm', 'RSAES_OAEP_SHA_256'),
  entry('kms:WrappingKeySpec', 'RSA_4096'),
  entry('kms:ExpirationModel', 'KEY_MATERIAL_DOES_NOT_EXPIRE'),
];

/** The actions whose requests have the condition keys of {@link entriesOfLaterChoices}. */
export const actionsOfLaterChoices: readonly string[] = ['kms:GetParametersForImport', 'kms:ImportKeyMaterial'];
