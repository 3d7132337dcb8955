import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { isRefusal } from './eventual-consistency.ts';
import { ForeignAnswerError } from './patience-errors.ts';

/** Loads the S3 client, so that it is not loaded before the first call. */
const sdk = () => import('@aws-sdk/client-s3');

/** A bucket; its Region is `undefined` when the server does not tell it. */
export type Bucket = { readonly name: string; readonly region: string | undefined };

/** Yields the caller's buckets, page by page. ListBuckets. */
export async function* listBuckets(s3: S3Client): AsyncGenerator<readonly Bucket[]> {
  const { paginateListBuckets } = await sdk();
  for await (const { Buckets = [] } of paginateListBuckets({ client: s3, pageSize: 1000 }, {}))
    yield Buckets.map(({ Name = '', BucketRegion }) => ({ name: Name, region: BucketRegion }));
}

/** The Region of a bucket. `isNamed` is true when the answer named it. Otherwise it is the Region of the client. */
type BucketPlace = { readonly region: string; readonly isNamed: boolean };

/**
 * Gives the Region of a bucket, also of a bucket in another Region to which the caller has no access. Gives `absent` when
 * the bucket does not exist, or `denied` when it is in the client's Region and the caller has no access. HeadBucket.
 */
export async function findBucket(s3: S3Client, bucket: string): Promise<BucketPlace | 'absent' | 'denied'> {
  const { HeadBucketCommand } = await sdk();
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: bucket }));
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

/** Creates a bucket in the client's Region. CreateBucket; the SDK adds the location constraint. */
export async function createBucket(s3: S3Client, bucket: string): Promise<void> {
  const { CreateBucketCommand } = await sdk();
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
}

/** Says why a bucket cannot have this name; `undefined` when it can. S3 user guide, "Bucket naming rules". */
export function findBucketNameProblem(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return 'A bucket name has 3 to 63 characters.';
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name))
    return 'A bucket name has small letters, digits, hyphens and dots, and begins and ends with a letter or digit.';
  if (name.includes('..')) return 'A bucket name has no two dots in a row.';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return 'A bucket name does not look like an IP address.';
  return undefined;
}

/** What HeadObject tells about an object. */
export type ObjectHead = {
  /** In bytes; -1 when S3 did not tell it. */
  readonly size: number;
  /** A text that changes when the object is replaced. For objects under KMS, it is not a checksum. */
  readonly etag: string;
  /** Such as `aws:kms`; `none` when S3 did not tell it. */
  readonly sseAlgorithm: string;
  /** The ARN of the KMS key; `none` when the object is not under one. */
  readonly kmsKeyArn: string;
};

/**
 * Aborts the unfinished uploads of this object that began at `since` or later, because S3 keeps and bills their parts. Does
 * nothing more when AWS refuses. ListMultipartUploads, AbortMultipartUpload.
 */
export async function abortUploads(s3: S3Client, bucket: string, key: string, since: Date): Promise<void> {
  const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await sdk();
  try {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }));
    // The times of S3 are whole seconds and come from another clock. Uploads from the minute before `since` count too.
    const ours = Uploads.filter(
      ({ Key, Initiated }) => Key === key && (Initiated?.getTime() ?? 0) >= since.getTime() - 60_000,
    );
    for (const { UploadId } of ours)
      await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId }));
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** Gives the size and ETag of an object, and the key under which it is encrypted. HeadObject. */
export async function headObject(s3: S3Client, bucket: string, key: string): Promise<ObjectHead> {
  const { HeadObjectCommand } = await sdk();
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).catch((error: unknown) => {
    // The answer to a HEAD request has no body with the error's name.
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 403) Object.assign(error as Error, { name: 'AccessDenied' });
    throw error;
  });
  return {
    size: head.ContentLength ?? -1,
    etag: head.ETag ?? '',
    sseAlgorithm: head.ServerSideEncryption ?? 'none',
    kmsKeyArn: head.SSEKMSKeyId ?? 'none',
  };
}

/** Gives the same as {@link headObject}, or `absent` when the bucket has no object of this name. */
export async function findObject(s3: S3Client, bucket: string, key: string): Promise<ObjectHead | 'absent'> {
  try {
    return await headObject(s3, bucket, key);
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return 'absent';
    throw error;
  }
}

/**
 * Downloads an object and gives the SHA-256 (hex) of its bytes. The bytes are not kept. GetObject.
 * @throws ForeignAnswerError when more than `size` bytes come.
 */
export async function readBackSha256(
  s3: S3Client,
  { bucket, key, size }: { bucket: string; key: string; size: number },
  { onBytes, signal }: { onBytes: (received: number) => void; signal: AbortSignal },
): Promise<string> {
  const { GetObjectCommand } = await sdk();
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  const hash = createHash('sha256');
  let received = 0;
  for await (const chunk of Body as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    received += chunk.length;
    if (received > size)
      throw new ForeignAnswerError('S3', `sent more than the ${size} bytes that s3://${bucket}/${key} has`);
    onBytes(received);
  }
  return hash.digest('hex');
}
