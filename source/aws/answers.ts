import * as v from 'valibot';

/*
 * What Keyferry uses of each answer of AWS, with the form that AWS documents for it (KMS, S3, IAM, STS and Account Management API
 * references). Names from AWS become parts of paths, of commands and of the journal, so that none may have another form.
 * Fields that are not here are not used. A field that may be missing is optional here, and its reader says what that means.
 */

/** A text of at most `most` characters. The message of every schema here, `what`, is the end of a sentence. */
const text = (most: number, what: string) => v.pipe(v.string(what), v.maxLength(most, what));
const form = (pattern: RegExp, most: number, what: string) => v.pipe(text(most, what), v.regex(pattern, what));
/** A field that may be missing. */
const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(schema);
/** A list, which may be missing. */
const list = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(v.array(schema, 'must be a list'));
/** An answer, or an object within one: it has these fields, and may have others. */
const answer = <Fields extends v.ObjectEntries>(fields: Fields) => v.looseObject(fields, 'must be an object');

const keyId = form(/^[\da-zA-Z-]+$/, 128, 'must be the id of a key');
const keyArn = form(/^arn:[a-z-]+:kms:[\da-z-]+:\d{12}:key\/[\da-zA-Z-]+$/, 256, 'must be the ARN of a key');
const keyName = v.union([keyId, keyArn], 'must be the id or the ARN of a key');
const alias = form(/^alias\/[\w/-]+$/, 256, 'must be an alias');
const materialId = form(/^[\da-f]{64}$/, 64, 'must be the id of a material');
const word = form(/^[\w-]+$/, 64, 'must be a word');
const region = form(/^[a-z\d-]+$/, 64, 'must be a Region');
const account = form(/^\d{12}$/, 12, 'must be an account');
const principal = form(
  /^arn:[a-z-]+:(iam|sts)::\d{12}:(root|[\w-]+\/[!-~]+)$/,
  2048,
  'must be the ARN of a user or role',
);
const iamName = form(/^[\w+=,.@-]+$/, 128, 'must be the name of a user or role');
const bucket = form(/^[\da-zA-Z._-]+$/, 255, 'must be the name of a bucket');
/** Text without control characters: an ETag, an upload id, a marker. */
const token = form(/^[^\p{Cc}]*$/u, 8192, 'must be a short text without control characters');
const policy = text(256 * 1024, 'must be the text of a policy');
const freeText = text(8192, 'must be text');
const flag = v.boolean('must be true or false');
const bytes = (most: number) =>
  v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= most, `must be at most ${most} bytes`);

const lastUsableTime = Date.parse('9999-12-31T23:59:59Z');

/** Tells whether a value is a date that a person can read and a journal can hold: from 1970 to the end of the year 9999. */
export const isUsableTime = (value: unknown): value is Date =>
  value instanceof Date && value.getTime() >= 0 && value.getTime() <= lastUsableTime;

const time = v.custom<Date>(isUsableTime, 'must be a time before the year 10000');

const keyMetadata = v.looseObject(
  {
    KeyId: keyId,
    Arn: keyArn,
    KeyState: maybe(word),
    KeySpec: maybe(word),
    KeyUsage: maybe(word),
    KeyManager: maybe(word),
    Origin: maybe(word),
    Description: maybe(freeText),
    CreationDate: maybe(time),
    DeletionDate: maybe(time),
    ValidTo: maybe(time),
    ExpirationModel: maybe(word),
    CurrentKeyMaterialId: maybe(materialId),
    MultiRegion: maybe(flag),
    MultiRegionConfiguration: maybe(
      answer({
        MultiRegionKeyType: maybe(word),
        PrimaryKey: maybe(answer({ Arn: maybe(keyArn), Region: maybe(region) })),
      }),
    ),
  },
  'must be the description of a key',
);

const dataKey = answer({
  CiphertextBlob: maybe(bytes(6144)),
  Plaintext: maybe(bytes(4096)),
  KeyMaterialId: maybe(materialId),
});

const wholeNumber = v.pipe(v.number('must be a number'), v.safeInteger('must be a whole number'));
const objectKey = v.string('must be text');

const encryption = form(/^[\w:]+$/, 64, 'must be a kind of encryption');

/** What S3 tells about an object, in each answer about one. */
const object = answer({
  ETag: maybe(token),
  VersionId: maybe(token),
  ServerSideEncryption: maybe(encryption),
  SSEKMSKeyId: maybe(token),
  BucketKeyEnabled: maybe(flag),
  ContentLength: maybe(wholeNumber),
  ChecksumType: maybe(word),
  ChecksumCRC32: maybe(token),
  ChecksumCRC64NVME: maybe(token),
  ChecksumSHA256: maybe(token),
  UploadId: maybe(token),
});

const retention = answer({ Mode: maybe(word), Days: maybe(wholeNumber), Years: maybe(wholeNumber) });

const role = answer({ Arn: maybe(principal), RoleName: maybe(iamName) });
const user = answer({ Arn: maybe(principal), UserName: maybe(iamName) });

/** Nothing of these answers is used. */
const nothing = v.looseObject({});

