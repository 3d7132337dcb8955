import type { Call } from '../exchange.ts';
import type { XmlValue } from '../xml.ts';
import { needBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import { checksumElement } from './checksums.ts';
import { commonPrefixOf, keyEncoder } from './listing.ts';
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
    Initiator: initiatorElement(upload, call),
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

/** Gives the XML element `Initiator`: the ARN of who began the upload, if it is stored, else the caller's; and a user's name. */
function initiatorElement({ initiator }: Upload, { identity }: Call): XmlValue {
  return { ID: initiator?.arn ?? identity.arn, DisplayName: initiator?.userName };
}

type Row = { readonly upload_id: string; readonly key: string; readonly initiated: number; readonly doc: string };

/**
 * ListMultipartUploads. Its pages have at most 1,000 entries, sorted by key and then by when each upload began. Uploads whose
 * keys are equal up to the delimiter are one entry, their prefix.
 */
export const listMultipartUploads = s3Operation(
  { on: 'bucket', needs: 's3:ListBucketMultipartUploads' },
  ({ call, exchange, bucket }) => {
    needBucket(call, bucket);
    const { query } = exchange;
    const [prefix, delimiter, keyMarker, idMarker] = ['prefix', 'delimiter', 'key-marker', 'upload-id-marker'].map(
      (name) => query.get(name) ?? '',
    ) as [string, string, string, string];
    const encode = keyEncoder(query);
    const pageSize = Math.min(Number(query.get('max-uploads') ?? 1000), 1000);
    const all = call.store
      .all<Row>('SELECT * FROM s3_upload WHERE bucket = ? ORDER BY key, initiated, upload_id', bucket)
      .filter((row) => row.key.startsWith(prefix));
    const markerIndex = all.findIndex((row) => row.key === keyMarker && row.upload_id === idMarker);
    // An upload-id-marker counts only together with a key-marker. A key-marker alone begins the page at the next key.
    const rows = markerIndex === -1 ? all.filter((row) => row.key > keyMarker) : all.slice(markerIndex + 1);
    const entries = groupByPrefix(rows, { prefix, delimiter, keyMarker });
    const page = entries.slice(0, pageSize);
    const last = page.at(-1);
    return xmlAnswer('ListMultipartUploadsResult', {
      Bucket: bucket,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: encode(last?.keyOrPrefix ?? ''),
      NextUploadIdMarker: last?.row?.upload_id ?? '',
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      Prefix: encode(prefix),
      EncodingType: query.get('encoding-type') ?? undefined,
      MaxUploads: pageSize,
      IsTruncated: entries.length > page.length,
      Upload: page.flatMap(({ row }) => {
        if (row === undefined) return [];
        const upload = JSON.parse(row.doc) as Upload;
        return {
          Key: encode(row.key),
          UploadId: row.upload_id,
          Initiator: initiatorElement(upload, call),
          Owner: { ID: ownerId },
          StorageClass: storageClassOf(upload),
          Initiated: isoDate(row.initiated),
        };
      }),
      CommonPrefixes: page
        .filter(({ row }) => row === undefined)
        .map(({ keyOrPrefix }) => ({ Prefix: encode(keyOrPrefix) })),
    });
  },
);

/** An entry of the list: the key and the row of an upload, or only the prefix that several uploads have in common. */
type Entry = { readonly keyOrPrefix: string; readonly row?: Row };

/**
 * Gives the entries of the list: each upload, or in place of all uploads whose keys are equal up to the delimiter, their prefix.
 * @param query.keyMarker a prefix with this text is left out, because the page before ended with it.
 */
function groupByPrefix(
  rows: readonly Row[],
  query: { readonly prefix: string; readonly delimiter: string; readonly keyMarker: string },
): readonly Entry[] {
  const entries: Entry[] = [];
  const listedPrefixes = new Set([query.keyMarker]);
  for (const row of rows) {
    const commonPrefix = commonPrefixOf(row.key, query.prefix, query.delimiter);
    if (commonPrefix === undefined) {
      entries.push({ keyOrPrefix: row.key, row });
    } else if (!listedPrefixes.has(commonPrefix)) {
      listedPrefixes.add(commonPrefix);
      entries.push({ keyOrPrefix: commonPrefix });
    }
  }
  return entries;
}
