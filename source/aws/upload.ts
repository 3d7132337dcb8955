import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';

const sdk = () => import('@aws-sdk/client-s3');

export type Upload = {
  readonly bucket: string;
  readonly key: string;
  readonly keyArn: string;
  /** The ETag of the object that it replaces; without one it replaces none. */
  readonly replaces?: string | undefined;
};

type Watch = {
  /** Sees the first bytes, which of a file below 8 MiB are all, before anything is sent; what it throws stops the upload. */
  readonly judge: (bytes: Buffer) => void;
  /** Told how many bytes have arrived. */
  readonly onBytes: (sent: number) => void;
  readonly signal: AbortSignal;
};

/** What was uploaded: the ETag that S3 gave it, how many bytes were read from the file, and their SHA-256 (hex). */
export type Uploaded = { readonly etag: string; readonly size: number; readonly sha256: string };

/** S3 takes parts of 5 MiB or more, and at most 10,000 of them. S3 user guide, "Multipart upload limits". */
const leastPart = 8 * 1024 * 1024;
const mostParts = 10_000;

/** This number of parts is sent at a time. Their buffers are used again, so that memory does not grow with the file. */
const travelling = 4;

/**
 * Uploads a file under the KMS key, named by its full ARN, in parts when it is large. PutObject, or CreateMultipartUpload,
 * UploadPart and CompleteMultipartUpload. An upload in parts that fails or is stopped is given up, so that S3 keeps none.
 * The file is read from its current position and stays open.
 *
 * It never replaces an object that was not named: S3 itself checks the condition at the moment of writing.
 * @throws PreconditionFailed where an object of this name exists, or is not the one to be replaced.
 *
 * The SDK's own library for this copies each part and leaves its memory to the garbage collector, which takes as much
 * processor time as all the rest.
 */
export async function uploadObject(
  s3: S3Client,
  file: FileHandle,
  upload: Upload,
  { judge, ...watch }: Watch,
): Promise<Uploaded> {
  const { size } = await file.stat();
  const partSize = Math.max(leastPart, Math.ceil(size / mostParts));
  const reader = new PartReader(file, judge);
  return size <= partSize
    ? await uploadWhole(s3, { ...upload, size }, { ...watch, reader })
    : await uploadParts(s3, { ...upload, partSize }, { ...watch, reader });
}

type Reading = Omit<Watch, 'judge'> & { readonly reader: PartReader };

async function uploadWhole(
  s3: S3Client,
  { size, ...upload }: Upload & { readonly size: number },
  { reader, onBytes, signal }: Reading,
): Promise<Uploaded> {
  const { PutObjectCommand } = await sdk();
  const { bytes } = await reader.next(Buffer.allocUnsafe(size));
  const { ETag = '' } = await s3.send(new PutObjectCommand({ ...target(upload), ...condition(upload), Body: bytes }), {
    abortSignal: signal,
  });
  onBytes(bytes.length);
  return { etag: ETag, ...reader.read() };
}

async function uploadParts(
  s3: S3Client,
  { partSize, ...upload }: Upload & { readonly partSize: number },
  { reader, onBytes, signal }: Reading,
): Promise<Uploaded> {
  const {
    AbortMultipartUploadCommand,
    CompleteMultipartUploadCommand,
    CreateMultipartUploadCommand,
    UploadPartCommand,
  } = await sdk();
  const name = { Bucket: upload.bucket, Key: upload.key };
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...target(upload), ChecksumAlgorithm: 'CRC32' }),
    {
      abortSignal: signal,
    },
  );
  const parts: CompletedPart[] = [];
  const failed = new AbortController();
  const abortSignal = AbortSignal.any([signal, failed.signal]);
  let sent = 0;
  const send = async () => {
    const buffer = Buffer.allocUnsafe(partSize);
    for (;;) {
      const { number, bytes } = await reader.next(buffer);
      if (bytes.length === 0) return;
      const { ETag, ChecksumCRC32 } = await s3.send(
        new UploadPartCommand({ ...name, UploadId, PartNumber: number, Body: bytes, ChecksumAlgorithm: 'CRC32' }),
        { abortSignal },
      );
      parts[number - 1] = { PartNumber: number, ETag, ChecksumCRC32 };
      sent += bytes.length;
      onBytes(sent);
    }
  };
  try {
    await Promise.all(
      Array.from({ length: travelling }, () =>
        send().catch((error: unknown) => {
          failed.abort(error);
          throw error;
        }),
      ),
    );
    const { ETag = '' } = await s3.send(
      new CompleteMultipartUploadCommand({
        ...name,
        ...condition(upload),
        UploadId,
        MultipartUpload: { Parts: parts },
      }),
      { abortSignal: signal },
    );
    return { etag: ETag, ...reader.read() };
  } catch (error) {
    // What stopped the upload is what counts, not whether S3 could still be told.
    await s3.send(new AbortMultipartUploadCommand({ ...name, UploadId })).catch(() => {});
    throw error;
  }
}

const target = ({ bucket, key, keyArn }: Upload) =>
  ({ Bucket: bucket, Key: key, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn }) as const;

const condition = ({ replaces }: Upload) => (replaces === undefined ? { IfNoneMatch: '*' } : { IfMatch: replaces });

/** Reads a file part by part, for several callers in turn, and computes the hash of all parts. */
class PartReader {
  readonly #file: FileHandle;
  readonly #judge: Watch['judge'];
  readonly #hash: Hash = createHash('sha256');
  #size = 0;
  #number = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle, judge: Watch['judge']) {
    this.#file = file;
    this.#judge = judge;
  }

  /** Fills the buffer with the next bytes of the file, fewer or none at its end. */
  next(buffer: Buffer): Promise<{ readonly number: number; readonly bytes: Buffer }> {
    const turn = this.#turn.then(() => this.#fill(buffer));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** What has been read so far. */
  read(): Omit<Uploaded, 'etag'> {
    return { size: this.#size, sha256: this.#hash.copy().digest('hex') };
  }

  async #fill(buffer: Buffer): Promise<{ number: number; bytes: Buffer }> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.#file.read(buffer, filled, buffer.length - filled, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const bytes = buffer.subarray(0, filled);
    if (this.#number === 0) this.#judgeFirst(bytes);
    this.#hash.update(bytes);
    this.#size += filled;
    this.#number += 1;
    return { number: this.#number, bytes };
  }

  /** What is refused may be a secret, and is not left in memory. */
  #judgeFirst(bytes: Buffer): void {
    try {
      this.#judge(bytes);
    } catch (error) {
      bytes.fill(0);
      throw error;
    }
  }
}
