/** A fact that no recording of AWS stands behind: which operation, and what about it. */
export type Fact = { readonly where: string; readonly what: string };

/** Codes and words that no recording shows. `{name}` stands for what changes. */
export const texts = {
  'alias-exists': {
    where: 'CreateAlias',
    what: 'a second alias of the name: known from logs only',
    text: 'An alias with the name {arn} already exists',
  },
  'alias-missing': {
    where: 'UpdateAlias, DeleteAlias, alias as KeyId',
    what: 'an alias that is not there: from logs, masked in recordings',
    text: 'Alias {arn} is not found.',
  },
  'alias-other-kind': {
    where: 'UpdateAlias',
    what: 'a key of another type or usage',
    text: 'The current and new KMS key must be of the same type and key usage.',
  },
  'alias-reserved': {
    where: 'CreateAlias',
    what: 'alias/aws/: whether it is InvalidAliasNameException, and its words',
    text: 'The alias/aws/ prefix is reserved for AWS managed keys.',
  },
  'alias-limit': {
    where: 'CreateAlias',
    what: 'the 51st alias of a key',
    text: 'The KMS key {arn} has reached its limit of aliases.',
  },
  'policy-too-long': {
    where: 'CreateKey, PutKeyPolicy',
    what: 'more than 32 KiB: the code is that of the quota page',
    text: 'The key policy exceeds the limit of 32768 bytes.',
  },
  'policy-no-json': { where: 'CreateKey, PutKeyPolicy', what: 'no JSON', text: 'The policy is not valid JSON.' },
  'policy-statements': {
    where: 'CreateKey, PutKeyPolicy',
    what: 'no statements, or some without Effect or Principal',
    text: 'Policy document must contain statements with Effect and Principal.',
  },
  'policy-name': {
    where: 'GetKeyPolicy, PutKeyPolicy',
    what: 'a name other than default',
    text: 'No such policy exists',
  },
  'data-key-size': {
    where: 'GenerateDataKey',
    what: 'neither or both of KeySpec and NumberOfBytes',
    text: 'Please specify either number of bytes or key spec.',
  },
  'deletion-window': {
    where: 'ScheduleKeyDeletion',
    what: 'a window outside of 7 to 30 days: the model says 1 to 365',
    text: 'PendingWindowInDays must be between 7 and 30, inclusive.',
  },
  'lost-ciphertext': {
    where: 'Decrypt, ReEncrypt',
    what: 'a ciphertext of a key that is gone or in another Region: from reports',
    text: 'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  },
  'symmetric-only': {
    where: 'GenerateDataKey and the like',
    what: 'an RSA key: code and words',
    text: '{arn} key spec is not valid for {operation}.',
  },
  'wrong-algorithm': {
    where: 'Encrypt, Decrypt, Sign, Verify, GenerateMac, VerifyMac',
    what: 'an algorithm that the key has not: code and words',
    text: 'Algorithm {algorithm} is incompatible with key spec {spec}.',
  },
  'digest-length': {
    where: 'Sign, Verify',
    what: 'a digest of the wrong length',
    text: 'Digest is invalid length for algorithm {algorithm}.',
  },
  'no-public-key': {
    where: 'GetPublicKey',
    what: 'a symmetric or HMAC key: words',
    text: '{arn} is not an asymmetric key.',
  },
  'foreign-public-key': {
    where: 'DeriveSharedSecret',
    what: 'a public key that is none, or lies on another curve',
    text: 'The public key is not valid for the KMS key.',
  },
  'grant-missing': { where: 'RevokeGrant', what: 'a grant that is not there', text: 'Grant ID {grantId} not found' },
  'already-primary': {
    where: 'UpdatePrimaryRegion',
    what: 'the Region that is primary already: code and words',
    text: '{arn} is already the primary key.',
  },
  'replica-region': {
    where: 'ReplicateKey',
    what: 'a Region that does not exist or lies in another partition: code and words',
    text: 'You cannot replicate a KMS key to the Region {region}.',
  },
  'encrypted-size': {
    where: 'ImportKeyMaterial',
    what: 'a ciphertext that is not as long as the wrapping key: from another emulator',
    text: 'Invalid encrypted key size.',
  },
  'blocked-types': {
    where: 'PutBucketEncryption',
    what: 'none or several EncryptionType elements: words',
    text: 'BlockedEncryptionTypes must hold exactly one EncryptionType',
  },
  'update-encryption-type': {
    where: 'UpdateObjectEncryption',
    what: 'no SSE-KMS in the request: on the wire AWS may stand for Amazon Web Services',
    text: 'Requests that modify an object encryption configuration require a valid new encryption type. Valid values are SSEKMS. Modify the request to specify SSE-KMS for the updated encryption type, and then try again.',
  },
  'update-encryption-source': {
    where: 'UpdateObjectEncryption',
    what: 'an object under SSE-C or DSSE-KMS: from the API reference',
    text: "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.",
  },
  'update-encryption-no-arn': {
    where: 'UpdateObjectEncryption',
    what: 'a key that is not named by its ARN: from the API reference',
    text: "Requests that modify an object's encryption type to SSE-KMS require an Amazon Web Services KMS key Amazon Resource Name (ARN). Modify the request to specify a KMS key ARN, and then try again.",
  },
  'update-encryption-bad-arn': {
    where: 'UpdateObjectEncryption',
    what: 'an ARN that is no key ARN: from the API reference',
    text: "Requests that modify an object's encryption type to SSE-KMS require a valid Amazon Web Services KMS key Amazon Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, and then try again.",
  },
  'update-encryption-flag': {
    where: 'UpdateObjectEncryption',
    what: 'BucketKeyEnabled that is neither true nor false: from the API reference',
    text: "The BucketKeyEnabled value isn't valid. Valid values are true or false. Modify the request to specify a valid value, and then try again.",
  },
  'update-encryption-account': {
    where: 'UpdateObjectEncryption',
    what: "another account's key: from the API reference",
    text: 'The Amazon Web Services KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again.',
  },
  'foreign-key': {
    where: 'every KMS operation',
    what: "another account's key: the words are those that S3 passes on",
    text: 'User: {user} is not authorized to perform: {action} on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
  },
  'missing-checksum': {
    where: 'DeleteObjects, PutBucketEncryption, UpdateObjectEncryption',
    what: 'neither Content-MD5 nor a checksum: from reports about DeleteObjects',
    text: 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
  },
  'checksum-value': {
    where: 'PutObject, UploadPart',
    what: 'a checksum that cannot be one: from reports',
    text: 'Value for {header} header is invalid.',
  },
  'trailer-missing': {
    where: 'PutObject, UploadPart',
    what: 'a trailer that was announced and did not come: from the list of error codes',
    text: 'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  },
  'bucket-of-others': {
    where: 'CreateBucket',
    what: "another account's bucket name: from the list of error codes",
    text: 'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
  },
  'copy-too-large': {
    where: 'CopyObject',
    what: 'more than 5 GiB: from reports',
    text: 'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
  },
  'put-too-large': {
    where: 'PutObject, UploadPart',
    what: 'more than 5 GiB: from the list of error codes',
    text: 'Your proposed upload exceeds the maximum allowed size',
  },
  'metadata-too-large': {
    where: 'PutObject and the like',
    what: 'more than 2 KB of metadata: from the list of error codes',
    text: 'Your metadata headers exceed the maximum allowed metadata size',
  },
  'key-too-long': {
    where: 'every S3 operation on an object',
    what: 'a key of more than 1,024 bytes: from the list of error codes',
    text: 'Your key is too long',
  },
  'encryption-on-read': {
    where: 'GetObject, HeadObject',
    what: 'x-amz-server-side-encryption on a read: words',
    text: 'x-amz-server-side-encryption header is not supported for this operation.',
  },
} as const satisfies Record<string, Fact & { readonly text: string }>;
