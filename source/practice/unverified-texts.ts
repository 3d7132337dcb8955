/**
 * Error texts that no recording of AWS confirms. The first part of an entry says in which operation and case the text is
 * used, and what is uncertain. The second part is the text. `{name}` is a placeholder.
 */
export const texts = {
  'alias-exists': [
    'CreateAlias: a second alias of the name: known from logs only',
    'An alias with the name {arn} already exists',
  ],
  'alias-missing': [
    'UpdateAlias, DeleteAlias, alias as KeyId: an alias that is not there: from logs, masked in recordings',
    'Alias {arn} is not found.',
  ],
  'alias-other-kind': [
    'UpdateAlias: a key of another type or usage',
    'The current and new KMS key must be of the same type and key usage.',
  ],
  'alias-reserved': [
    'CreateAlias: alias/aws/: whether it is InvalidAliasNameException, and its words',
    'The alias/aws/ prefix is reserved for AWS managed keys.',
  ],
  'alias-limit': ['CreateAlias: the 51st alias of a key', 'The KMS key {arn} has reached its limit of aliases.'],
  'policy-too-long': [
    'CreateKey, PutKeyPolicy: more than 32 KiB: the code is that of the quota page',
    'The key policy exceeds the limit of 32768 bytes.',
  ],
  'policy-statements': [
    'CreateKey, PutKeyPolicy: no JSON, no statements, or some without Effect or Principal',
    'Policy document must contain statements with Effect and Principal.',
  ],
  'policy-name': ['GetKeyPolicy, PutKeyPolicy: a name other than default', 'No such policy exists'],
  'data-key-size': [
    'GenerateDataKey: neither or both of KeySpec and NumberOfBytes',
    'Please specify either number of bytes or key spec.',
  ],
  'deletion-window': [
    'ScheduleKeyDeletion: a window outside of 7 to 30 days: the model says 1 to 365',
    'PendingWindowInDays must be between 7 and 30, inclusive.',
  ],
  'lost-ciphertext': [
    'Decrypt, ReEncrypt: a ciphertext of a key that is gone or in another Region: from reports',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  ],
  'symmetric-only': [
    'GenerateDataKey and the like: an RSA key: code and words',
    '{arn} key spec is not valid for {operation}.',
  ],
  'wrong-algorithm': [
    'Encrypt, Decrypt, Sign, Verify, GenerateMac, VerifyMac: an algorithm that the key has not: code and words',
    'Algorithm {algorithm} is incompatible with key spec {spec}.',
  ],
  'digest-length': [
    'Sign, Verify: a digest of the wrong length',
    'Digest is invalid length for algorithm {algorithm}.',
  ],
  'no-public-key': ['GetPublicKey: a symmetric or HMAC key: words', '{arn} is not an asymmetric key.'],
  'grant-principal': [
    'CreateGrant: neither or both of a principal and a service: words',
    'You must specify either {role}Principal or {role}ServicePrincipal, but not both.',
  ],
  'grant-token': [
    'RetireGrant: neither a grant token nor a key with a grant id: code and words',
    'Invalid grant token.',
  ],
  'grant-missing': ['RevokeGrant, RetireGrant: a grant that is not there', 'Grant ID {grantId} not found'],
  'already-primary': [
    'UpdatePrimaryRegion: the Region that is primary already: code and words',
    '{arn} is already the primary key.',
  ],
  'replica-region': [
    'ReplicateKey: a Region that does not exist or lies in another partition: code and words',
    'You cannot replicate a KMS key to the Region {region}.',
  ],
  'encrypted-size': [
    'ImportKeyMaterial: a ciphertext that is not as long as the wrapping key: from another emulator',
    'Invalid encrypted key size.',
  ],
  'blocked-types': [
    'PutBucketEncryption: none or several EncryptionType elements: words',
    'BlockedEncryptionTypes must hold exactly one EncryptionType',
  ],
  'update-encryption-type': [
    'UpdateObjectEncryption: no SSE-KMS in the request: on the wire AWS may stand for Amazon Web Services',
    'Requests that modify an object encryption configuration require a valid new encryption type. Valid values are SSEKMS. Modify the request to specify SSE-KMS for the updated encryption type, and then try again.',
  ],
  'update-encryption-source': [
    'UpdateObjectEncryption: an object under SSE-C or DSSE-KMS: from the API reference',
    "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.",
  ],
  'update-encryption-no-arn': [
    'UpdateObjectEncryption: a key that is not named by its ARN: from the API reference',
    "Requests that modify an object's encryption type to SSE-KMS require an Amazon Web Services KMS key Amazon Resource Name (ARN). Modify the request to specify a KMS key ARN, and then try again.",
  ],
  'update-encryption-bad-arn': [
    'UpdateObjectEncryption: an ARN that is no key ARN: from the API reference',
    "Requests that modify an object's encryption type to SSE-KMS require a valid Amazon Web Services KMS key Amazon Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, and then try again.",
  ],
  'update-encryption-flag': [
    'UpdateObjectEncryption: BucketKeyEnabled that is neither true nor false: from the API reference',
    "The BucketKeyEnabled value isn't valid. Valid values are true or false. Modify the request to specify a valid value, and then try again.",
  ],
  'update-encryption-account': [
    "UpdateObjectEncryption: another account's key: from the API reference",
    'The Amazon Web Services KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again.',
  ],
  'update-encryption-lock': [
    'UpdateObjectEncryption: an object under Object Lock: from the API reference',
    "The encryption type for the specified object can't be updated because that object is protected by S3 Object Lock.",
  ],
  'foreign-key': [
    "every KMS operation: another account's key: the words are those that S3 passes on",
    'User: {user} is not authorized to perform: {action} on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
  ],
  'missing-checksum': [
    'DeleteObjects, PutBucketEncryption, UpdateObjectEncryption: neither Content-MD5 nor a checksum: from reports about DeleteObjects',
    'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
  ],
  'checksum-value': [
    'PutObject, UploadPart: a checksum that cannot be one: from reports',
    'Value for {header} header is invalid.',
  ],
  'trailer-missing': [
    'PutObject, UploadPart: a trailer that was announced and did not come: from the list of error codes',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  ],
  'bucket-of-others': [
    "CreateBucket: another account's bucket name: from the list of error codes",
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
  ],
  'copy-too-large': [
    'CopyObject: more than 5 GiB: from reports',
    'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
  ],
  'upload-size': [
    'CompleteMultipartUpload: another size than the parts have: from other emulators',
    "The provided 'x-amz-mp-object-size' header value does not match what was computed.",
  ],
  'put-too-large': [
    'PutObject, UploadPart: more than 5 GiB: from the list of error codes',
    'Your proposed upload exceeds the maximum allowed size',
  ],
  'metadata-too-large': [
    'PutObject and the like: more than 2 KB of metadata: from the list of error codes',
    'Your metadata headers exceed the maximum allowed metadata size',
  ],
  'key-too-long': [
    'every S3 operation on an object: a key of more than 1,024 bytes: from the list of error codes',
    'Your key is too long',
  ],
  'regions-of-others': [
    'ListRegions: AccountId in an account that manages no others: from reports',
    'User: {user} is not authorized to perform: account:ListRegions (You specified an account that is not in your organization)',
  ],
  'regions-invalid': ['ListRegions: a value out of bounds: words', 'Input validation failed: {field}: {text}.'],
  'tag-key': [
    'PutObjectTagging, PutBucketTagging and uploads with tags: a tag key that is empty or too long: from other emulators',
    'The TagKey you have provided is invalid',
  ],
  'tag-value': [
    'PutObjectTagging, PutBucketTagging and uploads with tags: a tag value that is too long: from other emulators',
    'The TagValue you have provided is invalid',
  ],
  'tag-twice': [
    'PutObjectTagging, PutBucketTagging and uploads with tags: two tags of one key: from other emulators',
    'Cannot provide multiple Tags with the same key',
  ],
  'tag-reserved': [
    'PutObjectTagging, PutBucketTagging and uploads with tags: a key that begins with aws: is from other emulators',
    'System tags cannot be added/updated by requester',
  ],
  'too-many-tags': [
    'PutObjectTagging, PutBucketTagging and uploads with tags: more than 10 or 50 tags: code and words from other emulators',
    'Tags of one {of} cannot be more than {most}',
  ],
  'customer-key-md5': [
    'PutObject and the like: SSE-C without the MD5 of the key: from other emulators; reads without it were reported to work',
    'Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.',
  ],
  'encryption-on-read': [
    'GetObject, HeadObject: x-amz-server-side-encryption on a read: words',
    'x-amz-server-side-encryption header is not supported for this operation.',
  ],
} as const satisfies Record<string, readonly [fact: string, text: string]>;
