/** The bucket of the policies here. */
export const bucket = 'a-bucket';

/** A statement that denies every upload under another key than this, on these further conditions. */
export const wantsKey = (arn: string, conditions: object = {}, more: object = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: `arn:aws:s3:::${bucket}/*`,
  Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': arn }, ...conditions },
  ...more,
});

export const bucketPolicyOf = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
