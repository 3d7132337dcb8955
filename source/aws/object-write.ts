import type { Readable } from 'node:stream';
import type { PutObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { type ObjectAnswer, objectIn } from './object-answer.ts';
import { sendQuickly } from './quick-put.ts';
import { bucketMembers, type OwnedBucket } from './s3.ts';

/** Loads the S3 client, so that it is not loaded before the first call. */
const sdk = () => import('@aws-sdk/client-s3');

/** An object in a bucket; `key` is its name. */
export type ObjectPlace = OwnedBucket & { readonly key: string };

/** The object that an upload makes. */
export type NewObject = ObjectPlace & {
  /** The full ARN of the KMS key that encrypts the object. */
  readonly keyArn: string;
  readonly contentType: string | undefined;
};

/**
 * Under which condition S3 writes. `absent`: nothing has this name. `replaces`: the object of this name has this ETag. `any`: S3
 * writes in any case. S3 itself checks this at the moment of writing. S3 user guide, "How to prevent
 * object overwrites with conditional writes".
 */
export type WriteCondition = 'absent' | 'any' | { readonly replaces: string };

/** Bytes for one request, with their checksums: CRC32 in base64, SHA-256 in hex. */
export type CheckedBytes = { readonly bytes: Buffer; readonly crc32: string; readonly sha256: string };

/**
 * Writes an object in one request. S3 compares the CRC32 with the bytes that it received. Calls PutObject.
 * @throws the SDK's error PreconditionFailed when the condition does not hold.
 */
export async function putObject(
  s3: S3Client,
  object: NewObject,
  { bytes, crc32, sha256, condition }: CheckedBytes & { readonly condition: WriteCondition },
  signal: AbortSignal,
): Promise<ObjectAnswer> {
  // The same request in two forms: for the quick way, `put` with its headers; for the usual way, a command.
  const makeCommand = async () => {
    const { PutObjectCommand } = await sdk();
    const command = new PutObjectCommand({
      ...encryptedTarget(object),
      ...conditionMembers(condition),
      Body: bytes,
      ChecksumCRC32: crc32,
    });
    changeHeaders(command, (made) => Object.assign(made, hashHeader(sha256)));
    return command;
  };
  const { bucket, owner, key, keyArn, contentType } = object;
  const headers = {
    ...hashHeader(sha256),
    'x-amz-checksum-crc32': crc32,
    // Without a type, the SDK sends this one.
    'content-type': contentType ?? 'application/octet-stream',
    'if-none-match': condition === 'absent' ? '*' : undefined,
    'if-match': typeof condition === 'object' ? condition.replaces : undefined,
  };
  const put = { place: `${bucket} ${owner} ${keyArn}`, key, bytes, headers };
  return objectIn(await sendQuickly(s3, put, makeCommand, signal));
}

/** The header with the SHA-256 of the body, which the signature covers. With this header, the SDK does not compute it again. */
const hashHeader = (sha256: string) => ({ 'x-amz-content-sha256': sha256 });

/** Changes the headers of a command's request before it is signed. */
function changeHeaders(
  command: PutObjectCommand | UploadPartCommand,
  change: (headers: Record<string, string>) => void,
): void {
  // The commands differ only in the types of their members.
  (command as PutObjectCommand).middlewareStack.add(
    (next) => (args) => {
      change((args.request as { readonly headers: Record<string, string> }).headers);
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'changeHeaders' },
  );
}

/** Begins an upload in parts, whose object has one CRC32 of all its bytes. Gives its UploadId. Calls CreateMultipartUpload. */
export async function createUpload(s3: S3Client, object: NewObject, signal: AbortSignal): Promise<string> {
  const { CreateMultipartUploadCommand } = await sdk();
  const { UploadId = '' } = await s3.send(
    new CreateMultipartUploadCommand({
      ...encryptedTarget(object),
      ChecksumAlgorithm: 'CRC32',
      ChecksumType: 'FULL_OBJECT',
    }),
    { abortSignal: signal },
  );
  return UploadId;
}

/** An upload in parts that was begun. */
export type BegunUpload = ObjectPlace & { readonly uploadId: string };

/** A part that S3 has: its number from 1, its size in bytes, its ETag, and the CRC32 (base64) of its bytes. */
export type SentPart = {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly crc32: string;
};

/** Sends one part. S3 compares the CRC32 with the bytes that it received. Gives the ETag of the part. Calls UploadPart. */
export async function sendPart(
  s3: S3Client,
  upload: BegunUpload,
  { number, bytes, crc32, sha256 }: CheckedBytes & { readonly number: number },
  signal: AbortSignal,
): Promise<string> {
  const { UploadPartCommand } = await sdk();
  const members = uploadMembers(upload);
  const command = new UploadPartCommand({ ...members, PartNumber: number, Body: bytes, ChecksumCRC32: crc32 });
  changeHeaders(command, (headers) => {
    Object.assign(headers, hashHeader(sha256));
    skipExpect(headers);
  });
  const { ETag = '' } = await s3.send(command, { abortSignal: signal });
  return ETag;
}

/**
 * Has a part sent at once. Otherwise the SDK asks first whether S3 takes the part (`Expect: 100-continue`). For each such question
 * it opens a connection that it uses only for this part, with a handshake and a slow start. S3 has taken the upload already.
 */
function skipExpect(headers: Record<string, string>): void {
  delete headers.Expect;
}

/**
 * Sends one part from a stream, for parts that are too large for the memory. The checksum follows the bytes, and S3 compares it.
 * Gives the ETag of the part. The SDK cannot send a stream twice, so that it makes no second try. Calls UploadPart.
 */
export async function streamPart(
  s3: S3Client,
  upload: BegunUpload,
  { number, body, size }: { readonly number: number; readonly body: Readable; readonly size: number },
  signal: AbortSignal,
): Promise<string> {
  const { UploadPartCommand } = await sdk();
  const command = new UploadPartCommand({
    ...uploadMembers(upload),
    PartNumber: number,
    Body: body,
    ContentLength: size,
    ChecksumAlgorithm: 'CRC32',
  });
  changeHeaders(command, skipExpect);
  const { ETag = '' } = await s3.send(command, { abortSignal: signal });
  return ETag;
}

/** The whole object of an upload in parts: all parts in their order, the size, and the CRC32 (base64) of all bytes. */
export type WholeUpload = { readonly parts: readonly SentPart[]; readonly size: number; readonly crc32: string };

/**
 * Puts the object together. S3 compares size and CRC32 with those of its parts. Calls CompleteMultipartUpload.
 * @throws the SDK's error PreconditionFailed when the condition does not hold.
 */
export async function completeUpload(
  s3: S3Client,
  upload: BegunUpload,
  { parts, size, crc32, condition }: WholeUpload & { readonly condition: WriteCondition },
  signal: AbortSignal,
): Promise<ObjectAnswer> {
  const { CompleteMultipartUploadCommand } = await sdk();
  const answer = await s3.send(
    new CompleteMultipartUploadCommand({
      ...uploadMembers(upload),
      ...conditionMembers(condition),
      ChecksumCRC32: crc32,
      ChecksumType: 'FULL_OBJECT',
      MpuObjectSize: size,
      MultipartUpload: {
        Parts: parts.map((part) => ({ PartNumber: part.number, ETag: part.etag, ChecksumCRC32: part.crc32 })),
      },
    }),
    { abortSignal: signal },
  );
  return objectIn(answer);
}

/** Gives up an upload in parts, so that S3 keeps no parts of it. Calls AbortMultipartUpload. */
export async function abortUpload(s3: S3Client, upload: BegunUpload): Promise<void> {
  const { AbortMultipartUploadCommand } = await sdk();
  await s3.send(new AbortMultipartUploadCommand(uploadMembers(upload)));
}

/** The members of a request that name an object. */
export const placeMembers = ({ key, ...bucket }: ObjectPlace) => ({ ...bucketMembers(bucket), Key: key });

const uploadMembers = ({ uploadId, ...place }: BegunUpload) => ({ ...placeMembers(place), UploadId: uploadId });

/** The members of a request that name the object and the key that encrypts it. */
const encryptedTarget = ({ keyArn, contentType, ...place }: NewObject) =>
  ({
    ...placeMembers(place),
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: keyArn,
    ContentType: contentType,
  }) as const;

/** The members of a request that tell S3 under which condition it writes. */
function conditionMembers(condition: WriteCondition) {
  if (condition === 'any') return {};
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.replaces };
}
