import { needIdentityPermission } from '../identity-policy.ts';
import { s3Arn } from './bucket-record.ts';
import type { S3Request } from './s3-exchange.ts';

/**
 * Throws AccessDenied (403) unless the caller may do this with the bucket, or the object in it, that a request names; an
 * action such as `s3:GetObject`.
 */
export function needS3Permission(
  { call, bucket, key }: Pick<S3Request, 'call' | 'bucket' | 'key'>,
  action: string,
): void {
  needIdentityPermission(call, action, s3Arn(call.partition, bucket, key));
}
