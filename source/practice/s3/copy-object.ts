import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { checkSourceConditions, checkWriteConditions } from './conditions.ts';
import { copySourceStart, customerKeyIn } from './customer-key.ts';
import { encryptionHeaders, newDataKey } from './encryption.ts';
import { chooseEncryption } from './encryption-choice.ts';
import { needObject, plainBytes } from './get-object.ts';
import { loadObject, needNoVersion, type ObjectRecord, replaceObject } from './object-record.ts';
import { needOwner, needS3Permission } from './permission.ts';
import { readStoredHeaders } from './put-object.ts';
import { maxObjectBytes } from './receive.ts';
import { reseal } from './reseal.ts';
import { isoDate, type S3Request, s3Operation, xmlAnswer } from './s3-exchange.ts';

/** CopyObject. Decrypts the bytes with the key of the source and encrypts them with the key of the copy. */
export const copyObject = s3Operation({ on: 'object', needs: 's3:PutObject' }, async (request) => {
  const { call, exchange, bucket, key } = request;
  // Without the value REPLACE, the copy keeps the metadata of the source.
  const replacesMetadata = header(exchange, 'x-amz-metadata-directive') === 'REPLACE';
  const target = needBucket(call, bucket);
  checkWriteConditions(exchange, loadObject(call.store, bucket, key));
  const { source, object: original } = readCopySource(request);
  const isItself = source.bucket === bucket && source.key === key;
  if (isItself && !replacesMetadata && !namesEncryption(exchange)) {
    throw new AwsError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  if (original.size > maxObjectBytes) throw new AwsError('InvalidRequest', unverifiedText('copy-too-large'));
  const { dataKey, stored } = newDataKey(call, chooseEncryption(call, exchange, target, key), bucket, key);
  const algorithm = original.checksum?.algorithm;
  const { segment, etag, checksum } = await reseal(
    call,
    plainBytes(call, original, customerKeyIn(exchange, copySourceStart)),
    { dataKey, isEtagMd5: stored.algorithm === 'AES256', ...(algorithm ? { defaultAlgorithm: algorithm } : {}) },
  );
  dataKey.fill(0);
  const copy: ObjectRecord = {
    size: original.size,
    etag,
    lastModified: call.now().getTime(),
    headers: replacesMetadata ? readStoredHeaders(exchange) : original.headers,
    encryption: stored,
    checksum: { ...checksum, type: 'FULL_OBJECT' },
    segments: [segment],
  };
  const unusedFiles = call.store.change(() => {
    // While the bytes were copied, other requests may have deleted the bucket or changed the object.
    needBucket(call, bucket);
    checkWriteConditions(exchange, loadObject(call.store, bucket, key));
    return replaceObject(call.store, bucket, key, copy);
  });
  await dropBodies(call.store.folder, unusedFiles);
  const answer = xmlAnswer('CopyObjectResult', { LastModified: isoDate(copy.lastModified), ETag: `"${copy.etag}"` });
  return { ...answer, headers: { ...answer.headers, ...encryptionHeaders(stored) } };
});

/** True when the request says how the copy is encrypted. */
function namesEncryption(exchange: Exchange): boolean {
  return Object.keys(exchange.headers).some((name) => name.startsWith('x-amz-server-side-encryption'));
}

/**
 * Gives the object that a request copies, and the bucket and key of this object. Checks that the caller may read it.
 * @throws InvalidArgument when the header names no object, AccessDenied (403), NoSuchKey (404), or PreconditionFailed (412).
 */
export function readCopySource(request: S3Request) {
  const source = sourceOf(header(request.exchange, 'x-amz-copy-source') ?? '');
  const reading = { ...request, ...source };
  const { exchange } = request;
  needS3Permission(reading, 's3:GetObject');
  needOwner(exchange, 'x-amz-source-expected-bucket-owner');
  const object = needObject(reading);
  checkSourceConditions(exchange, object);
  return { source, object };
}

/**
 * Reads bucket and key from the header `x-amz-copy-source`, such as `/bucket/key?versionId=null`.
 * @throws InvalidArgument when the header names no object.
 */
function sourceOf(headerValue: string): { bucket: string; key: string } {
  try {
    const [path = '', query] = headerValue.split('?');
    needNoVersion(new URLSearchParams(query).get('versionId'));
    const [bucket = '', ...key] = decodeURIComponent(path).replace(/^\//, '').split('/');
    if (bucket !== '' && key.length > 0) return { bucket, key: key.join('/') };
  } catch (error) {
    // A header that cannot be decoded gets the same error as a header without an object.
    if (error instanceof AwsError) throw error;
  }
  throw new AwsError('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
    details: { ArgumentName: 'x-amz-copy-source' },
  });
}
