import { Readable } from 'node:stream';
import { isUploadEnded } from '../aws/eventual-consistency.ts';
import { type BegunUpload, type SentPart, sendPart, streamPart } from '../aws/object-write.ts';
import { lentSize } from './buffer-pool.ts';
import { crc32, crc32Text } from './crc32.ts';
import { crcOfRange, piecesOf, readRange } from './file-bytes.ts';
import type { FileHash } from './file-hash.ts';
import type { Sending, TransferContext } from './transfer-context.ts';

/** The file was written to while it was read. */
export class ChangedFileError extends Error {}

/** The upload in parts does not exist any more, and nobody knows whether it made its object. */
export class EndedUploadError extends Error {}

/** The person had enough before all parts were sent. S3 keeps those that it has, for the next run. */
export class EnoughError extends Error {}

/** One part to send. */
export type Part = {
  readonly upload: BegunUpload;
  /** The part with this number that S3 has already. It may have other bytes. */
  readonly partInS3: SentPart | undefined;
  readonly number: number;
  /** Where the part begins in the file, and its length, in bytes. */
  readonly place: number;
  readonly length: number;
  readonly signal: AbortSignal;
};

/** A part that is being sent. */
export type BegunPart = { readonly sent: Promise<SentPart> };

/**
 * Waits for its turn, reads a part into memory, and begins to send it, unless S3 has the same part already. The caller
 * must wait for this function before it begins the next part, because `hashPart` must get the bytes of the file in their order.
 * @param part.hashPart hashes the bytes of the part.
 * @throws ChangedFileError when the file ends before the part does.
 */
export async function beginPart(
  context: TransferContext,
  sending: Sending,
  { hashPart, ...part }: Part & { readonly hashPart: FileHash['part'] },
): Promise<BegunPart> {
  const { flow, buffers } = context;
  const { place, length } = part;
  const end = await flow.begin(lentSize(length));
  const buffer = buffers.lend(length);
  const finish = (taken: number) => {
    buffers.takeBack(buffer);
    end(taken);
  };
  try {
    const bytes = await readRange(sending.file, buffer, place, length);
    if (bytes.length < length) throw new ChangedFileError('The file became shorter.');
    const sent = sendHashed(context, sending, { ...part, bytes, hashed: hashPart(bytes) });
    return { sent: sent.finally(() => finish(length)) };
  } catch (error) {
    finish(0);
    throw error;
  }
}

/** Sends a part as soon as it is hashed, unless S3 has the same part already. */
async function sendHashed(
  context: TransferContext,
  sending: Sending,
  { bytes, hashed, ...part }: Part & { readonly bytes: Buffer; readonly hashed: Promise<string> },
): Promise<SentPart> {
  const { number, length, partInS3, upload, signal } = part;
  // This thread computes the CRC32 while the other thread hashes.
  const crc = crc32Text(crc32(bytes));
  const sha256 = await hashed;
  if (partInS3 !== undefined && isSamePart(part, crc)) {
    context.onTaken(length);
    return partInS3;
  }
  const etag = await sendPart(context.s3, upload, { number, bytes, crc32: crc, sha256 }, signal).catch(throwFailure);
  return noteSent(context, sending, { number, size: length, etag, crc32: crc });
}

/** Waits for its turn, and begins to send a part that is too large for the memory. Reads its bytes while they are sent. */
export async function beginLargePart(context: TransferContext, sending: Sending, part: Part): Promise<BegunPart> {
  const end = await context.flow.begin(memoryOfLargePart);
  const sent = sendLargePart(context, sending, part).catch(throwFailure);
  return { sent: sent.finally(() => end(part.length)) };
}

/** About how much memory the pieces of a large part take while the part is sent, in bytes. */
const memoryOfLargePart = 8 * 1024 * 1024;

/**
 * Sends the bytes of a part while they are read, unless S3 has the same part already. To see that, reads the part for its CRC32.
 * @throws ChangedFileError when the file ends before the part does.
 */
async function sendLargePart(context: TransferContext, sending: Sending, part: Part): Promise<SentPart> {
  const { number, place, length, partInS3, upload, signal } = part;
  // A part of another length need not be read.
  const mayBeSame = partInS3?.size === length;
  if (mayBeSame && isSamePart(part, crc32Text(await crcOfRange(sending.file, place, length)))) {
    context.onTaken(length);
    return partInS3;
  }
  let crc = 0;
  let read = 0;
  async function* pieces() {
    for await (const piece of piecesOf(sending.file, place, length)) {
      crc = crc32(piece, crc);
      read += piece.length;
      yield piece;
    }
    if (read < length) throw new ChangedFileError('The file became shorter.');
  }
  const body = Readable.from(pieces(), { objectMode: false });
  const etag = await streamPart(context.s3, upload, { number, body, size: length }, signal);
  return noteSent(context, sending, { number, size: length, etag, crc32: crc32Text(crc) });
}

/** Tells whether S3 has this part with these bytes. @param crc the CRC32 of the bytes. */
const isSamePart = ({ partInS3, length }: Part, crc: string) => partInS3?.size === length && partInS3.crc32 === crc;

function noteSent({ manifest, onTaken }: TransferContext, { object }: Sending, part: SentPart): SentPart {
  manifest.note({ is: 'part', n: object.n, ...part });
  onTaken(part.size);
  return part;
}

/** @throws the error; when it says that the upload has ended, an EndedUploadError in its place. */
function throwFailure(error: unknown): never {
  throw isUploadEnded(error) ? new EndedUploadError('The upload in parts has ended.') : error;
}
