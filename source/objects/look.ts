import { undefinedIfDenied } from '../aws/access-denied.ts';
import { readBackSha256, type SeenObject, seeObject } from '../aws/object-look.ts';
import { checksumsOf, type FileChecksums, versionOf } from './file-bytes.ts';
import { mebibyte } from './part-size.ts';
import { notComparable, otherKeyThere } from './refusals.ts';
import { placeOf, type Sending, type TransferSettings } from './transfer-context.ts';

/** An object without a usable checksum is read back to compare it, up to this size in bytes. */
const mostReadToCompare = 64 * mebibyte;

/**
 * What has the name under which a file should go. `same`: an object with the bytes of the file, under the key. `other`: another
 * object; `why` says what shows it. `unread`: an object that the caller may look at and not read, and nothing tells whether it
 * is the same.
 */
export type Look =
  | { readonly found: 'absent' | 'not shown' | 'unread' }
  | { readonly found: 'same'; readonly seen: SeenObject; readonly checksums: FileChecksums }
  | { readonly found: 'other'; readonly etag: string; readonly why?: string };

/**
 * Looks at the object of a file and compares it: by size and key, then by the checksum that S3 has of all its bytes. When S3
 * has none, a small object is read. Reads the whole file.
 */
export async function lookAtObject(settings: TransferSettings, { object, file }: Sending): Promise<Look> {
  const { s3, keyArn, signal } = settings;
  const place = placeOf(settings, object);
  const seen = await seeObject(s3, place);
  if (typeof seen === 'string') return { found: seen };
  const { size } = versionOf(file);
  const other = (why?: string): Look => ({ found: 'other', etag: seen.etag, ...(why === undefined ? {} : { why }) });
  if (seen.size !== size) return other();
  const checksums = await checksumsOf(file, { named: seen.checksum, signal });
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
