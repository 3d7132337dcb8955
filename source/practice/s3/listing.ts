import { AwsError } from '../aws-error.ts';
import type { Store } from '../store.ts';
import type { XmlValue } from '../xml.ts';
import { needBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import type { ObjectRecord } from './object-record.ts';
import { isoDate, type S3Request, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { storageClassOf } from './storage-class.ts';

type Row = { readonly key: string; readonly doc: string };

const maxPageSize = 1000;

/** ListObjectsV2. */
export const listObjectsV2 = s3Operation({ on: 'bucket', needs: 's3:ListBucket' }, (request) => {
  const { query } = request.exchange;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const afterKey = token === null ? (startAfter ?? '') : Buffer.from(token, 'base64').toString('utf8');
  const list = makePage(request, afterKey, query.get('fetch-owner') === 'true' ? 'with owners' : 'without owners');
  return xmlAnswer('ListBucketResult', {
    ...list.content,
    KeyCount: list.count,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: list.last === undefined ? undefined : Buffer.from(list.last).toString('base64'),
    StartAfter: startAfter === null ? undefined : list.encode(startAfter),
  });
});

/** ListObjects, the first version, which some tools still use. */
export const listObjects = s3Operation({ on: 'bucket', needs: 's3:ListBucket' }, (request) => {
  const marker = request.exchange.query.get('marker') ?? '';
  const list = makePage(request, marker, 'with owners');
  return xmlAnswer('ListBucketResult', {
    ...list.content,
    Marker: list.encode(marker),
    // Without a delimiter, S3 leaves it to the client to go on after the last key: API reference, ListObjects.
    NextMarker:
      list.last === undefined || !request.exchange.query.get('delimiter') ? undefined : list.encode(list.last),
  });
});

/** ListObjectVersions. In a bucket without versioning, each object has one version, whose id is `null`. */
export const listObjectVersions = s3Operation({ on: 'bucket', needs: 's3:ListBucketVersions' }, (request) => {
  const keyMarker = request.exchange.query.get('key-marker') ?? '';
  const { content, last, encode } = makePage(request, keyMarker, 'with owners');
  const { Contents, ...rest } = content;
  const hasNextPage = last !== undefined;
  return xmlAnswer('ListVersionsResult', {
    ...rest,
    KeyMarker: encode(keyMarker),
    VersionIdMarker: request.exchange.query.get('version-id-marker') ?? '',
    NextKeyMarker: hasNextPage ? encode(last) : undefined,
    NextVersionIdMarker: hasNextPage ? 'null' : undefined,
    Version: Contents.map((object) => ({ ...object, VersionId: 'null', IsLatest: true })),
  });
});

/**
 * Gives the function that encodes keys for an answer, as the request asks. S3 encodes them as a form does: a space is a plus
 * sign, and slashes stay. Seen in answers of S3: github.com/versity/versitygw, issues 1984, 2156 and 2169.
 * @throws InvalidArgument for another encoding than `url`.
 */
export function keyEncoder(query: URLSearchParams): (text: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding === null) return (text) => text;
  if (encoding !== 'url') {
    throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request', {
      details: { ArgumentName: 'encoding-type', ArgumentValue: encoding },
    });
  }
  // unverified: encoded-signs
  return (text) => `${new URLSearchParams({ '': text })}`.slice(1).replaceAll('%2F', '/');
}

/**
 * Makes the part of the answer that all three lists have in common. Also gives the number of entries, the last key or prefix
 * when there is another page, and the function that encodes keys for this answer.
 * @param afterKey the key or prefix after which the page begins.
 * @throws InvalidArgument for a wrong `max-keys` or encoding, or as {@link needBucket} does.
 */
function makePage({ call, exchange, bucket }: S3Request, afterKey: string, owners: 'with owners' | 'without owners') {
  needBucket(call, bucket);
  const { query } = exchange;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const wantedSize = Number(query.get('max-keys') ?? maxPageSize);
  if (!Number.isInteger(wantedSize) || wantedSize < 0) {
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range', {
      details: { ArgumentName: 'max-keys', ArgumentValue: query.get('max-keys') ?? '' },
    });
  }
  const encode = keyEncoder(query);
  const pageSize = Math.min(wantedSize, maxPageSize);
  const { objects, prefixes, last } = readPage(call.store, bucket, { prefix, delimiter, afterKey, pageSize });
  const content = {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    MaxKeys: pageSize,
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: last !== undefined,
    Contents: objects.map(({ key, doc }) =>
      objectElement(encode(key), JSON.parse(doc) as ObjectRecord, owners === 'with owners'),
    ),
    CommonPrefixes: prefixes.map((commonPrefix) => ({ Prefix: encode(commonPrefix) })),
  };
  return { content, count: objects.length + prefixes.length, last, encode };
}

/**
 * Reads the keys in order, until a page is full. Keys that are equal up to the delimiter count as one entry, their prefix; the
 * next query begins after all of them. `last` in the result is the last key or prefix of the page; `undefined` when no other
 * page follows.
 */
function readPage(
  store: Store,
  bucket: string,
  { prefix, delimiter, afterKey, pageSize }: { prefix: string; delimiter: string; afterKey: string; pageSize: number },
) {
  const objects: Row[] = [];
  const prefixes: string[] = [];
  let position = afterKey;
  let last = '';
  while (pageSize > 0) {
    // With a delimiter, each query reads one key, because many keys with the same prefix may come before the next one that
    // counts.
    const rows = store.all<Row>(
      'SELECT key, doc FROM s3_object WHERE bucket = ? AND key > ? AND key >= ? AND substr(key, 1, ?) = ? ORDER BY key LIMIT ?',
      bucket,
      position,
      prefix,
      [...prefix].length,
      prefix,
      delimiter === '' ? pageSize + 1 : 1,
    );
    for (const row of rows) {
      if (objects.length + prefixes.length === pageSize) return { objects, prefixes, last };
      const commonPrefix = commonPrefixOf(row.key, prefix, delimiter);
      last = commonPrefix ?? row.key;
      if (commonPrefix === undefined) {
        objects.push(row);
        position = row.key;
      } else {
        // When `afterKey` has the same prefix, the page before has already listed the prefix.
        const wasListedBefore = afterKey.startsWith(commonPrefix);
        if (!wasListedBefore) prefixes.push(commonPrefix);
        // No key with this prefix comes after the prefix with the highest code point.
        position = `${commonPrefix}\u{10FFFF}`;
      }
    }
    if (rows.length === 0) break;
  }
  return { objects, prefixes, last: undefined };
}

/**
 * Gives the prefix that a list shows in place of a key: the key up to the end of the first delimiter after `prefix`. Gives
 * `undefined` when there is none, or no delimiter at all (an empty text): then the list shows the key.
 */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  const place = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return place === -1 ? undefined : key.slice(0, place + delimiter.length);
}

/** Gives the XML element `Contents` of one object. */
function objectElement(key: string, object: ObjectRecord, showsOwner: boolean): { readonly [name: string]: XmlValue } {
  return {
    Key: key,
    LastModified: isoDate(object.lastModified),
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: object.checksum?.algorithm,
    ChecksumType: object.checksum?.type,
    Size: object.size,
    StorageClass: storageClassOf(object),
    Owner: showsOwner ? { ID: ownerId } : undefined,
  };
}
