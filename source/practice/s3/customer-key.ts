import { createHash, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { type Call, type Exchange, header } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { type Bucket, s3Arn } from './bucket-record.ts';

/** A key that the customer sends with a request (SSE-C). S3 stores only its MD5 (base64), to recognise the key later. */
export type CustomerKey = { readonly bytes: Buffer; readonly md5: string };

/** The prefix of the names of the headers that contain the customer's key. */
const headerPrefix = 'x-amz-server-side-encryption-customer-';
/** The prefix of the names of the headers that contain the key of a copy's source. */
export const copySourcePrefix = 'x-amz-copy-source-server-side-encryption-customer-';

/** S3's messages about incomplete or wrong headers. Source: recorded answers, Feb 2026. */
const texts = {
  incompatible:
    'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
  algorithm: 'The Encryption request you specified is not valid. Supported value: AES256.',
  noAlgorithm:
    'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
  noKey:
    'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.',
  md5: 'The calculated MD5 hash of the key did not match the hash that was provided.',
  length: 'The secret key was invalid for the specified algorithm.',
} as const;

/**
 * Gives the customer's key of a request, or `undefined` when the request has none. AWS refuses such a key without TLS;
 * practice AWS takes it. As at AWS, the MD5 is checked before the length.
 * @param prefix the prefix of the headers' names: {@link copySourcePrefix} for the source of a copy.
 * @throws InvalidArgument or InvalidEncryptionAlgorithmError with recorded texts.
 */
export function customerKeyIn(exchange: Exchange, prefix: string = headerPrefix): CustomerKey | undefined {
  const [algorithm, key, md5] = ['algorithm', 'key', 'key-md5'].map((name) => header(exchange, `${prefix}${name}`));
  if (algorithm === undefined && key === undefined && md5 === undefined) return undefined;
  if (prefix === headerPrefix && header(exchange, 'x-amz-server-side-encryption') !== undefined)
    throw invalidArgument(texts.incompatible);
  if (algorithm === undefined) throw invalidArgument(texts.noAlgorithm);
  if (algorithm !== 'AES256') throw new AwsError('InvalidEncryptionAlgorithmError', texts.algorithm);
  if (!key) throw invalidArgument(texts.noKey);
  if (md5 === undefined) throw invalidArgument(unverifiedText('customer-key-md5'));
  const bytes = Buffer.from(key, 'base64');
  const computed = createHash('md5').update(bytes).digest('base64');
  if (md5 !== computed) throw invalidArgument(texts.md5);
  if (bytes.length !== 32) throw invalidArgument(texts.length);
  return { bytes, md5: computed };
}

/**
 * Refuses an upload under SSE-C to a bucket that blocks SSE-C. Does not check the customer's key itself.
 * @throws AccessDenied (403) for such an upload.
 */
export function refuseBlockedCustomerKey(call: Call, exchange: Exchange, bucket: Bucket, key: string): void {
  const hasCustomerKey = Object.keys(exchange.headers).some((name) => name.startsWith(headerPrefix));
  if (hasCustomerKey && bucket.encryption.blocked === 'SSE-C') {
    const action = call.action === 's3:CopyObject' ? call.action : 's3:PutObject';
    throw new AwsError(
      'AccessDenied',
      `User: ${call.identity.arn} is not authorized to perform: ${action} on resource: "${s3Arn(call.partition, bucket.name, key)}" because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type`,
      { status: 403 },
    );
  }
}

/**
 * Checks the customer's key of a read. Source: recorded answers, Feb 2026.
 * @param storedMd5 the MD5 of the object's key; `undefined` when the object is not under SSE-C.
 * @throws InvalidRequest when the object needs a key and the request has none, or when the request has a key that the object
 * does not need; AccessDenied (403) for a wrong key.
 */
export function matchCustomerKey(storedMd5: string | undefined, customerKey: CustomerKey | undefined): void {
  if (storedMd5 !== undefined && !customerKey) {
    throw new AwsError(
      'InvalidRequest',
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    );
  }
  if (storedMd5 === undefined && customerKey)
    throw new AwsError('InvalidRequest', 'The encryption parameters are not applicable to this object.');
  if (storedMd5 !== undefined && customerKey && !isSameText(storedMd5, customerKey.md5)) {
    throw new AwsError(
      'AccessDenied',
      'Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.',
      { status: 403 },
    );
  }
}

/**
 * Checks that a part has the customer's key with which its upload began.
 * @param storedMd5 the MD5 of that key; `undefined` when the upload is not under SSE-C.
 * @throws InvalidRequest, with recorded texts, when the part has another key or none, or has a key and the upload has none.
 */
export function matchPartKey(storedMd5: string | undefined, customerKey: CustomerKey | undefined): void {
  if (storedMd5 !== undefined && !customerKey) {
    throw new AwsError(
      'InvalidRequest',
      'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
    );
  }
  if (storedMd5 !== customerKey?.md5)
    throw new AwsError('InvalidRequest', 'The provided encryption parameters did not match the ones used originally.');
}

/** Compares two texts in a time that does not depend on their content. */
function isSameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Makes the error InvalidArgument. */
function invalidArgument(text: string): AwsError {
  return new AwsError('InvalidArgument', text);
}
