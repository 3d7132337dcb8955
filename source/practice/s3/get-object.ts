import { Readable } from 'node:stream';
import { AwsError } from '../aws-error.ts';
import { type Call, type Exchange, type HttpResponse, header } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { bodyPath } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { checksumHeaders } from './checksums.ts';
import { checkReadConditions } from './conditions.ts';
import { type CustomerKey, customerKeyIn, matchCustomerKey } from './customer-key.ts';
import { customerMd5, encryptionHeaders, unwrapDataKey } from './encryption.ts';
import { loadObject, type ObjectRecord } from './object-record.ts';
import { needS3Permission } from './permission.ts';
import { type S3Request, s3Operation } from './s3-exchange.ts';
import { decryptFrames } from './sealed-body.ts';
import { needReadable } from './storage-class.ts';
import { overridingHeaders, storedHeaders } from './stored-headers.ts';
import { readPartNumber } from './upload-record.ts';

/**
 * GetObject, for the whole object or a range. Each request decrypts the data key again, and fails when the KMS key cannot be
 * used any longer.
 */
export const getObject = s3Operation({ on: 'object', needs: 's3:GetObject' }, (request) => {
  const { call, exchange } = request;
  const object = needObject(request);
  if (checkReadConditions(exchange, object) === 'not modified') return notModified(object);
  const range = readWantedBytes(exchange, object);
  const overriding = overridingHeaders(exchange);
  needReadable(object);
  const dataKey = unwrapDataKey(call, object.encryption, customerKeyIn(exchange));
  const [start, end] = range ?? [0, object.size];
  const pathOf = (file: string) => bodyPath(call.store.folder, file);
  return {
    status: range ? 206 : 200,
    headers: {
      ...objectHeaders(exchange, object, range),
      ...overriding,
      // This header comes last. After it, Node would take a Content-Disposition beyond ASCII for UTF-8 and refuse it.
      'content-length': String(end - start),
    },
    body: Readable.from(decryptFrames(pathOf, object.segments, dataKey, start, end), { objectMode: false }),
  };
});

/** HeadObject. The KMS key is needed only when the request asks for the checksum. */
export const headObject = s3Operation({ on: 'object', needs: 's3:GetObject' }, (request) => {
  const { call, exchange } = request;
  const object = needObject(request);
  if (checkReadConditions(exchange, object) === 'not modified') return notModified(object);
  const customerKey = customerKeyIn(exchange);
  matchCustomerKey(customerMd5(object.encryption), customerKey);
  if (wantsChecksum(exchange)) unwrapDataKey(call, object.encryption, customerKey).fill(0);
  const range = readWantedBytes(exchange, object);
  const [start, end] = range ?? [0, object.size];
  return {
    status: range ? 206 : 200,
    headers: {
      ...objectHeaders(exchange, object, range),
      ...overridingHeaders(exchange),
      'content-length': String(end - start),
    },
  };
});

/**
 * Gives the object that a request names.
 * @throws NoSuchKey (404), or AccessDenied (403) when the caller has no s3:ListBucket (S3 API reference, HeadObject);
 * InvalidArgument when a read has a header for encryption, because such headers are for writes only; or as
 * {@link needBucket} does.
 */
export function needObject({ call, exchange, bucket, key }: S3Request): ObjectRecord {
  needBucket(call, bucket);
  const object = loadObject(call.store, bucket, key);
  if (!object) {
    needS3Permission({ call, exchange, bucket, key: '' }, 's3:ListBucket');
    throw noSuchKey(key);
  }
  // A read may have only the headers of SSE-C. In a copy, which is a PUT, the others are about the new object.
  const namesEncryption = Object.keys(exchange.headers).some((name) =>
    /^x-amz-server-side-encryption(?!-customer)/.test(name),
  );
  if (exchange.method !== 'PUT' && namesEncryption)
    throw new AwsError('InvalidArgument', unverifiedText('encryption-on-read'));
  return object;
}

/**
 * Yields the decrypted bytes of an object from `start` up to the byte before `end`; without a range, all of them.
 * @throws as {@link unwrapDataKey} does.
 */
