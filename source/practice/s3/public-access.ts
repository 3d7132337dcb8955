import { AwsError } from '../aws-error.ts';
import { textOf } from '../xml.ts';
import { type Bucket, needBucket, type PublicAccessBlock, saveBucket } from './bucket-record.ts';
import { readXml, s3Operation, xmlAnswer } from './s3-exchange.ts';

const root = 'PublicAccessBlockConfiguration';

/** What a new bucket blocks since April 2023. */
const allBlocked: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** Gives which public access a bucket blocks, or `undefined` when it has no such setting. */
export function publicAccessBlockOf({ publicAccess = allBlocked }: Bucket): PublicAccessBlock | undefined {
  return publicAccess === 'none' ? undefined : publicAccess;
}

export const getPublicAccessBlock = s3Operation(
  { on: 'bucket', needs: 's3:GetBucketPublicAccessBlock' },
  ({ call, bucket }) => {
    const blocked = publicAccessBlockOf(needBucket(call, bucket));
    if (blocked !== undefined) return xmlAnswer(root, blocked);
    throw new AwsError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', {
      status: 404,
      details: { BucketName: bucket },
    });
  },
);

/** PutPublicAccessBlock. A flag that the document leaves out is false. */
export const putPublicAccessBlock = s3Operation(
  { on: 'bucket', needs: 's3:PutBucketPublicAccessBlock' },
  async ({ call, exchange, bucket }) => {
    const before = needBucket(call, bucket);
    const document = await readXml(exchange, root, 'with a checksum');
    const flag = (name: keyof PublicAccessBlock) => textOf(document, name)?.toLowerCase() === 'true';
    const publicAccess: PublicAccessBlock = {
      BlockPublicAcls: flag('BlockPublicAcls'),
      IgnorePublicAcls: flag('IgnorePublicAcls'),
      BlockPublicPolicy: flag('BlockPublicPolicy'),
      RestrictPublicBuckets: flag('RestrictPublicBuckets'),
    };
    saveBucket(call.store, { ...before, publicAccess });
    return { status: 200 };
  },
);

export const deletePublicAccessBlock = s3Operation(
  { on: 'bucket', needs: 's3:PutBucketPublicAccessBlock' },
  ({ call, bucket }) => {
    saveBucket(call.store, { ...needBucket(call, bucket), publicAccess: 'none' });
    return { status: 204 };
  },
);
