import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { elements, textOf } from '../xml.ts';

/** A tag of a bucket or an object. */
export type S3Tag = { readonly Key: string; readonly Value: string };

/** The most tags that S3 takes: API reference, PutObjectTagging and PutBucketTagging. */
const mostTags = { object: 10, bucket: 50 } as const;

/**
 * Gives the tags in an element such as `TagSet`.
 * @param owner what has the tags.
 * @throws InvalidTag or BadRequest for tags that S3 does not take.
 */
export function tagsIn(tagSet: unknown, owner: keyof typeof mostTags): readonly S3Tag[] {
  const tags = elements(tagSet, 'Tag').map((tag) => ({
    Key: textOf(tag, 'Key') ?? '',
    Value: textOf(tag, 'Value') ?? '',
  }));
  return checkTags(tags, owner);
}

/**
 * Gives the tags of the header `x-amz-tagging`, which has the form of a query.
 * @throws InvalidTag or BadRequest for tags that S3 does not take.
 */
export function tagsInHeader(value: string | undefined): readonly S3Tag[] {
  const pairs = [...new URLSearchParams(value ?? '')];
  return checkTags(
    pairs.map(([Key, Value]) => ({ Key, Value })),
    'object',
  );
}

/**
 * Checks tags, and gives them back.
 * @throws InvalidTag or BadRequest for tags that S3 does not take.
 */
function checkTags(tags: readonly S3Tag[], owner: keyof typeof mostTags): readonly S3Tag[] {
  const keys = tags.map(({ Key }) => Key);
  if (keys.some((key) => key === '' || key.length > 128)) throw invalidTag('tag-key');
  if (tags.some(({ Value }) => Value.length > 256)) throw invalidTag('tag-value');
  if (keys.some((key) => key.startsWith('aws:'))) throw invalidTag('tag-reserved');
  if (new Set(keys).size < keys.length) throw invalidTag('tag-twice');
  if (tags.length > mostTags[owner])
    throw new AwsError('BadRequest', unverifiedText('too-many-tags', { of: owner, most: String(mostTags[owner]) }));
  return tags;
}

function invalidTag(text: 'tag-key' | 'tag-value' | 'tag-reserved' | 'tag-twice'): AwsError {
  return new AwsError('InvalidTag', unverifiedText(text));
}
