import { AwsError } from '../aws-error.ts';
import type { XmlValue } from '../xml.ts';
import { needBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import type { ObjectRecord } from './object-record.ts';
import { isoDate, type S3Request, s3Operation, xmlAnswer } from './s3-exchange.ts';

type Row = { readonly key: string; readonly doc: string };

const most = 1000;

/** ListObjectsV2. */
export const listObjectsV2 = s3Operation({ on: 'bucket', needs: 's3:ListBucket' }, (request) => {
  const { query } = request.exchange;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const after = token === null ? (startAfter ?? '') : Buffer.from(token, 'base64').toString('utf8');
  const list = listPage(request, after, query.get('fetch-owner') === 'true');
  return xmlAnswer('ListBucketResult', {
    ...list.content,
    KeyCount: list.count,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: list.last === undefined ? undefined : Buffer.from(list.last).toString('base64'),
    StartAfter: startAfter === null ? undefined : list.encoded(startAfter),
  });
});

/** ListObjects, the first version, which some tools still use. */
export const listObjects = s3Operation({ on: 'bucket', needs: 's3:ListBucket' }, (request) => {
  const marker = request.exchange.query.get('marker') ?? '';
  const list = listPage(request, marker, true);
  return xmlAnswer('ListBucketResult', {
    ...list.content,
    Marker: list.encoded(marker),
    NextMarker: list.last === undefined ? undefined : list.encoded(list.last),
  });
});

/** Makes what both versions of the list have in common. @param after the key or prefix after which the page begins. */
function listPage({ call, exchange, bucket }: S3Request, after: string, withOwner: boolean) {
  needBucket(call, bucket);
  const { query } = exchange;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const wanted = Number(query.get('max-keys') ?? most);
  if (!Number.isInteger(wanted) || wanted < 0) {
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range', {
      details: { ArgumentName: 'max-keys', ArgumentValue: query.get('max-keys') ?? '' },
    });
  }
  const encoded = (text: string) =>
    query.get('encoding-type') === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text;
  const { objects, prefixes, last } = walk(call.store.all.bind(call.store), bucket, {
    prefix,
    delimiter,
    after,
    most: Math.min(wanted, most),
  });
  const content: { readonly [name: string]: XmlValue } = {
    Name: bucket,
    Prefix: encoded(prefix),
    Delimiter: delimiter === '' ? undefined : encoded(delimiter),
    MaxKeys: Math.min(wanted, most),
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: last !== undefined,
    Contents: objects.map(({ key, doc }) => contents(encoded(key), JSON.parse(doc) as ObjectRecord, withOwner)),
    CommonPrefixes: prefixes.map((one) => ({ Prefix: encoded(one) })),
  };
  return { content, count: objects.length + prefixes.length, last, encoded };
}

/**
 * Reads the keys in order, until a page is full. Keys that are equal up to the delimiter count as one prefix, and are skipped
 * with one query. `last` is where the next page begins; it is `undefined` on the last page.
 */
function walk(
  all: <Found>(sql: string, ...values: Array<string | number>) => Found[],
  bucket: string,
  { prefix, delimiter, after, most: limit }: { prefix: string; delimiter: string; after: string; most: number },
) {
  const objects: Row[] = [];
  const prefixes: string[] = [];
  let position = after;
  let last = '';
  while (limit > 0) {
    const rows = all<Row>(
      'SELECT key, doc FROM s3_object WHERE bucket = ? AND key > ? AND key >= ? AND substr(key, 1, ?) = ? ORDER BY key LIMIT ?',
      bucket,
      position,
      prefix,
      [...prefix].length,
      prefix,
      delimiter === '' ? limit + 1 : 1,
    );
    for (const row of rows) {
      if (objects.length + prefixes.length === limit) return { objects, prefixes, last };
      const cut = delimiter === '' ? -1 : row.key.indexOf(delimiter, prefix.length);
      last = cut < 0 ? row.key : row.key.slice(0, cut + delimiter.length);
      if (cut < 0) {
        objects.push(row);
        position = row.key;
      } else {
        // The marker may be inside a group of keys whose prefix the page before has already shown.
        if (!(after.startsWith(last) && after !== '')) prefixes.push(last);
        position = `${last}\u{10FFFF}`;
      }
    }
    if (rows.length === 0) break;
  }
  return { objects, prefixes, last: undefined };
}

function contents(key: string, object: ObjectRecord, withOwner: boolean): { readonly [name: string]: XmlValue } {
  return {
    Key: key,
    LastModified: isoDate(object.lastModified),
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: object.checksum?.algorithm,
    ChecksumType: object.checksum?.type,
    Size: object.size,
    StorageClass: 'STANDARD',
    Owner: withOwner ? { ID: ownerId } : undefined,
  };
}
