/**
 * The kind of thing on which an action works. A key policy can allow actions on the key. Only IAM can allow the others.
 * `account` has no ARN of its own, and `any key` is every key of the Region.
 */
export type Target = 'account' | 'any key' | 'key' | 'alias' | 'bucket' | 'object';

/** A permission that a ceremony needs. */
export type Need = {
  readonly action: string;
  readonly on: Target;
  /** True when AWS checks this permission before the key exists, so that the key policy cannot give it. */
  readonly beforeKey?: true;
};

/**
 * When a first import uses a permission:
 * - `always`: also when nothing goes wrong.
 * - `way back`: only after a lost answer or a failure, to find out what was done, to correct it or to clean up.
 * - `convenience`: to ask the person less, or to warn earlier. Keyferry does without it.
 * - `if chosen`: only for what a person may choose: an alias that another key has, and tags of their own.
 * - `elsewhere`: never; other ceremonies and commands use it.
 */
export type When = 'always' | 'way back' | 'convenience' | 'if chosen' | 'elsewhere';

/** A permission that a call needs, and when a first import uses it. */
export type Permission = Need & { readonly when: When };

/**
 * Every call that Keyferry sends to AWS, as `SERVICE.Operation`, with the permissions that AWS checks for it. A test
 * finds the calls in `source/` and fails for one that is not here. KMS developer guide, "AWS KMS permissions"; S3 user
 * guide, "Required permissions for Amazon S3 API operations"; service authorization reference, "Actions, resources, and
 * condition keys for AWS Identity and Access Management (IAM)". The tags of a new key need kms:TagResource, an alias
 * needs a permission on itself and one on the key, and an upload in parts needs kms:Decrypt.
 */
