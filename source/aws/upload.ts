import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';

/** Loads the S3 client, so that it is not loaded before the first upload. */
const sdk = () => import('@aws-sdk/client-s3');

/** The object that an upload makes or replaces. */
export type Upload = {
  readonly bucket: string;
  /** The name of the object. */
  readonly key: string;
  /** The full ARN of the KMS key that encrypts the object. */
  readonly keyArn: string;
  /** The ETag of the object that the upload may replace. When absent, the upload may not replace an object. */
  readonly replaces?: string | undefined;
};

/** How the caller checks, watches and stops an upload. */
type Watch = {
  /** Gets the first part before anything is sent: of a file below 8 MiB, the whole file. Its error stops the upload. */
  readonly judge: (bytes: Buffer) => void;
  /** Gets the number of bytes that S3 has received so far. */
  readonly onBytes: (sent: number) => void;
  readonly signal: AbortSignal;
};

/** What was uploaded: the ETag that S3 gave to the object, the number of bytes from the file, and their SHA-256 (hex). */
export type Uploaded = {
  readonly etag: string;
  readonly size: number;
  readonly sha256: string;
  /** The encryption that S3 named when it answered the upload. Absent in journals of versions that did not keep it. */
  readonly named?: NamedEncryption;
};

/** The encryption of an object as an answer of S3 names it: such as `aws:kms`, and the ARN of the key; `none` for neither. */
export type NamedEncryption = { readonly sseAlgorithm: string; readonly kmsKeyArn: string };

/** The members of an answer of S3 that name an encryption. */
export type EncryptionAnswer = {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
};

/** Takes the encryption from an answer of S3. */
export function encryptionIn({ ServerSideEncryption, SSEKMSKeyId }: EncryptionAnswer): NamedEncryption {
  return { sseAlgorithm: ServerSideEncryption ?? 'none', kmsKeyArn: SSEKMSKeyId ?? 'none' };
}

/** In bytes. S3 takes parts of 5 MiB or more, and at most 10,000 of them. S3 user guide, "Multipart upload limits". */
const leastPartSize = 8 * 1024 * 1024;
const mostParts = 10_000;

/** How many parts are sent at the same time. Each sender has one buffer, so that memory does not grow with the file. */
const partsInFlight = 4;

/**
 * Uploads a file, encrypted under the KMS key. A file over 8 MiB is sent in parts.
 * When an upload in parts fails or is stopped, it is aborted, so that S3 keeps no parts.
 * The file is read from its current position and stays open. PutObject, or CreateMultipartUpload, UploadPart and
 * CompleteMultipartUpload.
 *
 * S3 itself checks `replaces` at the moment of writing, so that no other object is ever replaced.
 * @throws the SDK's error PreconditionFailed when the object exists although `replaces` is absent, or has another ETag.
 *
 * The SDK's own library for uploads is not used: it copies each part and leaves the memory to the garbage collector, which
 * takes as much processor time as the rest of the upload.
 */
export async function uploadObject(
  s3: S3Client,
  file: FileHandle,
  upload: Upload,
  { judge, ...watch }: Watch,
): Promise<Uploaded> {
  const { size } = await file.stat();
  const partSize = Math.max(leastPartSize, Math.ceil(size / mostParts));
  const reader = new PartReader(file, judge);
  return size <= partSize
    ? await uploadWhole(s3, { ...upload, size }, { ...watch, reader })
    : await uploadParts(s3, { ...upload, partSize }, { ...watch, reader });
}

type Sending = Omit<Watch, 'judge'> & { readonly reader: PartReader };

/** Sends a file in one request. */
async function uploadWhole(
  s3: S3Client,
  { size, ...upload }: Upload & { readonly size: number },
  { reader, onBytes, signal }: Sending,
): Promise<Uploaded> {
  const { PutObjectCommand } = await sdk();
  const { bytes } = await reader.next(Buffer.allocUnsafe(size));
  const answer = await s3.send(new PutObjectCommand({ ...target(upload), ...condition(upload), Body: bytes }), {
    abortSignal: signal,
  });
  onBytes(bytes.length);
  return { etag: answer.ETag ?? '', ...reader.summary(), named: encryptionIn(answer) };
}

/** Sends a file in parts of `partSize` bytes, several at the same time. Aborts the upload after a failure. */
async function uploadParts(
  s3: S3Client,
  { partSize, ...upload }: Upload & { readonly partSize: number },
  { reader, onBytes, signal }: Sending,
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
  /** Stops all senders after the first failure of one of them. */
  const failed = new AbortController();
  const abortSignal = AbortSignal.any([signal, failed.signal]);
  let sent = 0;
  /** Sends parts with one buffer until the file ends. Several of these loops run at the same time. */
  const sendParts = async () => {
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
      Array.from({ length: partsInFlight }, () =>
        sendParts().catch((error: unknown) => {
          failed.abort(error);
          throw error;
        }),
      ),
    );
    const answer = await s3.send(
      new CompleteMultipartUploadCommand({
        ...name,
        ...condition(upload),
        UploadId,
        MultipartUpload: { Parts: parts },
      }),
      { abortSignal: signal },
    );
    return { etag: answer.ETag ?? '', ...reader.summary(), named: encryptionIn(answer) };
  } catch (error) {
    // When the abort fails too, the first error still counts.
    await s3.send(new AbortMultipartUploadCommand({ ...name, UploadId })).catch(() => {});
    throw error;
  }
}

/** The parameters of a request that name the object and the key that encrypts it. */
const target = ({ bucket, key, keyArn }: Upload) =>
  ({ Bucket: bucket, Key: key, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn }) as const;

/** The condition under which S3 writes: no object of this name exists, or it has the ETag `replaces`. */
const condition = ({ replaces }: Upload) => (replaces === undefined ? { IfNoneMatch: '*' } : { IfMatch: replaces });

/** Reads a file part by part and computes its hash. Several callers may ask at the same time; each gets the next part. */
class PartReader {
  readonly #file: FileHandle;
  readonly #judge: Watch['judge'];
  readonly #hash: Hash = createHash('sha256');
  #size = 0;
  /** The number of the part that was read last; 0 before the first. */
  #number = 0;
  /** Ends when the last caller has its part, so that callers read one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle, judge: Watch['judge']) {
    this.#file = file;
    this.#judge = judge;
  }

  /** Fills the buffer with the next bytes of the file. At the end of the file, `bytes` is shorter or empty. */
  next(buffer: Buffer): Promise<{ readonly number: number; readonly bytes: Buffer }> {
    const turn = this.#turn.then(() => this.#fill(buffer));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Gives the number of bytes that were read so far, and their SHA-256. */
  summary(): Pick<Uploaded, 'size' | 'sha256'> {
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

  /** Lets `judge` look at the first part. When `judge` throws, the bytes may be a secret and are overwritten. */
  #judgeFirst(bytes: Buffer): void {
    try {
      this.#judge(bytes);
    } catch (error) {
      bytes.fill(0);
      throw error;
    }
  }
}