/** The schema of each answer, as `SERVICE.Operation`. A test finds the calls in `source/` and fails for one that is not here. */
export const answerSchemas: Readonly<Record<string, v.GenericSchema>> = {
  'KMS.CreateKey': answer({ KeyMetadata: keyMetadata }),
  'KMS.DescribeKey': answer({ KeyMetadata: keyMetadata }),
  'KMS.CreateAlias': nothing,
  'KMS.UpdateAlias': nothing,
  'KMS.TagResource': nothing,
  'KMS.UntagResource': nothing,
  'KMS.PutKeyPolicy': nothing,
  'KMS.UpdateKeyDescription': nothing,
  'KMS.DisableKey': nothing,
  // `import-pair.ts` judges both parts and the time, because an unfit pair is fetched again.
  'KMS.GetParametersForImport': answer({ KeyId: maybe(keyName) }),
  'KMS.ImportKeyMaterial': answer({ KeyId: maybe(keyName), KeyMaterialId: maybe(materialId) }),
  'KMS.GenerateDataKey': dataKey,
  'KMS.Decrypt': dataKey,
  'KMS.ListKeys': answer({ Keys: list(answer({ KeyId: maybe(keyId), KeyArn: maybe(keyArn) })) }),
  'KMS.ListResourceTags': answer({ Tags: list(answer({ TagKey: maybe(freeText), TagValue: maybe(freeText) })) }),
  'KMS.ListAliases': answer({
    Aliases: list(answer({ AliasName: maybe(alias), TargetKeyId: maybe(keyId), AliasArn: maybe(token) })),
  }),
  'KMS.ListKeyRotations': answer({
    Rotations: list(
      answer({
        KeyMaterialId: maybe(materialId),
        KeyMaterialState: maybe(word),
        ImportState: maybe(word),
        ValidTo: maybe(time),
        KeyMaterialDescription: maybe(freeText),
      }),
    ),
  }),
  'KMS.GetKeyPolicy': answer({ Policy: maybe(policy) }),
  'S3.CreateBucket': nothing,
  'S3.HeadBucket': answer({ BucketRegion: maybe(region) }),
  'S3.PutObject': object,
  'S3.CreateMultipartUpload': object,
  'S3.UploadPart': object,
  'S3.CompleteMultipartUpload': object,
  'S3.GetObject': object,
  'S3.HeadObject': object,
  'S3.ListMultipartUploads': answer({
    Uploads: list(
      answer({
        Key: maybe(objectKey),
        UploadId: maybe(token),
        Initiator: maybe(answer({ ID: maybe(token) })),
        Initiated: maybe(time),
      }),
    ),
    IsTruncated: maybe(flag),
    NextKeyMarker: maybe(objectKey),
    NextUploadIdMarker: maybe(token),
  }),
  'S3.ListParts': answer({
    Parts: list(
      answer({
        PartNumber: maybe(wholeNumber),
        Size: maybe(wholeNumber),
        ETag: maybe(token),
        ChecksumCRC32: maybe(token),
      }),
    ),
    IsTruncated: maybe(flag),
    NextPartNumberMarker: maybe(token),
  }),
  'S3.ListObjectsV2': answer({
    Contents: list(answer({ Key: maybe(objectKey), Size: maybe(wholeNumber) })),
    KeyCount: maybe(wholeNumber),
    NextContinuationToken: maybe(token),
  }),
  'S3.AbortMultipartUpload': nothing,
  'S3.GetBucketPolicy': answer({ Policy: maybe(policy) }),
  'S3.GetBucketEncryption': answer({
    ServerSideEncryptionConfiguration: maybe(
      answer({
        Rules: list(
          answer({
            ApplyServerSideEncryptionByDefault: maybe(
              answer({ SSEAlgorithm: maybe(encryption), KMSMasterKeyID: maybe(token) }),
            ),
          }),
        ),
      }),
    ),
  }),
  'S3.GetBucketVersioning': answer({ Status: maybe(word) }),
  'S3.GetObjectLockConfiguration': answer({
    ObjectLockConfiguration: maybe(
      answer({
        ObjectLockEnabled: maybe(word),
        Rule: maybe(answer({ DefaultRetention: maybe(retention) })),
      }),
    ),
  }),
  'S3.ListBuckets': answer({ Buckets: list(answer({ Name: maybe(bucket), BucketRegion: maybe(region) })) }),
  'IAM.GetRole': answer({ Role: maybe(role) }),
  'IAM.GetUser': answer({ User: maybe(user) }),
  'IAM.ListRoles': answer({ Roles: list(role) }),
  'IAM.ListUsers': answer({ Users: list(user) }),
  'IAM.SimulatePrincipalPolicy': answer({
    EvaluationResults: list(answer({ EvalActionName: maybe(token), EvalDecision: maybe(word) })),
    IsTruncated: maybe(flag),
    Marker: maybe(token),
  }),
  'STS.GetCallerIdentity': answer({ Account: maybe(account), Arn: maybe(principal) }),
  'Account.ListRegions': answer({ Regions: list(answer({ RegionName: maybe(region) })) }),
};