export const permissionsOfCalls: Readonly<Record<string, readonly Permission[]>> = {
  'KMS.CreateKey': [
    { action: 'kms:CreateKey', on: 'account', when: 'always' },
    { action: 'kms:TagResource', on: 'key', when: 'always', beforeKey: true },
  ],
  'KMS.CreateAlias': [
    { action: 'kms:CreateAlias', on: 'alias', when: 'always' },
    { action: 'kms:CreateAlias', on: 'key', when: 'always' },
  ],
  // Only for an alias that another key has. Then the test of the caller's permissions asks for this one, not for CreateAlias.
  'KMS.UpdateAlias': [
    { action: 'kms:UpdateAlias', on: 'alias', when: 'if chosen' },
    { action: 'kms:UpdateAlias', on: 'any key', when: 'if chosen' },
  ],
  // Only to correct the person's own tags of a key that exists.
  'KMS.TagResource': [{ action: 'kms:TagResource', on: 'key', when: 'if chosen' }],
  'KMS.UntagResource': [{ action: 'kms:UntagResource', on: 'key', when: 'if chosen' }],
  // Beside its own key, Keyferry describes other keys only to find its own among them.
  'KMS.DescribeKey': [
    { action: 'kms:DescribeKey', on: 'key', when: 'always' },
    { action: 'kms:DescribeKey', on: 'any key', when: 'way back' },
  ],
  // Sent only to correct a key that exists. But KMS makes no key whose policy its caller could not change later.
  'KMS.PutKeyPolicy': [{ action: 'kms:PutKeyPolicy', on: 'key', when: 'always' }],
  'KMS.UpdateKeyDescription': [{ action: 'kms:UpdateKeyDescription', on: 'key', when: 'way back' }],
  'KMS.GetParametersForImport': [{ action: 'kms:GetParametersForImport', on: 'key', when: 'always' }],
  'KMS.ImportKeyMaterial': [{ action: 'kms:ImportKeyMaterial', on: 'key', when: 'always' }],
  'KMS.GenerateDataKey': [{ action: 'kms:GenerateDataKey', on: 'key', when: 'always' }],
  'KMS.Decrypt': [{ action: 'kms:Decrypt', on: 'key', when: 'always' }],
  // Also sent to see whether KMS can be reached. For that, a refusal will do.
  'KMS.ListKeys': [{ action: 'kms:ListKeys', on: 'account', when: 'way back' }],
  'KMS.ListResourceTags': [{ action: 'kms:ListResourceTags', on: 'any key', when: 'way back' }],
  'KMS.ListAliases': [{ action: 'kms:ListAliases', on: 'account', when: 'way back' }],
  'KMS.ListKeyRotations': [{ action: 'kms:ListKeyRotations', on: 'key', when: 'convenience' }],
  'KMS.GetKeyPolicy': [{ action: 'kms:GetKeyPolicy', on: 'key', when: 'elsewhere' }],
  'KMS.DisableKey': [{ action: 'kms:DisableKey', on: 'key', when: 'elsewhere' }],

  'S3.CreateBucket': [
    { action: 's3:CreateBucket', on: 'bucket', when: 'always' },
    // Only with tags of the person's own.
    { action: 's3:TagResource', on: 'bucket', when: 'if chosen' },
  ],
  'S3.HeadBucket': [{ action: 's3:ListBucket', on: 'bucket', when: 'always' }],
  'S3.PutObject': [
    { action: 's3:PutObject', on: 'object', when: 'always' },
    { action: 'kms:GenerateDataKey', on: 'key', when: 'always' },
  ],
  'S3.CreateMultipartUpload': [
    { action: 's3:PutObject', on: 'object', when: 'always' },
    { action: 'kms:GenerateDataKey', on: 'key', when: 'always' },
  ],
  'S3.UploadPart': [
    { action: 's3:PutObject', on: 'object', when: 'always' },
    { action: 'kms:Decrypt', on: 'key', when: 'always' },
  ],
  'S3.CompleteMultipartUpload': [
    { action: 's3:PutObject', on: 'object', when: 'always' },
    { action: 'kms:Decrypt', on: 'key', when: 'always' },
  ],
  'S3.GetObject': [
    { action: 's3:GetObject', on: 'object', when: 'always' },
    { action: 'kms:Decrypt', on: 'key', when: 'always' },
  ],
  // Without s3:ListBucket, S3 answers 403 in the place of 404.
  'S3.HeadObject': [
    { action: 's3:GetObject', on: 'object', when: 'always' },
    { action: 's3:ListBucket', on: 'bucket', when: 'always' },
  ],
  // Only when many files go into a bucket that is there. Without it, each object is looked at.
  'S3.ListObjectsV2': [{ action: 's3:ListBucket', on: 'bucket', when: 'convenience' }],
  // Only to go on with an upload in parts. Without it, the manifest tells which parts S3 has.
  'S3.ListParts': [{ action: 's3:ListMultipartUploadParts', on: 'object', when: 'way back' }],
  'S3.ListMultipartUploads': [{ action: 's3:ListBucketMultipartUploads', on: 'bucket', when: 'way back' }],
  'S3.AbortMultipartUpload': [{ action: 's3:AbortMultipartUpload', on: 'object', when: 'way back' }],
  'S3.GetBucketPolicy': [{ action: 's3:GetBucketPolicy', on: 'bucket', when: 'convenience' }],
  'S3.GetBucketEncryption': [{ action: 's3:GetEncryptionConfiguration', on: 'bucket', when: 'convenience' }],
  'S3.GetObjectLockConfiguration': [
    { action: 's3:GetBucketObjectLockConfiguration', on: 'bucket', when: 'convenience' },
  ],
  'S3.GetBucketVersioning': [{ action: 's3:GetBucketVersioning', on: 'bucket', when: 'convenience' }],
  'S3.ListBuckets': [{ action: 's3:ListAllMyBuckets', on: 'account', when: 'convenience' }],

  'IAM.GetRole': [{ action: 'iam:GetRole', on: 'account', when: 'convenience' }],
  'IAM.GetUser': [{ action: 'iam:GetUser', on: 'account', when: 'convenience' }],
  'IAM.ListRoles': [{ action: 'iam:ListRoles', on: 'account', when: 'convenience' }],
  'IAM.ListUsers': [{ action: 'iam:ListUsers', on: 'account', when: 'convenience' }],
  'IAM.SimulatePrincipalPolicy': [{ action: 'iam:SimulatePrincipalPolicy', on: 'account', when: 'convenience' }],

  // Nobody needs a permission for it: STS API reference, GetCallerIdentity.
  'STS.GetCallerIdentity': [],
  'Account.ListRegions': [{ action: 'account:ListRegions', on: 'account', when: 'elsewhere' }],
};

const mostNeededFirst: readonly When[] = ['always', 'way back', 'convenience', 'if chosen', 'elsewhere'];

/**
 * Gives each permission of the calls once, beginning with those that are always used. When several calls need a permission, its
 * `when` is that of the call that needs it most.
 */
function listPermissions(): readonly Permission[] {
  const all = mostNeededFirst.flatMap((when) =>
    Object.values(permissionsOfCalls).flatMap((permissions) => permissions.filter((each) => each.when === when)),
  );
  const isSame = (one: Permission, other: Permission) =>
    one.action === other.action && one.on === other.on && one.beforeKey === other.beforeKey;
  return all.filter((each, index) => all.findIndex((one) => isSame(one, each)) === index);
}

/** A permission that a first import may use. */
export type ImportPermission = Need & { readonly when: Exclude<When, 'elsewhere'> };

/** Every permission that a first import may use, each once, beginning with those that are always used. */
export const permissionsForImport: readonly ImportPermission[] = listPermissions().flatMap(({ when, ...need }) =>
  when === 'elsewhere' ? [] : [{ ...need, when }],
);
