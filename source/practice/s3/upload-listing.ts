import { AwsError } from '../aws-error.ts';
import { needBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import { checksumElement } from './checksums.ts';
import { keyEncoder } from './listing.ts';
import { isoDate, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { storageClassOf } from './storage-class.ts';
import { needUpload, partsOf, type Upload } from './upload-record.ts';

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
    StorageClass: storageClassOf(upload),
    Part: pageParts.map((part) => ({
      PartNumber: part.number,
      LastModified: isoDate(part.lastModified),
      ETag: `"${part.etag}"`,
      Size: part.segment.size,
      [checksumElement(part.checksum.algorithm)]: part.checksum.value,
    })),
  });
});

type Row = { readonly upload_id: string; readonly key: string; readonly initiated: number; readonly doc: string };

/** ListMultipartUploads. Its pages have at most 1,000 uploads, sorted by key and then by when each began. */
export const listMultipartUploads = s3Operation(
  { on: 'bucket', needs: 's3:ListBucketMultipartUploads' },
  ({ call, exchange, bucket }) => {
    needBucket(call, bucket);
    const { query } = exchange;
    const [prefix, keyMarker, idMarker] = ['prefix', 'key-marker', 'upload-id-marker'].map(
      (name) => query.get(name) ?? '',
    ) as [string, string, string];
    if (query.get('delimiter')) {
      throw new AwsError('NotImplemented', 'Practice AWS does not do ListMultipartUploads with a delimiter.', {
        status: 501,
      });
    }
    const encoded = keyEncoder(query);
    const pageSize = Math.min(Number(query.get('max-uploads') ?? 1000), 1000);
    const all = call.store
      .all<Row>('SELECT * FROM s3_upload WHERE bucket = ? ORDER BY key, initiated, upload_id', bucket)
      .filter((row) => row.key.startsWith(prefix));
    const marked = all.findIndex((row) => row.key === keyMarker && row.upload_id === idMarker);
    // An upload-id-marker counts only together with a key-marker. Without it, the page begins at the next key.
    const rows = marked === -1 ? all.filter((row) => row.key > keyMarker) : all.slice(marked + 1);
    const page = rows.slice(0, pageSize);
    const last = page.at(-1);
    return xmlAnswer('ListMultipartUploadsResult', {
      Bucket: bucket,
      KeyMarker: encoded(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: encoded(last?.key ?? ''),
      NextUploadIdMarker: last?.upload_id ?? '',
      Prefix: encoded(prefix),
      EncodingType: query.get('encoding-type') ?? undefined,
      MaxUploads: pageSize,
      IsTruncated: rows.length > page.length,
      Upload: page.map((row) => ({
        Key: encoded(row.key),
        UploadId: row.upload_id,
        Initiator: { ID: call.identity.arn },
        Owner: { ID: ownerId },
        StorageClass: storageClassOf(JSON.parse(row.doc) as Upload),
        Initiated: isoDate(row.initiated),
      })),
    });
  },
);
