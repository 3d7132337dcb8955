import { isUploadEnded } from '../aws/eventual-consistency.ts';
import type { ObjectAnswer } from '../aws/object-answer.ts';
import { listSentParts } from '../aws/object-look.ts';
import { completeUpload, createUpload, type SentPart, type WriteCondition } from '../aws/object-write.ts';
import { contentTypeOf } from './content-type.ts';
import { combineCrc32, crc32Text, readCrc32 } from './crc32.ts';
import { checksumsOf, type FileVersion, isSameVersion, versionOf } from './file-bytes.ts';
import { type FileHash, hashHere } from './file-hash.ts';
import type { LineOf } from './manifest-line.ts';
import { mebibyte } from './part-size.ts';
import { beginLargePart, beginPart, ChangedFileError, EndedUploadError, EnoughError } from './send-part.ts';
import { placeOf, type Sending, type TransferContext } from './transfer-context.ts';

/** An object that S3 has written, and the checksums of its file: CRC32 in base64, SHA-256 in hex. */
export type Written = { readonly answer: ObjectAnswer; readonly crc32: string; readonly sha256: string };

/** How a file is sent: as it was when it was opened, under a condition, in parts of `partSize` bytes. */
export type SendOptions = {
  readonly version: FileVersion;
  readonly condition: WriteCondition;
  readonly partSize: number;
};

/**
 * Sends a file in parts, several at the same time, and has S3 put the object together. An upload that was begun before goes on:
 * a part that S3 has already with the same bytes is not sent again.
 * @throws EndedUploadError when the upload does not exist any more. After ChangedFileError, EnoughError or the SDK's error, the
 * upload may still exist.
 */
export async function sendParts(
  context: TransferContext,
  sending: Sending,
  { version, condition, partSize }: SendOptions,
): Promise<Written> {
  const { s3, manifest, signal } = context;
  const state = manifest.states.of(sending.object.n);
  const begun = state.is === 'begun' ? state.upload : await beginUpload(context, sending, { version, partSize });
  const upload = { ...placeOf(context, sending.object), uploadId: begun.uploadId };
  const listed = state.is === 'begun' ? await listSentParts(s3, upload) : [];
  if (listed === 'ended') throw new EndedUploadError('The upload in parts has ended.');
  // A caller who may not list the parts relies on what the manifest has.
  const present = listed ?? (state.is === 'begun' ? state.parts : []);
  const { parts, sha256 } = await sendMissing(context, sending, { begun, present });
  if (!isSameVersion(version, versionOf(sending.file))) throw new ChangedFileError('The file has changed.');
  let crc = 0;
  // Each part has a CRC32: this run has computed it, or compared it with that of the bytes.
  for (const part of parts) crc = combineCrc32(crc, readCrc32(part.crc32) ?? 0, part.size);
  const whole = { parts, size: version.size, crc32: crc32Text(crc), condition };
  // This request has no bytes of the file, but it counts as one of the requests that run at the same time.
  const end = await context.flow.begin(0);
  try {
    const answer = await completeUpload(s3, upload, whole, signal);
    return { answer, crc32: whole.crc32, sha256 };
  } catch (error) {
    throw isUploadEnded(error) ? new EndedUploadError('The upload in parts has ended.') : error;
  } finally {
    end(0);
  }
}

/** Begins an upload in parts. Its UploadId is on the disk before a part is sent. */
async function beginUpload(
  context: TransferContext,
  { object }: Sending,
  { version, partSize }: Pick<SendOptions, 'version' | 'partSize'>,
): Promise<LineOf<'begun'>> {
  const { s3, keyArn, manifest, signal, clock } = context;
  const { n, key } = object;
  manifest.note({ is: 'beginning', n, at: clock().toISOString() });
  const end = await context.flow.begin(0);
  try {
    const newObject = { ...placeOf(context, object), keyArn, contentType: contentTypeOf(key) };
    const uploadId = await createUpload(s3, newObject, signal);
    const begun = { is: 'begun', n, uploadId, partSize, ...version } as const;
    manifest.note(begun);
    manifest.flush();
    return begun;
  } finally {
    end(0);
  }
}

