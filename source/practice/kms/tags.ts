import { AwsError } from '../aws-error.ts';
import type { Keys } from '../policy-conditions.ts';
import { needState } from './key-states.ts';
import { changeKey, findKey } from './key-store.ts';
import { keyId, limit, marker } from './members.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';
import type { Tag } from './shape.ts';

const maxTags = 50;

const tagResourceShape = { KeyId: keyId, Tags: { kind: 'tags', required: true } } as const;

export const tagResource = operation({ on: 'key' }, tagResourceShape, (call, input) => {
  changeKey({ ...call, conditions: tagConditions(input.Tags) }, input.KeyId, (key) => {
    needState('TagResource', key);
    return { ...key, tags: addTags(input.Tags, key.tags) };
  });
  return undefined;
});

export const untagResource = operation(
  { on: 'key' },
  { KeyId: keyId, TagKeys: { kind: 'texts', max: 200, required: true } },
  (call, input) => {
    changeKey(call, input.KeyId, (key) => {
      needState('UntagResource', key);
      return { ...key, tags: key.tags.filter((tag) => !input.TagKeys.includes(tag.TagKey)) };
    });
    return undefined;
  },
);

export const listResourceTags = operation(
  { on: 'key' },
  { KeyId: keyId, Limit: { ...limit, max: 50 }, Marker: marker },
  (call, input) => {
    const { tags } = findKey(call, input.KeyId, 'without aliases');
    const sorted = [...tags].sort((a, b) => (a.TagKey < b.TagKey ? -1 : 1));
    return page('Tags', sorted, (tag) => tag.TagKey, input, 50);
  },
);

/** Gives the condition keys of a request with these tags. IAM user guide, "Controlling access during AWS requests". */
export function tagConditions(tags: readonly Tag[]): Keys {
  return {
    ...Object.fromEntries(tags.map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue])),
    'aws:TagKeys': tags.map(({ TagKey }) => TagKey),
  };
}

/**
 * Gives the tags `present` and `added` together. An added tag replaces a present tag with the same key.
 * @throws TagException with recorded texts: for duplicate keys, for reserved keys, and for too many tags.
 */
export function addTags(added: readonly Tag[], present: readonly Tag[] = []): Tag[] {
  const keys = new Set(added.map((tag) => tag.TagKey));
  if (keys.size < added.length) throw new AwsError('TagException', 'Duplicate tag keys');
  if (added.some((tag) => tag.TagKey.toLowerCase().startsWith('aws:')))
    throw new AwsError('TagException', 'Tags beginning with aws: are reserved');
  const all = [...present.filter((tag) => !keys.has(tag.TagKey)), ...added];
  if (all.length > maxTags) throw new AwsError('TagException', 'Too many tags');
  return all;
}