export function plainBytes(
  call: Call,
  object: ObjectRecord,
  customerKey?: CustomerKey,
  [start, end]: readonly [start: number, end: number] = [0, object.size],
): AsyncIterable<Buffer> {
  const pathOf = (file: string) => bodyPath(call.store.folder, file);
  return decryptFrames(pathOf, object.segments, unwrapDataKey(call, object.encryption, customerKey), start, end);
}

/** Makes the error for an object key that does not exist. */
export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404, details: { Key: key } });
}

/**
 * Gives the headers of the answer to a read, except for its length. unverified: part-checksums.
 * @param range the bytes that the answer has; `end` is the place after the last one. `undefined` for the whole object.
 */
function objectHeaders(
  exchange: Exchange,
  object: ObjectRecord,
  range: readonly [start: number, end: number] | undefined,
): Record<string, string> {
  return {
    'accept-ranges': 'bytes',
    ...validatorHeaders(object),
    ...storedHeaders(object),
    ...encryptionHeaders(object.encryption),
    ...(exchange.query.has('partNumber') && object.parts ? { 'x-amz-mp-parts-count': String(object.parts) } : {}),
    ...(range ? { 'content-range': `bytes ${range[0]}-${range[1] - 1}/${object.size}` } : {}),
    ...(wantsChecksum(exchange) && !range && object.checksum ? checksumHeaders(object.checksum) : {}),
  };
}

/** Gives the headers by which a client recognises a changed object. The answer 304 has only these. */
export function validatorHeaders(object: ObjectRecord): { readonly etag: string; readonly 'last-modified': string } {
  return { etag: `"${object.etag}"`, 'last-modified': new Date(object.lastModified).toUTCString() };
}

function notModified(object: ObjectRecord): HttpResponse {
  return { status: 304, headers: validatorHeaders(object) };
}

function wantsChecksum(exchange: Exchange): boolean {
  return header(exchange, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
}

/**
 * Gives the bytes that a read wants: those of a part or of a range. `end` is the place after the last one. Gives `undefined`
 * for the whole object. An object that was not uploaded in parts has one part.
 * @throws InvalidArgument, InvalidPartNumber (416) or InvalidRange (416) for a part or range that the object does not have;
 * InvalidRequest when the read wants both.
 */
function readWantedBytes(
  exchange: Exchange,
  { size, segments, parts = 1 }: ObjectRecord,
): [start: number, end: number] | undefined {
  const partNumberText = exchange.query.get('partNumber');
  if (partNumberText === null) return readRange(header(exchange, 'range'), size);
  const number = readPartNumber(partNumberText);
  if (header(exchange, 'range') !== undefined)
    throw new AwsError('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  if (number > parts) {
    const details = { PartNumberRequested: partNumberText, ActualPartCount: String(parts) };
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', { status: 416, details });
  }
  const start = segments.slice(0, number - 1).reduce((sum, segment) => sum + segment.size, 0);
  return [start, start + (segments[number - 1]?.size ?? 0)];
}

/**
 * Reads the header `Range`, such as `bytes=0-99`, `bytes=100-` or `bytes=-50` for the last 50 bytes. `end` in the result is
 * the place after the last byte. Gives `undefined` for a header that is missing, unreadable or ends before it begins: S3 then
 * gives the whole object.
 * @throws InvalidRange (416) when the object has no byte of the range.
 */
function readRange(rangeHeader: string | undefined, size: number): [start: number, end: number] | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(rangeHeader?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  /** The range is that of the last bytes, as in `bytes=-50`. */
  const isSuffix = first === '';
  const start = isSuffix ? Math.max(size - Number(last), 0) : Number(first);
  const end = isSuffix || last === '' ? size : Math.min(Number(last) + 1, size);
  const isReversed = !isSuffix && last !== '' && Number(last) < Number(first);
  if (isReversed) return undefined;
  if (start >= size) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', {
      status: 416,
      details: { RangeRequested: rangeHeader ?? '', ActualObjectSize: String(size) },
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return [start, end];
}
