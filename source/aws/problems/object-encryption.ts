import type { Refinement } from './entry.ts';

/**
 * Why S3 does not put an object under another key in place (UpdateObjectEncryption). S3 says it with AccessDenied or
 * InvalidRequest. S3 API reference, UpdateObjectEncryption; the service is spelled "AWS" or "Amazon Web Services" there.
 */
export const objectEncryptionReadings: readonly Refinement[] = [
  {
    // UpdateObjectEncryption: governance mode and legal hold have to be removed first; compliance mode cannot be.
    says: /(?:that|the) object is protected by S3 Object Lock/,
    kind: 'refused',
    why: 'The object is under S3 Object Lock, so S3 does not put it under another key.',
    causes: ['The object has a retention period or a legal hold. This is no matter of your permissions.'],
    look: [
      'aws s3api get-object-retention --bucket BUCKET --key OBJECT',
      'aws s3api get-object-legal-hold --bucket BUCKET --key OBJECT',
    ],
    next: [
      'In governance mode or under a legal hold: have the lock removed first, then try again.',
      'In compliance mode nobody can. Copy the object under the new key, or wait until the period is over.',
    ],
  },
  {
    says: /must be owned by the same account as the bucket/,
    kind: 'fixable',
    why: 'Re-encryption in place takes only keys of the account that owns the bucket.',
    causes: ['The key belongs to another account. A permission for it changes nothing here.'],
    look: ['aws sts get-caller-identity'],
    next: ['Use a key of that account, or copy the objects.'],
  },
  {
    says: /same organization in (?:AWS |Amazon Web Services )?Organizations as the bucket|bucket owner's account isn.t part of an organization/,
    kind: 'fixable',
    why: 'Re-encryption in place takes only keys of the same organisation as the bucket, where AWS Support has allowed that.',
    causes: ['The account of the key or of the bucket is in another organisation, or in none.'],
    look: ['aws organizations describe-organization --query Organization.Id'],
    next: ['Use a key of the account that owns the bucket, or copy the objects.'],
  },
  {
    says: /require an? (?:valid )?(?:AWS |Amazon Web Services )?KMS key Amazon Resource Name/,
    kind: 'fixable',
    why: 'Re-encryption in place takes the key by its full ARN only: neither by its id nor by an alias.',
    look: ['aws kms describe-key --key-id KEY --query KeyMetadata.Arn --output text'],
    next: ['Name the key by its full ARN.'],
  },
];
