import { AwsError } from '../aws-error.ts';
import { header } from '../exchange.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { checksumElement, checksumHeader } from './checksums.ts';
import { readCopySource } from './copy-object.ts';
import { copySourcePrefix, customerKeyIn, matchPartKey, refuseBlockedCustomerKey } from './customer-key.ts';
import { customerMd5, encryptionHeaders, unwrapDataKey } from './encryption.ts';
import { plainBytes } from './get-object.ts';
import { needChecksumForLock } from './object-lock.ts';
import { type BodyOptions, type Received, receiveBody } from './receive.ts';
import { reseal } from './reseal.ts';
import { isoDate, type S3Request, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { needUpload, type Part, readPartNumber, replacePart, type Upload } from './upload-record.ts';

export const uploadPart = s3Operation({ on: 'object', needs: 's3:PutObject' }, async (request) => {
  needChecksumForLock(request, 'Put Part');
  const { part, upload } = await keepPart(request, async (options) =>
    receiveBody(request.call, request.exchange, options),
  );
  const { algorithm, value } = part.checksum;
  return {
    status: 200,
    headers: { etag: `"${part.etag}"`, [checksumHeader(algorithm)]: value, ...encryptionHeaders(upload.encryption) },
  };
});

/** UploadPartCopy. The bytes of the part are those of another object, or a range of them. */
export const uploadPartCopy = s3Operation({ on: 'object', needs: 's3:PutObject' }, async (request) => {
  const { call, exchange } = request;
  const { object: source } = readCopySource(request);
  const [start, end] = readRange(header(exchange, 'x-amz-copy-source-range'), source.size);
  const customerKey = customerKeyIn(exchange, copySourcePrefix);
  const { part, upload } = await keepPart(request, async (options) =>
    reseal(call, plainBytes(call, source, customerKey, [start, end]), options),
  );
  const answer = xmlAnswer('CopyPartResult', {
    LastModified: isoDate(part.lastModified),
    ETag: `"${part.etag}"`,
    [checksumElement(part.checksum.algorithm)]: part.checksum.value,
  });
  return { ...answer, headers: { ...answer.headers, ...encryptionHeaders(upload.encryption) } };
});

/**
 * Stores a part of the upload that the request names.
 * @param receive takes the bytes of the part and writes them to the disk.
 * @throws NoSuchUpload (404), the error of `receive`, or an error about the bucket, the part number or the encryption.
 */
async function keepPart(
  request: S3Request,
  receive: (options: BodyOptions) => Promise<Received>,
): Promise<{ part: Part; upload: Upload }> {
  const { call, exchange, bucket, key } = request;
  // unverified: block-in-parts
  refuseBlockedCustomerKey(call, exchange, needBucket(call, bucket), key);
  const upload = needUpload(request);
  const number = readPartNumber(exchange.query.get('partNumber'));
  const customerKey = customerKeyIn(exchange);
  matchPartKey(customerMd5(upload.encryption), customerKey);
  const dataKey = unwrapDataKey(call, upload.encryption, customerKey);
  const { segment, etag, checksum } = await receive({
    dataKey,
    isEtagMd5: upload.encryption.algorithm === 'AES256',
    defaultAlgorithm: upload.checksumAlgorithm,
  }).finally(() => dataKey.fill(0));
  const part: Part = { number, etag, lastModified: call.now().getTime(), checksum, segment };
  const unusedFiles = call.store.change(() => {
    // While the bytes arrived, another request may have completed or aborted the upload.
    needUpload(request);
    return replacePart(call.store, upload.uploadId, part);
  });
  await dropBodies(call.store.folder, unusedFiles);
  return { part, upload };
}

/**
 * Reads from a header such as `bytes=0-99` which bytes a request copies. `end` in the result is the place after the
 * last byte. Without the header, gives the range of the whole object.
 * @throws InvalidArgument when the header is unreadable or ends after the object; InvalidRequest when it begins after the
 * object (recorded texts, Feb 2026).
 */
function readRange(rangeHeader: string | undefined, size: number): readonly [start: number, end: number] {
  if (rangeHeader === undefined) return [0, size];
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(rangeHeader) ?? [];
  const hasForm = first !== '' && Number(first) <= Number(last);
  if (hasForm && Number(first) >= size)
    throw new AwsError('InvalidRequest', 'The specified copy range is invalid for the source object size');
  if (hasForm && Number(last) < size) return [Number(first), Number(last) + 1];
  const text = hasForm
    ? `Range specified is not valid for source object of size: ${size}`
    : 'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy';
  throw new AwsError('InvalidArgument', text, {
    details: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: rangeHeader },
  });
}
