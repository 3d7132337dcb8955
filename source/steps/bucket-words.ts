import type { UploadDenial } from '../aws/upload-denials.ts';

/**
 * Says that a bucket policy denies uploads under the key, and what a person can do.
 * @param keyArn the ARN of the key; `new` or `unknown` when it is not known.
 */
export function denialWords(bucket: string, denial: UploadDenial, keyArn: string): string {
  const arn = keyArn.startsWith('arn:') ? keyArn : 'the ARN of your key';
  const isAboutKey = denial.wantedKeys.length > 0;
  const way = isAboutKey
    ? `Have that statement name ${arn} as well, choose another bucket, or upload later.`
    : 'Have that statement changed, or choose another bucket.';
  return `The policy of ${bucket} denies ${deniedWords(denial)} (${statementWords(denial)}). ${way}`;
}

/** Says that a bucket policy may deny uploads under the key, because a part of a statement cannot be judged here. */
export function mayDenyWords(bucket: string, denial: UploadDenial): string {
  return `The policy of ${bucket} may deny ${deniedWords(denial)} (${statementWords(denial)}); Keyferry cannot judge all of that statement. The upload will tell.`;
}

/** Names a statement of a policy. */
export const statementWords = ({ sid }: UploadDenial) =>
  sid === undefined || sid === '' ? 'a Deny statement without a Sid' : `statement "${sid}"`;

/** Says which uploads a statement denies. */
export function deniedWords({ wantedKeys, wantedEncryption }: UploadDenial): string {
  if (wantedKeys.length > 0) return `uploads under any other key than ${wantedKeys.join(' or ')}`;
  if (wantedEncryption.length > 0 && !wantedEncryption.includes('aws:kms'))
    return `uploads with any other encryption than ${wantedEncryption.join(' or ')}`;
  return 'uploads under this key';
}
