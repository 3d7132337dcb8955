import { AwsError } from '../aws-error.ts';
import type { Store } from '../store.ts';
import type { ChecksumAlgorithm, ChecksumType } from './checksums.ts';
import type { StoredEncryption } from './encryption.ts';
import type { S3Request } from './s3-exchange.ts';
import type { Segment } from './sealed-body.ts';

/** A multipart upload that is under way. */
export type Upload = {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly initiated: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly encryption: StoredEncryption;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  readonly checksumType: ChecksumType;
};

/** A part that has arrived. */
export type Part = {
  readonly number: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  readonly segment: Segment;
};

type Row = { readonly doc: string };

/** Writes a new upload down. */
export function saveUpload(store: Store, upload: Upload): void {
  const { uploadId, bucket, key, initiated } = upload;
  store.run('INSERT INTO s3_upload VALUES (?, ?, ?, ?, ?)', uploadId, bucket, key, initiated, JSON.stringify(upload));
}

/** Gives the upload that a request names, if there is one. */
export function findUpload({ call, exchange, bucket, key }: S3Request): Upload | undefined {
  const row = call.store.one<Row>(
    'SELECT doc FROM s3_upload WHERE upload_id = ? AND bucket = ? AND key = ?',
    exchange.query.get('uploadId') ?? '',
    bucket,
    key,
  );
  return row && (JSON.parse(row.doc) as Upload);
}

/**
 * Gives the upload that a request names.
 * @throws NoSuchUpload (404).
 */
export function needUpload(request: S3Request): Upload {
  const { exchange } = request;
  const upload = findUpload(request);
  if (!upload) {
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { status: 404, details: { UploadId: exchange.query.get('uploadId') ?? '' } },
    );
  }
  return upload;
}

/** Gives the parts of an upload, by number. */
export function partsOf(store: Store, uploadId: string): Part[] {
  return store
    .all<Row>('SELECT doc FROM s3_part WHERE upload_id = ? ORDER BY number', uploadId)
    .map(({ doc }) => JSON.parse(doc) as Part);
}

/** Puts a part in the place of an earlier one of its number, and gives the files that nobody needs any longer. */
export function replacePart(store: Store, uploadId: string, part: Part): string[] {
  const before = store.one<Row>('SELECT doc FROM s3_part WHERE upload_id = ? AND number = ?', uploadId, part.number);
  store.run('INSERT OR REPLACE INTO s3_part VALUES (?, ?, ?)', uploadId, part.number, JSON.stringify(part));
  return before ? [(JSON.parse(before.doc) as Part).segment.file] : [];
}

/** Forgets an upload and its parts. */
export function forgetUpload(store: Store, uploadId: string): void {
  store.run('DELETE FROM s3_upload WHERE upload_id = ?', uploadId);
  store.run('DELETE FROM s3_part WHERE upload_id = ?', uploadId);
}

/**
 * Reads the number of a part.
 * @throws InvalidArgument for a number that no upload can have.
 */
export function partNumber(given: string | null): number {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', {
      details: { ArgumentName: 'partNumber', ArgumentValue: given ?? '' },
    });
  }
  return number;
}
