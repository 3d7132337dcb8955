import { AwsError } from '../aws-error.ts';
import { readChecksum } from './checksums.ts';
import type { S3Request } from './s3-exchange.ts';

/**
 * Refuses an upload with Object Lock headers to a bucket without Object Lock. The control file says which buckets have Object
 * Lock. The words of the error are from reports of users.
 * @throws InvalidRequest for such an upload.
 */
export function refuseLockHeaders({ call, exchange, bucket }: S3Request): void {
  const namesLock = Object.keys(exchange.headers).some((name) => name.startsWith('x-amz-object-lock-'));
  if (namesLock && !call.control.hasObjectLock(bucket))
    throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

/**
 * Refuses an upload without a checksum to a bucket with Object Lock. The texts are from reports of users, and not recorded from
 * AWS.
 * @param operationText the name of the operation, as the message writes it.
 * @throws InvalidRequest for such an upload.
 */
export function needChecksumForLock(
  { call, exchange, bucket }: S3Request,
  operationText: 'Put Object' | 'Put Part',
): void {
  if (call.control.hasObjectLock(bucket) && !readChecksum(exchange) && !exchange.headers['content-md5']) {
    const needed = 'Content-MD5 OR x-amz-checksum- HTTP header is required';
    throw new AwsError('InvalidRequest', `${needed} for ${operationText} requests with Object Lock parameters`);
  }
}
