import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { isAccessDenied, undefinedIfDenied } from './access-denied.ts';
import { UnfitAnswerError } from './check-answers.ts';
import { isUploadEnded } from './eventual-consistency.ts';
import { type ObjectAnswer, objectIn } from './object-answer.ts';
import { type BegunUpload, type ObjectPlace, placeMembers, type SentPart } from './object-write.ts';
import { ForeignAnswerError } from './patience-errors.ts';
import { bucketMembers, type OwnedBucket } from './s3.ts';

/** Loads the S3 client, so that it is not loaded before the first call. */
const sdk = () => import('@aws-sdk/client-s3');

/** What a look at an object tells. `size` is in bytes; -1 when S3 did not tell it. */
export type SeenObject = ObjectAnswer & { readonly size: number };

/**
 * Looks at an object, without its bytes. Gives `absent` when the bucket has no object of this name. Gives `not shown` when the
 * caller may not look: without s3:ListBucket, S3 gives the same answer when there is no such object. S3 also refuses a look with
 * the checksum to a caller who may not decrypt under the object's key; then looks again without it. Calls HeadObject.
 */
export async function seeObject(s3: S3Client, place: ObjectPlace): Promise<SeenObject | 'absent' | 'not shown'> {
  const look = await head(s3, place, 'with checksum');
  return look === 'not shown' ? head(s3, place, 'without checksum') : look;
}

/** Sends one HEAD request for an object: see {@link seeObject}. */
async function head(s3: S3Client, place: ObjectPlace, how: 'with checksum' | 'without checksum') {
  const { HeadObjectCommand } = await sdk();
  try {
    const answer = await s3.send(
      new HeadObjectCommand({
        ...placeMembers(place),
        ...(how === 'with checksum' ? { ChecksumMode: 'ENABLED' } : {}),
      }),
    );
    return { ...objectIn(answer), size: answer.ContentLength ?? -1 };
  } catch (error) {
    // The answer to a HEAD request has no body with the error's name.
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return 'absent';
    if (status === 403) return 'not shown';
    throw error;
  }
}

/**
 * Tells whether a bucket has no object whose name begins with a prefix. Gives `undefined` when the caller may not list. Calls
 * ListObjectsV2.
 */
export async function isNothingUnder(
  s3: S3Client,
  { prefix, ...bucket }: OwnedBucket & { readonly prefix: string },
): Promise<boolean | undefined> {
  const { ListObjectsV2Command } = await sdk();
  const request = new ListObjectsV2Command({ ...bucketMembers(bucket), Prefix: prefix, MaxKeys: 1 });
  const answer = await undefinedIfDenied(s3.send(request));
  return answer === undefined ? undefined : (answer.Contents ?? []).length === 0;
}

/**
 * Yields all objects whose names begin with a prefix, page by page, with their sizes in bytes. S3 is asked to URL-encode the names,
 * because XML changes a carriage return, and cannot hold some other characters. When the answer says that the names are encoded,
 * decodes them. Calls ListObjectsV2.
 * @throws UnfitAnswerError for a name that is not encoded in this way.
 */
export async function* listObjects(
  s3: S3Client,
  { prefix, ...bucket }: OwnedBucket & { readonly prefix: string },
): AsyncGenerator<readonly { readonly key: string; readonly size: number }[]> {
  const { paginateListObjectsV2 } = await sdk();
  const pages = paginateListObjectsV2(
    // Without this option, an S3 that gives the same token again would keep the loop running for ever.
    { client: s3, stopOnSameToken: true },
    { ...bucketMembers(bucket), Prefix: prefix, EncodingType: 'url' },
  );
  for await (const { Contents = [], EncodingType } of pages)
    yield Contents.map(({ Key = '', Size = 0 }) => ({
      key: EncodingType === 'url' ? decodeName(Key) : Key,
      size: Size,
    }));
}

/**
 * Decodes a name that S3 has URL-encoded, with a plus sign for a space.
 * @throws UnfitAnswerError for a name that is not encoded in this way.
 */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', '%20'));
  } catch {
    throw new UnfitAnswerError('S3.ListObjectsV2', 'Contents.Key', 'must be URL-encoded');
  }
}

/**
 * Lists the parts that S3 has of an upload, all pages. Gives `undefined` when the caller may not list them, and `ended` when
 * the upload does not exist any more. A part whose size S3 does not tell has the size -1, which fits no part of a file. Calls
 * ListParts.
 */
