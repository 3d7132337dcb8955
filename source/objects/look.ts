import { undefinedIfDenied } from '../aws/access-denied.ts';
import { readBackSha256, type SeenObject, seeObject } from '../aws/object-look.ts';
import { checksumsOf, type FileChecksums, versionOf } from './file-bytes.ts';
import { mebibyte } from './part-size.ts';
import { notComparable, otherKeyThere } from './refusals.ts';
import { placeOf, type Sending, type TransferSettings } from './transfer-context.ts';

/** An object without a usable checksum is read back to compare it, up to this size in bytes. */
const mostReadToCompare = 64 * mebibyte;

/**
 * What S3 has under the name of a file's object.
 * `absent`: nothing. `not shown`: the caller may not look. `same`: an object with the bytes of the file, under the key. `other`:
 * another object, or one that cannot be compared; `why` is absent when no more is known than that its bytes or its key differ.
 * `unread`: an object that may be the same, but the caller may not read its bytes.
 */
export type Look =
  | { readonly found: 'absent' | 'not shown' | 'unread' }
  | { readonly found: 'same'; readonly seen: SeenObject; readonly checksums: FileChecksums }
  | { readonly found: 'other'; readonly etag: string; readonly why?: string };

/**
 * Looks at the object of a file and compares it with the file: first the size, then the checksum that S3 has of all its bytes,
 * and the key. When the sizes are the same, reads the whole file. Without a checksum, reads a small object under the key back; any
 * other counts as `other`.
 */
export async function lookAtObject(settings: TransferSettings, { object, file }: Sending): Promise<Look> {
  const { s3, keyArn, signal } = settings;
  const place = placeOf(settings, object);
  const seen = await seeObject(s3, place);
  if (seen === 'absent' || seen === 'not shown') return { found: seen };
  const { size } = versionOf(file);
  const other = (why?: string): Look => ({ found: 'other', etag: seen.etag, ...(why === undefined ? {} : { why }) });
  if (seen.size !== size) return other();
  const checksums = await checksumsOf(file, { s3Checksum: seen.checksum, signal });
  const isOwnKey = seen.kmsKeyArn === keyArn;
  if (seen.checksum !== undefined) {
    if (!checksums.isSameInS3) return other();
    return isOwnKey ? { found: 'same', seen, checksums } : other(otherKeyThere(seen.kmsKeyArn));
  }
  if (!isOwnKey) return other();
  if (size > mostReadToCompare) return other(notComparable);
  const sha256 = await undefinedIfDenied(readBackSha256(s3, { ...place, size }, { onBytes: () => {}, signal }));
  if (sha256 === undefined) return { found: 'unread' };
  return sha256 === checksums.sha256 ? { found: 'same', seen, checksums } : other();
}
