import { isPreconditionFailed, isRefusal, isWriteConflict } from '../aws/eventual-consistency.ts';
import { putObject } from '../aws/object-write.ts';
import { wasSentAgain } from '../aws/retrying.ts';
import { sha256Of } from '../disk/sha256.ts';
import { lentSize } from './buffer-pool.ts';
import { contentTypeOf } from './content-type.ts';
import { crc32, crc32Text } from './crc32.ts';
import { isSameVersion, readRange, versionOf } from './file-bytes.ts';
import { ChangedFileError } from './send-part.ts';
import type { SendOptions, Written } from './send-parts.ts';
import { placeOf, type Sending, type TransferContext } from './transfer-context.ts';

/**
 * Sends a file in one request, after its bytes were read and judged.
 * @throws ChangedFileError when the file has changed; ProblemError when its bytes may not be sent; the SDK's error; the reason of
 * the signal when it aborts.
 */
export async function sendWhole(
  context: TransferContext,
  { object, file }: Sending,
  { version, condition }: Pick<SendOptions, 'version' | 'condition'>,
): Promise<Written> {
  const { s3, flow, buffers, guard, manifest, keyArn, signal, onTaken } = context;
  const { size } = version;
  const end = await flow.begin(lentSize(size));
  const buffer = buffers.lend(size);
  let taken = 0;
  try {
    signal.throwIfAborted();
    const bytes = await readRange(file, buffer, 0, size);
    judge(guard, object.path, bytes);
    if (bytes.length < size || !isSameVersion(version, versionOf(file)))
      throw new ChangedFileError('The file has changed.');
    const checksums = { crc32: crc32Text(crc32(bytes)), sha256: sha256Of(bytes) };
    manifest.note({ is: 'sending', n: object.n });
    const newObject = { ...placeOf(context, object), keyArn, contentType: contentTypeOf(object.key) };
    const answer = await putObject(s3, newObject, { bytes, ...checksums, condition }, signal).catch(
      (error: unknown) => {
        if (isNothingMade(error)) manifest.note({ is: 'given up', n: object.n });
        throw error;
      },
    );
    taken = size;
    onTaken(size);
    return { answer, ...checksums };
  } finally {
    buffers.takeBack(buffer);
    end(taken);
  }
}

/**
 * Tells whether S3 refused a request in such a way that no try of it has made the object. After 409 and 412 that is not certain:
 * the object that has the name may be from an earlier try whose answer was lost.
 */
const isNothingMade = (error: unknown) =>
  isRefusal(error) && !wasSentAgain(error) && !isPreconditionFailed(error) && !isWriteConflict(error);

/** Lets the guard judge bytes. When it throws, the bytes may be a secret and are overwritten. */
function judge(guard: TransferContext['guard'], path: string, bytes: Buffer): void {
  try {
    guard.judge(path, bytes);
  } catch (error) {
    bytes.fill(0);
    throw error;
  }
}
