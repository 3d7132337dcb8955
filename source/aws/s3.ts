import { createHash, randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { isAccessDenied } from './access-denied.ts';
import { isRefusal } from './eventual-consistency.ts';
import { ForeignAnswerError } from './patience-errors.ts';
import type { Tag } from './tags.ts';
import { type EncryptionAnswer, encryptionIn, type NamedEncryption } from './upload.ts';

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
 * the bucket does not exist. Gives `denied` when S3 does not say: the caller lacks s3:ListBucket, or the bucket is another
 * account's, or there is none. HeadBucket.
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

/**
 * Tells whose a bucket is that HeadBucket does not let the caller look at, as far as S3 shows it. `own`: ListBuckets names it.
 * `foreign`: ListBuckets does not name it, and HeadBucket answers otherwise for a name that no bucket has. Else `unknown`.
 */
export async function findOwner(s3: S3Client, bucket: string): Promise<'own' | 'foreign' | 'unknown'> {
  try {
    for await (const page of listBuckets(s3)) if (page.some(({ name }) => name === bucket)) return 'own';
  } catch (error) {
    if (isRefusal(error)) return 'unknown';
    throw error;
  }
  return (await findBucket(s3, `keyferry-${randomUUID()}`)) === 'absent' ? 'foreign' : 'unknown';
}

/**
 * Creates a bucket in the client's Region, with these tags. Tags need the permission s3:TagResource. CreateBucket; the SDK
 * adds the location constraint.
 */
export async function createBucket(s3: S3Client, bucket: string, tags: readonly Tag[] = []): Promise<void> {
  const { CreateBucketCommand } = await sdk();
  const Tags = tags.map(({ key, value }) => ({ Key: key, Value: value }));
  await s3.send(
    new CreateBucketCommand({ Bucket: bucket, ...(tags.length === 0 ? {} : { CreateBucketConfiguration: { Tags } }) }),
  );
}

/** What HeadObject tells about an object. */
export type ObjectHead = {
  /** In bytes; -1 when S3 did not tell it. */
  readonly size: number;
  /** A text that changes when the object is replaced. For objects under KMS, it is not a checksum. */
  readonly etag: string;
} & NamedEncryption;

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
  return headIn(head);
}

/**
 * Gives the same as {@link headObject}, or `absent` when the bucket has no object of this name. Gives `not shown` when the
 * caller may not look: without s3:ListBucket, S3 answers so also when there is no such object.
 */
export async function findObject(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<ObjectHead | 'absent' | 'not shown'> {
  try {
    return await headObject(s3, bucket, key);
  } catch (error) {
    if (isAccessDenied(error)) return 'not shown';
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return 'absent';
    throw error;
  }
}

/** An object to read back, with its expected size in bytes. */
type ObjectToRead = { readonly bucket: string; readonly key: string; readonly size: number };

/** How the caller watches and stops a download. `onHead` gets what S3 tells about the object before its bytes come. */
type ReadWatch = {
  readonly onHead?: (head: ObjectHead) => void;
  readonly onBytes: (received: number) => void;
  readonly signal: AbortSignal;
};

/**
 * Downloads an object and gives the SHA-256 (hex) of its bytes. The bytes are not kept. GetObject.
 * @throws ForeignAnswerError when more than `size` bytes come.
 */
export async function readBackSha256(
  s3: S3Client,
  { bucket, key, size }: ObjectToRead,
  { onHead, onBytes, signal }: ReadWatch,
): Promise<string> {
  const { GetObjectCommand } = await sdk();
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  onHead?.(headIn(answer));
  const hash = createHash('sha256');
  let received = 0;
  for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    received += chunk.length;
    if (received > size)
      throw new ForeignAnswerError('S3', `sent more than the ${size} bytes that s3://${bucket}/${key} has`);
    onBytes(received);
  }
  return hash.digest('hex');
}

/** Takes what an answer of S3 tells about an object. */
function headIn(
  answer: EncryptionAnswer & { readonly ContentLength?: number | undefined; readonly ETag?: string | undefined },
): ObjectHead {
  return { size: answer.ContentLength ?? -1, etag: answer.ETag ?? '', ...encryptionIn(answer) };
}