export async function listSentParts(
  s3: S3Client,
  { uploadId, ...place }: BegunUpload,
): Promise<readonly SentPart[] | 'ended' | undefined> {
  const { ListPartsCommand } = await sdk();
  const parts: SentPart[] = [];
  const members = { ...placeMembers(place), UploadId: uploadId };
  try {
    // The SDK's own paginator never ends when S3 names a marker on the last page too.
    for (let marker: string | undefined; ; ) {
      const page = await s3.send(new ListPartsCommand({ ...members, PartNumberMarker: marker }));
      for (const { PartNumber = 0, Size = -1, ETag = '', ChecksumCRC32 = '' } of page.Parts ?? [])
        parts.push({ number: PartNumber, size: Size, etag: ETag, crc32: ChecksumCRC32 });
      // When S3 gives the same marker again, stop: otherwise this loop would never end.
      if (page.IsTruncated !== true || page.NextPartNumberMarker === marker) break;
      marker = page.NextPartNumberMarker;
    }
    return parts;
  } catch (error) {
    if (isAccessDenied(error)) return undefined;
    if (isUploadEnded(error)) return 'ended';
    throw error;
  }
}

/** An upload in parts that S3 lists: who began it (an ARN, if S3 tells it), and when. */
export type ListedUpload = {
  readonly uploadId: string;
  readonly by: string | undefined;
  readonly at: Date | undefined;
};

/**
 * Lists all unfinished uploads of one object, with ListMultipartUploads. Gives an empty list when the caller
 * may not list them.
 */
export async function listUploadsOf(s3: S3Client, place: ObjectPlace): Promise<readonly ListedUpload[]> {
  const { ListMultipartUploadsCommand } = await sdk();
  const { Key: Prefix, ...members } = placeMembers(place);
  const found: ListedUpload[] = [];
  let KeyMarker: string | undefined;
  let UploadIdMarker: string | undefined;
  for (;;) {
    const command = new ListMultipartUploadsCommand({ ...members, Prefix, KeyMarker, UploadIdMarker });
    const page = await undefinedIfDenied(s3.send(command));
    for (const { Key, UploadId = '', Initiator, Initiated } of page?.Uploads ?? [])
      if (Key === place.key) found.push({ uploadId: UploadId, by: Initiator?.ID, at: Initiated });
    // When S3 gives the same markers again, stop: otherwise this loop would never end.
    const areSameMarkers = page?.NextKeyMarker === KeyMarker && page?.NextUploadIdMarker === UploadIdMarker;
    if (page?.IsTruncated !== true || areSameMarkers) return found;
    KeyMarker = page.NextKeyMarker;
    UploadIdMarker = page.NextUploadIdMarker;
  }
}

/** An object to read back, with its expected size in bytes. With an ETag, only that version is read. */
export type ObjectToRead = ObjectPlace & {
  readonly size: number;
  readonly etag?: string | undefined;
  /** When only a range is read: where it begins, in bytes. `size` is then that of the range. */
  readonly from?: number;
};

/** How the caller watches and stops a download. `onBytes` gets how many bytes have come so far. */
type ReadWatch = { readonly onBytes: (received: number) => void; readonly signal: AbortSignal };

/**
 * Downloads an object, or a range of it, and gives the SHA-256 (hex) of the bytes that come. The bytes are not kept. Fewer bytes
 * than `size` are no error: their SHA-256 is another one. Calls GetObject.
 * @throws ForeignAnswerError when more than `size` bytes come; the SDK's error PreconditionFailed when the object was replaced.
 */
export async function readBackSha256(
  s3: S3Client,
  { size, etag, from, ...place }: ObjectToRead,
  { onBytes, signal }: ReadWatch,
): Promise<string> {
  const { GetObjectCommand } = await sdk();
  const Range = from === undefined ? undefined : `bytes=${from}-${from + size - 1}`;
  const answer = await s3.send(new GetObjectCommand({ ...placeMembers(place), IfMatch: etag, Range }), {
    abortSignal: signal,
  });
  const name = `s3://${place.bucket}/${place.key}`;
  const hash = createHash('sha256');
  let received = 0;
  for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    received += chunk.length;
    if (received > size)
      throw new ForeignAnswerError(
        'S3',
        `sent more than the ${size} bytes that ${from === undefined ? `${name} has` : `were asked of ${name}`}`,
      );
    onBytes(received);
  }
  return hash.digest('hex');
}
