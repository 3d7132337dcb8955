import { AwsError } from '../aws-error.ts';
import type { Store } from '../store.ts';
import type { ChecksumAlgorithm, ChecksumType } from './checksums.ts';
import type { StoredEncryption } from './encryption.ts';
import type { ObjectDescription } from './object-record.ts';
import type { S3Request } from './s3-exchange.ts';
import type { Segment } from './sealed-body.ts';

/** A multipart upload that was created and not yet completed or aborted. Its {@link ObjectDescription} is for the object. */
export type Upload = ObjectDescription & {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly initiated: number;
  /** Who began the upload. Absent in uploads of earlier versions of practice AWS. */
  readonly initiator?: { readonly arn: string; readonly userName?: string };
  readonly encryption: StoredEncryption;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  readonly checksumType: ChecksumType;
};

/** An uploaded part. `lastModified` is in milliseconds since 1970. */
export type Part = {
  readonly number: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  readonly segment: Segment;
};

type Row = { readonly doc: string };

/** Writes a new upload. */
export function saveUpload(store: Store, upload: Upload): void {
  const { uploadId, bucket, key, initiated } = upload;
  store.run('INSERT INTO s3_upload VALUES (?, ?, ?, ?, ?)', uploadId, bucket, key, initiated, JSON.stringify(upload));
}

/** Gives the upload that a request names, or `undefined` when it does not exist. */
export function findUpload({ call, exchange, bucket, key }: S3Request): Upload | undefined {
  const row = call.store.first<Row>(
    'SELECT doc FROM s3_upload WHERE upload_id = ? AND bucket = ? AND key = ?',
    exchange.query.get('uploadId') ?? '',
    bucket,
    key,
  );
  return row && (JSON.parse(row.doc) as Upload);
}

/**
 * Gives the upload that a request names.
 * @throws NoSuchUpload (404) when it does not exist.
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

/** Gives the parts of an upload, sorted by their numbers. */
export function partsOf(store: Store, uploadId: string): Part[] {
  return store
    .all<Row>('SELECT doc FROM s3_part WHERE upload_id = ? ORDER BY number', uploadId)
    .map(({ doc }) => JSON.parse(doc) as Part);
}

/** Writes a part in place of an earlier part with the same number. Gives the files that are not needed any longer. */
export function replacePart(store: Store, uploadId: string, part: Part): string[] {
  const before = store.first<Row>('SELECT doc FROM s3_part WHERE upload_id = ? AND number = ?', uploadId, part.number);
  store.run('INSERT OR REPLACE INTO s3_part VALUES (?, ?, ?)', uploadId, part.number, JSON.stringify(part));
  return before ? [(JSON.parse(before.doc) as Part).segment.file] : [];
}

/** Deletes the records of an upload and its parts. Their files stay. */
export function forgetUpload(store: Store, uploadId: string): void {
  store.run('DELETE FROM s3_upload WHERE upload_id = ?', uploadId);
  store.run('DELETE FROM s3_part WHERE upload_id = ?', uploadId);
}

/**
 * Reads a part number.
 * @throws InvalidArgument when it is not a whole number from 1 to 10,000.
 */
export function readPartNumber(text: string | null): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', {
      details: { ArgumentName: 'partNumber', ArgumentValue: text ?? '' },
    });
  }
  return number;
}
