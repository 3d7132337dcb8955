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
    // S3 User Guide, "Request redirection and the REST API".
    names: ['TemporaryRedirect'],
    kind: 'waiting',
    why: 'The bucket was made a short time ago, and its address is not known everywhere yet: S3 names another one for now.',
    look: [where],
    next: ['Try again in a few minutes.'],
  },
  {
    names: ['AccessControlListNotSupported'],
    kind: 'fixable',
    why: 'The bucket takes no access control lists, as every new bucket. Encryption needs none.',
    next: ['Leave the list out of the request: no --acl.'],
  },
  {
    // S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket".
    names: ['InvalidBucketAclWithObjectOwnership'],
    phrases: [/Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting/],
    kind: 'fixable',
    why: 'The request makes a bucket with an access control list, and new buckets take none. Encryption needs none.',
    causes: ['The request has --acl or a --grant option, and leaves --object-ownership as it is for new buckets.'],
    next: ['Leave the list out of the request: no --acl, no --grant.'],
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
    // S3 API reference, GetPublicAccessBlock; S3 User Guide, "Blocking public access to your Amazon S3 storage".
    names: ['NoSuchPublicAccessBlockConfiguration'],
    phrases: [/The public access block configuration was not found/],
    kind: 'fixable',
    why: 'The bucket itself blocks no public access; a setting of the account still counts. Encryption needs neither.',
    causes: ['Somebody took the setting away.', 'The bucket is older than April 2023, when new ones began to have it.'],
    look: ['aws s3control get-public-access-block --account-id ACCOUNT'],
    next: ['Block public access with aws s3api put-public-access-block, unless the bucket is meant to be public.'],
  },
  {
    // S3 API reference, PutBucketTagging and PutObjectTagging; S3 User Guide, "Categorizing your objects using tags".
    names: ['InvalidTag'],
    kind: 'fixable',
    why: 'S3 does not take one of the tags.',
    causes: [
      'A tag begins with aws:, or stands there twice.',
      'A tag has no name, a name of over 128 characters, or a value of over 256.',
    ],
    next: ['Change the tags, then try again.'],
  },
  {
    names: ['ServerSideEncryptionConfigurationNotFoundError'],
    kind: 'fixable',
    why: 'The bucket has no encryption setting of its own; AWS then uses SSE-S3.',
    next: ['Set one with the full ARN of your key, or name the key in each upload.'],
  },
];
