import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { isRefusal } from './eventual-consistency.ts';
import type { Tag } from './tags.ts';

/** Loads the S3 client, so that it is not loaded before the first call. */
const sdk = () => import('@aws-sdk/client-s3');

/**
 * A bucket, and the id of the account that it must belong to: S3 refuses a request that names another owner. S3 user guide,
 * "Verifying bucket ownership with bucket owner condition".
 */
export type OwnedBucket = { readonly bucket: string; readonly owner: string };

/** The members of a request that name a bucket and its owner. */
export const bucketMembers = ({ bucket, owner }: OwnedBucket) => ({ Bucket: bucket, ExpectedBucketOwner: owner });

/** A bucket; its Region is `undefined` when the server does not tell it. */
export type Bucket = { readonly name: string; readonly region: string | undefined };

/** Yields the caller's buckets, page by page. Calls ListBuckets. */
export async function* listBuckets(s3: S3Client): AsyncGenerator<readonly Bucket[]> {
  const { paginateListBuckets } = await sdk();
  for await (const { Buckets = [] } of paginateListBuckets({ client: s3, pageSize: 1000 }, {}))
    yield Buckets.map(({ Name = '', BucketRegion }) => ({ name: Name, region: BucketRegion }));
}

/** The Region of a bucket. `isNamed` is true when the answer named it. Otherwise it is the Region of the client. */
type BucketPlace = { readonly region: string; readonly isNamed: boolean };

/**
 * Gives the Region of a bucket, also of a bucket in another Region to which the caller has no access. Gives `absent` when
 * the bucket does not exist, and `foreign` when the caller may look at it and it belongs to another account. Gives `denied`
 * when S3 does not say: the caller lacks s3:ListBucket, or the bucket is another account's, or there is none. Calls HeadBucket.
 */
export async function findBucket(
  s3: S3Client,
  place: OwnedBucket,
): Promise<BucketPlace | 'absent' | 'denied' | 'foreign'> {
  const found = await headBucket(s3, bucketMembers(place));
  if (found !== 'denied') return found;
  // S3 refuses in the same way when the owner is another one and when a permission is missing. To tell which, ask again without
  // an owner.
  return typeof (await headBucket(s3, { Bucket: place.bucket })) === 'object' ? 'foreign' : 'denied';
}

type HeadMembers = { readonly Bucket: string; readonly ExpectedBucketOwner?: string };

/** Sends one HEAD request for a bucket, with or without an owner that it must have: see {@link findBucket}. */
async function headBucket(s3: S3Client, members: HeadMembers): Promise<BucketPlace | 'absent' | 'denied'> {
  const { HeadBucketCommand } = await sdk();
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand(members));
    return { region: BucketRegion ?? (await s3.config.region()), isNamed: BucketRegion !== undefined };
  } catch (error) {
    // The answer to a HEAD request has no body, so that only the status and the headers tell what is wrong.
    const { $response, $metadata } = error as {
      $response?: { headers?: Record<string, string> };
      $metadata?: { httpStatusCode?: number };
    };
    const region = $response?.headers?.['x-amz-bucket-region'];
    const status = $metadata?.httpStatusCode;
    if (region !== undefined && region !== (await s3.config.region())) return { region, isNamed: true };
    if (status === 404) return 'absent';
    if (status === 403) return 'denied';
    throw error;
  }
}

/**
 * Tells who owns a bucket, when HeadBucket does not let the caller look at it. `own`: ListBuckets names the bucket. `foreign`:
 * ListBuckets does not name it, and HeadBucket would have told this caller if the name were free. Else `unknown`.
 */
export async function findOwner(s3: S3Client, { bucket, owner }: OwnedBucket): Promise<'own' | 'foreign' | 'unknown'> {
  try {
    for await (const page of listBuckets(s3)) if (page.some(({ name }) => name === bucket)) return 'own';
  } catch (error) {
    if (isRefusal(error)) return 'unknown';
    throw error;
  }
  // Nobody has a bucket of this name. Does HeadBucket say so to the caller?
  const freeName = `keyferry-${randomUUID()}`;
  return (await findBucket(s3, { bucket: freeName, owner })) === 'absent' ? 'foreign' : 'unknown';
}

/**
 * Creates a bucket in the client's Region, with these tags. Tags need the permission s3:TagResource. Calls CreateBucket; the
 * SDK adds the location constraint.
 */
export async function createBucket(s3: S3Client, bucket: string, tags: readonly Tag[] = []): Promise<void> {
  const { CreateBucketCommand } = await sdk();
  const Tags = tags.map(({ key, value }) => ({ Key: key, Value: value }));
  await s3.send(
    new CreateBucketCommand({ Bucket: bucket, ...(tags.length === 0 ? {} : { CreateBucketConfiguration: { Tags } }) }),
  );
}
