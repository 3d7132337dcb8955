import type { KnownError } from './entry.ts';

const where = 'aws s3api head-bucket --bucket BUCKET --query BucketRegion --output text';

/** Errors of S3 about buckets and their settings. S3 API reference, "Error responses" and the errors of each operation. */
export const bucketEntries: readonly KnownError[] = [
  {
    names: ['NoSuchBucket'],
    phrases: [/The specified bucket does not exist/],
    kind: 'fixable',
    why: 'The bucket does not exist.',
    look: ['aws s3 ls'],
    next: ['Check the name, or create the bucket.'],
  },
  {
    names: ['BucketAlreadyExists'],
    phrases: [/The requested bucket name is not available/],
    kind: 'fixable',
    why: 'Another account has a bucket of this name: all accounts of a partition of AWS share these names.',
    next: ['Choose another bucket name.'],
  },
  {
    names: ['BucketAlreadyOwnedByYou'],
    kind: 'fixable',
    why: 'You have this bucket already.',
    look: [where],
    next: ['Use it, or choose another name.'],
  },
  {
    names: ['InvalidBucketName'],
    kind: 'fixable',
    why: 'S3 does not take this name for a bucket.',
    next: ['Use 3 to 63 small letters, digits and hyphens.'],
  },
  {
    names: ['TooManyBuckets'],
    kind: 'fixable',
    why: 'Your account may have no more buckets.',
    next: ['Use a bucket that you have, or ask AWS for a higher quota.'],
  },
  {
    names: [
      'PermanentRedirect',
      'TemporaryRedirect',
      'AuthorizationHeaderMalformed',
      'IllegalLocationConstraintException',
      'InvalidLocationConstraint',
      '301',
      'MovedPermanently',
    ],
    phrases: [
      /must be addressed using the specified endpoint/,
      /The bucket is in this region: /,
      /authorization header is malformed; the region/,
      /location constraint is incompatible for the region specific endpoint/,
    ],
    kind: 'fixable',
    why: 'The bucket is in another Region than the request. A bucket takes only KMS keys of its own Region.',
    causes: ['The Region of the profile is not that of the bucket.', 'The endpoint is that of another Region.'],
    look: [where],
    next: ["Send the request to the bucket's Region, and use a KMS key of that Region."],
  },
  {
    names: ['AccessControlListNotSupported'],
    kind: 'fixable',
    why: 'The bucket takes no access control lists, as every new bucket. Encryption needs none.',
    next: ['Leave the list out of the request: no --acl.'],
  },
  {
    names: ['BucketNotEmpty'],
    kind: 'fixable',
    why: 'The bucket still holds objects, versions of them, or unfinished uploads.',
    next: ['Empty it first, if it is to go.'],
  },
  {
    names: ['MalformedPolicy'],
    kind: 'fixable',
    why: 'S3 does not take the bucket policy: it is no valid policy, or names somebody or something that does not exist.',
    next: ["Change what S3's sentence names, then try again."],
  },
  {
    names: ['NoSuchBucketPolicy', 'NoSuchTagSet', 'ObjectLockConfigurationNotFoundError'],
    kind: 'fixable',
    why: 'The bucket has no setting of this kind.',
    next: ['Nothing has to be done, unless one was meant to be there.'],
  },
  {
    names: ['ServerSideEncryptionConfigurationNotFoundError'],
    kind: 'fixable',
    why: 'The bucket has no encryption setting of its own; AWS then uses SSE-S3.',
    next: ['Set one with the full ARN of your key, or name the key in each upload.'],
  },
];