/** From this size on, in bytes, a file is hashed in a thread of its own. To start the thread takes as long as to hash so much. */
const leastForThread = 32 * mebibyte;

type Missing = { readonly begun: LineOf<'begun'>; readonly present: readonly SentPart[] };

/**
 * Sends every part, except those that S3 has already with the same bytes. Gives all parts in their order, and the SHA-256 of the
 * file.
 * @throws the first failure, when the parts under way have ended: that of a part, EnoughError when the person had enough, or the
 * reason of the signal.
 */
async function sendMissing(
  context: TransferContext,
  sending: Sending,
  { begun, present }: Missing,
): Promise<{ readonly parts: readonly SentPart[]; readonly sha256: string }> {
  const { size, partSize } = begun;
  const count = Math.ceil(size / partSize);
  const isInMemory = partSize <= context.limits.largestInMemory;
  const upload = { ...placeOf(context, sending.object), uploadId: begun.uploadId };
  const known = new Map(present.map((part) => [part.number, part]));
  const parts: SentPart[] = [];
  const { signal } = context;
  const hash = beginHash(context, sending, { size, isInMemory });
  /** The first failure of a part. After it, no other part begins; the parts under way still end. */
  let failure: { readonly error: unknown } | undefined;
  const underWay = new Set<Promise<void>>();
  try {
    for (let number = 1; number <= count && failure === undefined; number += 1) {
      if (context.isEnough()) throw new EnoughError('The person had enough.');
      signal.throwIfAborted();
      const place = (number - 1) * partSize;
      const length = Math.min(partSize, size - place);
      const part = { upload, partInS3: known.get(number), number, place, length, signal };
      // Each part waits for its turn. Without `hash.part`, a part is too large for the memory, and another reader hashes the file.
      const { sent } =
        hash.part === undefined
          ? await beginLargePart(context, sending, part)
          : await beginPart(context, sending, { ...part, hashPart: hash.part });
      const ending: Promise<void> = sent
        .then(
          (done) => {
            parts[number - 1] = done;
          },
          (error: unknown) => {
            failure ??= { error };
          },
        )
        .finally(() => underWay.delete(ending));
      underWay.add(ending);
    }
  } catch (error) {
    failure ??= { error };
  }
  await Promise.all(underWay);
  if (failure !== undefined) {
    await hash.stop?.();
    // A callback has set it, which TypeScript does not see.
    throw (failure as { readonly error: unknown }).error;
  }
  return { parts, sha256: await hash.end() };
}

/**
 * The hash of a file that is sent in parts. With `part`, the caller gives each part to this function. Without it, the file is
 * read for the hash alone, and the caller calls `stop` before it closes the file early.
 */
type BegunHash = Partial<FileHash> & Pick<FileHash, 'end'> & { readonly stop?: () => Promise<void> };

/** Begins the hash of a file. @param options.isInMemory true when each part is read into memory as a whole. */
function beginHash(
  { hashWorker, signal }: TransferContext,
  { file }: Sending,
  { size, isInMemory }: { readonly size: number; readonly isInMemory: boolean },
): BegunHash {
  if (isInMemory) return size < leastForThread ? hashHere() : hashWorker.begin();
  // Larger parts are streamed, several at the same time, so that no reader sees the bytes of the file in their order.
  const stopped = new AbortController();
  const checksums = checksumsOf(file, { signal: AbortSignal.any([signal, stopped.signal]) });
  // Never fails: `end` tells the error of the hash.
  const ended = checksums.then(
    () => {},
    () => {},
  );
  const stop = () => {
    stopped.abort();
    return ended;
  };
  return { end: async () => (await checksums).sha256, stop };
}
