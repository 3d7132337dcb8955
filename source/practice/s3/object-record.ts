import { AwsError } from '../aws-error.ts';
import type { Store } from '../store.ts';
import type { Checksum } from './checksums.ts';
import type { StoredEncryption } from './encryption.ts';
import type { Segment } from './sealed-body.ts';

/** An object as the state holds it; its bytes are in the segments. */
export type ObjectRecord = {
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** What the upload said about the object, as headers to give back: content-type, x-amz-meta-... */
  readonly headers: Readonly<Record<string, string>>;
  readonly encryption: StoredEncryption;
  readonly checksum?: Checksum;
  readonly segments: readonly Segment[];
  /** How many parts a multipart upload had, and which upload that was. */
  readonly parts?: number;
  readonly uploadId?: string;
};

type Row = { readonly doc: string };

/** @throws NoSuchVersion (404) for any version but `null`, the one that objects without versioning have. */
export function needNoVersion(version: string | null | undefined): void {
  if (version != null && version !== 'null')
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
}

/** Gives the object, if there is one. */
export function loadObject(store: Store, bucket: string, key: string): ObjectRecord | undefined {
  const row = store.one<Row>('SELECT doc FROM s3_object WHERE bucket = ? AND key = ?', bucket, key);
  return row && (JSON.parse(row.doc) as ObjectRecord);
}

/** Puts an object in the place of what was there, and gives the files that nobody needs any longer. */
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

/** Removes an object, if it is there, and gives the files that nobody needs any longer. */
export function removeObject(store: Store, bucket: string, key: string): string[] {
  return store.change(() => {
    const before = loadObject(store, bucket, key);
    store.run('DELETE FROM s3_object WHERE bucket = ? AND key = ?', bucket, key);
    return filesOf(before);
  });
}

function filesOf(object: ObjectRecord | undefined): string[] {
  return object?.segments.map((segment) => segment.file) ?? [];
}
