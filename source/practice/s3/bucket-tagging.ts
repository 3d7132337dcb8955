import { AwsError } from '../aws-error.ts';
import { element } from '../xml.ts';
import { needBucket, saveBucket } from './bucket-record.ts';
import { readXml, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { tagsIn } from './tag-set.ts';

/** GetBucketTagging. A bucket without tags gets the error NoSuchTagSet (404). */
export const getBucketTagging = s3Operation({ on: 'bucket', needs: 's3:GetBucketTagging' }, ({ call, bucket }) => {
  const { tags = [] } = needBucket(call, bucket);
  if (tags.length === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', { status: 404 });
  return xmlAnswer('Tagging', { TagSet: { Tag: tags } });
});

/** PutBucketTagging. The new tags replace all tags. */
export const putBucketTagging = s3Operation(
  { on: 'bucket', needs: 's3:PutBucketTagging' },
  async ({ call, exchange, bucket }) => {
    const before = needBucket(call, bucket);
    const tags = tagsIn(element(await readXml(exchange, 'Tagging', 'with a checksum'), 'TagSet'), 'bucket');
    saveBucket(call.store, { ...before, tags });
    return { status: 204 };
  },
);

export const deleteBucketTagging = s3Operation({ on: 'bucket', needs: 's3:PutBucketTagging' }, ({ call, bucket }) => {
  const { tags: _, ...kept } = needBucket(call, bucket);
  saveBucket(call.store, kept);
  return { status: 204 };
});
