import type { OwnedBucket } from '../aws/s3.ts';
import type { UploadDenial } from '../aws/upload-denials.ts';

/** Says that a bucket belongs to another account than the person is connected to. */
export const foreignBucketWords = ({ bucket, owner }: OwnedBucket) =>
  `${bucket} belongs to another account than yours, which is ${owner}. Keyferry works only with buckets of the account to which it is connected.`;

/** Says that a bucket policy denies uploads under the key. */
export function denialWords(bucket: string, denial: UploadDenial): string {
  return `The policy of ${bucket} denies ${deniedWords(denial)} (${statementWords(denial)}).`;
}

/** Says that a bucket policy may deny uploads under the key, because a part of a statement cannot be judged here. */
export function mayDenyWords(bucket: string, denial: UploadDenial): string {
  return `The policy of ${bucket} may deny ${deniedWords(denial)} (${statementWords(denial)}); Keyferry cannot judge all of that statement. The upload will tell.`;
}

/**
 * Says what a person can do about a statement that denies uploads.
 * @param keyArn the ARN of the key; `new` or `unknown` when it is not known.
 */
export function wayOutWords({ wantedKeys }: UploadDenial, keyArn: string): string {
  const arn = keyArn.startsWith('arn:') ? keyArn : 'the ARN of your key';
  return wantedKeys.length > 0
    ? `Have that statement name ${arn} as well, choose another bucket, or upload later.`
    : 'Have that statement changed, choose another bucket, or upload later.';
}

/** Names a statement of a policy. */
const statementWords = ({ sid }: UploadDenial) =>
  sid === undefined || sid === '' ? 'a Deny statement without a Sid' : `statement "${sid}"`;

/** Says which uploads a statement denies. */
function deniedWords({ wantedKeys, wantedEncryption }: UploadDenial): string {
  if (wantedKeys.length > 0) return `uploads under any other key than ${wantedKeys.join(' or ')}`;
  if (wantedEncryption.length > 0 && !wantedEncryption.includes('aws:kms'))
    return `uploads with any other encryption than ${wantedEncryption.join(' or ')}`;
  return 'these uploads';
}
