import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { type Partition, partitionOf } from '../partition.ts';
import type { Store } from '../store.ts';
import type { S3Tag } from './tag-set.ts';

/**
 * The default encryption of a bucket. `keyId` is the text of the request: an id, an ARN or an alias. S3 does not check it.
 * `blocked` is the encryption that uploads may not have.
 */
export type BucketEncryption = {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  readonly keyId?: string;
  readonly bucketKey: boolean;
  readonly blocked: 'SSE-C' | 'NONE';
};

/**
 * Which public access a bucket blocks. Practice AWS uses only `BlockPublicPolicy` of the four: it knows no other public access.
 */
export type PublicAccessBlock = {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
};

/** A bucket. Times are in milliseconds since 1970. */
export type Bucket = {
  readonly name: string;
  readonly region: string;
  readonly created: number;
  readonly encryption: BucketEncryption;
  /** The bucket policy, with exactly the text of the request. */
  readonly policy?: string;
  readonly tags?: readonly S3Tag[];
  /** Absent when the bucket blocks what a new bucket blocks. */
  readonly publicAccess?: PublicAccessBlock | 'none';
  /** True once somebody has put a default encryption, whatever it is now. */
  readonly wasEncryptionPut?: boolean;
};

/** The encryption that a new bucket has since April 2026: SSE-S3, with SSE-C blocked (recorded answers, Sep 2026). */
export const newBucketEncryption: BucketEncryption = { algorithm: 'AES256', bucketKey: false, blocked: 'SSE-C' };

type Row = { readonly name: string; readonly region: string; readonly created: number; readonly doc: string };

/** Gives the bucket of that name, or `undefined` when there is none. */
export function loadBucket(store: Store, name: string): Bucket | undefined {
  const row = store.first<Row>('SELECT * FROM s3_bucket WHERE name = ?', name);
  return row && bucketOf(row);
}

/** Gives the ARN of a bucket; with `key`, the ARN of this object in the bucket. */
export function s3Arn(partition: Partition, bucket: string, key = ''): string {
  return `arn:${partition}:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
}

/** Gives every bucket, sorted by name. */
export function allBuckets(store: Store): Bucket[] {
  return store.all<Row>('SELECT * FROM s3_bucket ORDER BY name').map(bucketOf);
}

/** Writes a new or changed bucket. */
export function saveBucket(store: Store, { name, region, created, ...kept }: Bucket): void {
  store.run('INSERT OR REPLACE INTO s3_bucket VALUES (?, ?, ?, ?)', name, region, created, JSON.stringify(kept));
}

/**
 * Gives the bucket of a request.
 * @throws NoSuchBucket (404), also when the bucket is still hidden or in another partition; AccessDenied (403) for a bucket of
 * another account; AuthorizationHeaderMalformed when the request was signed for another Region, with the right Region in the
 * header `x-amz-bucket-region`. unverified: one-endpoint; unverified: bucket-seen-late.
 */
export function needBucket({ store, region, partition, control, now, requestId }: Call, name: string): Bucket {
  if (control.isForeignBucket(name)) throw accessDenied();
  const bucket = loadBucket(store, name);
  const isHidden =
    bucket !== undefined && control.isBucketStillHidden(name, now().getTime() - bucket.created, requestId);
  if (!bucket || isHidden || partitionOf(bucket.region) !== partition) {
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
      status: 404,
      details: { BucketName: name },
    });
  }
  if (bucket.region !== region) {
    throw new AwsError(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${region}' is wrong; expecting '${bucket.region}'`,
      { details: { Region: bucket.region }, headers: { 'x-amz-bucket-region': bucket.region } },
    );
  }
  return bucket;
}

/** Makes the error AccessDenied without a reason. */
export function accessDenied(): AwsError {
  return new AwsError('AccessDenied', 'Access Denied', { status: 403 });
}

/** Gives the bucket in a row of the store. */
function bucketOf({ name, region, created, doc }: Row): Bucket {
  return { name, region, created, ...(JSON.parse(doc) as Omit<Bucket, keyof Row>) };
}
