import { AwsError } from '../aws-error.ts';
import type { Store } from '../store.ts';
import type { Checksum } from './checksums.ts';
import type { StoredEncryption } from './encryption.ts';
import type { Segment } from './sealed-body.ts';
import type { S3Tag } from './tag-set.ts';

/** An object as it is stored. Its bytes are in the files of its segments. */
export type ObjectRecord = {
  /** In bytes. */
  readonly size: number;
  /** The ETag without quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** The headers of the upload that reads give back, such as content-type and x-amz-meta-... */
  readonly headers: Readonly<Record<string, string>>;
  readonly encryption: StoredEncryption;
  readonly checksum?: Checksum;
  readonly tags?: readonly S3Tag[];
  /** Absent in objects of earlier versions of practice AWS, which are STANDARD. */
  readonly storageClass?: string;
  readonly segments: readonly Segment[];
  /** The number of parts and the id of the multipart upload. Absent for an object that was uploaded in one piece. */
  readonly parts?: number;
  readonly uploadId?: string;
  /** The checksums of the parts in base64. Present when the checksum of the object is a checksum of these. */
  readonly partChecksums?: readonly string[];
};

/** What an upload says about its object, besides the encryption. */
export type ObjectDescription = Pick<ObjectRecord, 'headers' | 'tags' | 'storageClass'>;

type Row = { readonly doc: string };

/** @throws NoSuchVersion (404) for every version id except the text `null`, which objects without versioning have. */
export function needNoVersion(version: string | null | undefined): void {
  if (version != null && version !== 'null')
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
}

/** Gives the object, or `undefined` when it does not exist. */
export function loadObject(store: Store, bucket: string, key: string): ObjectRecord | undefined {
  const row = store.first<Row>('SELECT doc FROM s3_object WHERE bucket = ? AND key = ?', bucket, key);
  return row && (JSON.parse(row.doc) as ObjectRecord);
}

/**
 * Writes an object in place of the present one. Gives the names of the files that are not needed any longer. With `same body`,
 * the new record has the files of the old record, and the list is empty.
 */
export function replaceObject(
  store: Store,
  bucket: string,
  key: string,
  object: ObjectRecord,
  body: 'new body' | 'same body' = 'new body',
): string[] {
  return store.change(() => {
    const before = loadObject(store, bucket, key);
    store.run('INSERT OR REPLACE INTO s3_object VALUES (?, ?, ?)', bucket, key, JSON.stringify(object));
    return body === 'new body' ? filesOf(before) : [];
  });
}

/** Removes an object if it exists. Gives the names of the files that are not needed any longer. */
export function removeObject(store: Store, bucket: string, key: string): string[] {
  return store.change(() => {
    const before = loadObject(store, bucket, key);
    store.run('DELETE FROM s3_object WHERE bucket = ? AND key = ?', bucket, key);
    return filesOf(before);
  });
}

/** Gives the names of the files with the object's bytes. */
function filesOf(object: ObjectRecord | undefined): string[] {
  return object?.segments.map((segment) => segment.file) ?? [];
}
