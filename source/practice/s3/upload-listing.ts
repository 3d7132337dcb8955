import { needBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import { checksumElement } from './checksums.ts';
import { isoDate, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { needUpload, partsOf } from './upload-record.ts';

export const listParts = s3Operation({ on: 'object', needs: 's3:ListMultipartUploadParts' }, (request) => {
  const { call, exchange, bucket, key } = request;
  needBucket(call, bucket);
  const upload = needUpload(request);
  const lastNumber = Number(exchange.query.get('part-number-marker') ?? 0);
  const pageSize = Math.min(Number(exchange.query.get('max-parts') ?? 1000), 1000);
  const remaining = partsOf(call.store, upload.uploadId).filter((part) => part.number > lastNumber);
  const pageParts = remaining.slice(0, pageSize);
  return xmlAnswer('ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: upload.uploadId,
    PartNumberMarker: lastNumber,
    NextPartNumberMarker: pageParts.at(-1)?.number ?? 0,
    MaxParts: pageSize,
    IsTruncated: remaining.length > pageParts.length,
    Initiator: { ID: call.identity.arn },
    Owner: { ID: ownerId },
    StorageClass: 'STANDARD',
    Part: pageParts.map((part) => ({
      PartNumber: part.number,
      LastModified: isoDate(part.lastModified),
      ETag: `"${part.etag}"`,
      Size: part.segment.size,
      [checksumElement(part.checksum.algorithm)]: part.checksum.value,
    })),
  });
});

type Row = { readonly upload_id: string; readonly key: string; readonly initiated: number };

/** ListMultipartUploads. Practice AWS gives all uploads on one page. */
export const listMultipartUploads = s3Operation(
  { on: 'bucket', needs: 's3:ListBucketMultipartUploads' },
  ({ call, exchange, bucket }) => {
    needBucket(call, bucket);
    const prefix = exchange.query.get('prefix') ?? '';
    const rows = call.store
      .all<Row>('SELECT * FROM s3_upload WHERE bucket = ? ORDER BY key, initiated', bucket)
      .filter((row) => row.key.startsWith(prefix));
    return xmlAnswer('ListMultipartUploadsResult', {
      Bucket: bucket,
      KeyMarker: '',
      UploadIdMarker: '',
      Prefix: prefix,
      MaxUploads: 1000,
      IsTruncated: false,
      Upload: rows.map((row) => ({
        Key: row.key,
        UploadId: row.upload_id,
        Initiator: { ID: call.identity.arn },
        Owner: { ID: ownerId },
        StorageClass: 'STANDARD',
        Initiated: isoDate(row.initiated),
      })),
    });
  },
);
