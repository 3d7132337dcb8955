/** Where the key is or will be. A policy is limited to `keyArn`, `alias` and `bucket` when they are known. */
export type PolicyScope = {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** In the form `alias/NAME`. */
  readonly alias?: string;
  readonly bucket?: string;
  /** The ARN of a key that exists already. */
  readonly keyArn?: string;
};

/** The kind of thing on which an action works. A key policy can allow actions on the key. Only IAM can allow the others. */
export type Target = 'account' | 'key' | 'alias' | 'bucket' | 'object';

/** A permission that a ceremony needs. */
export type Need = {
  readonly action: string;
  readonly on: Target;
  /** True when AWS checks this permission before the key exists, so that the key policy cannot give it. */
  readonly beforeKey?: true;
};

/**
 * The permissions that a first import needs. CreateKey with tags also needs kms:TagResource; CreateAlias needs a permission
 * on the alias and one on the key; an upload in parts needs kms:Decrypt. KMS and S3 developer guides, "API permissions".
 */
export const neededForImport: readonly Need[] = [
  { action: 'kms:CreateKey', on: 'account' },
  { action: 'kms:TagResource', on: 'key', beforeKey: true },
  { action: 'kms:CreateAlias', on: 'alias' },
  { action: 'kms:CreateAlias', on: 'key' },
  { action: 'kms:DescribeKey', on: 'key' },
  { action: 'kms:PutKeyPolicy', on: 'key' },
  { action: 'kms:GetParametersForImport', on: 'key' },
  { action: 'kms:ImportKeyMaterial', on: 'key' },
  { action: 'kms:GenerateDataKey', on: 'key' },
  { action: 'kms:Decrypt', on: 'key' },
  { action: 's3:CreateBucket', on: 'bucket' },
  { action: 's3:ListBucket', on: 'bucket' },
  { action: 's3:PutObject', on: 'object' },
  { action: 's3:GetObject', on: 'object' },
];

/** The permissions that an import into an existing key needs. It makes nothing new, except perhaps a bucket. */
export const neededForExisting: readonly Need[] = neededForImport.filter(
  ({ action }) => !['kms:CreateKey', 'kms:TagResource', 'kms:CreateAlias', 'kms:PutKeyPolicy'].includes(action),
);

/** Gives the ARN of a target, for a policy. It has `*` in the place of a name that is not known yet. */
export function targetArn(
  on: Target,
  { partition, region, accountId, alias, bucket = 'BUCKET', keyArn }: PolicyScope,
): string {
  const kms = `arn:${partition}:kms:${region}:${accountId}`;
  switch (on) {
    case 'account':
      return '*';
    case 'key':
      return keyArn ?? `${kms}:key/*`;
    case 'alias':
      return `${kms}:${alias ?? 'alias/*'}`;
    case 'bucket':
      return `arn:${partition}:s3:::${bucket}`;
    case 'object':
      return `arn:${partition}:s3:::${bucket}/*`;
  }
}

/** A Condition element: operators, condition keys and their values. */
type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export type IamPolicy = {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: string;
    readonly Condition?: Condition;
  }[];
};

/** The condition that the key is for imported material. */
const external = { 'kms:KeyOrigin': 'EXTERNAL' };

/**
 * The conditions of each action. They allow only keys for imported material, and only the wrapping algorithms and expiry
 * models that Keyferry offers. KMS developer guide, "AWS KMS condition keys".
 */
const conditions: Readonly<Record<string, Condition>> = {
  'kms:CreateKey': { StringEquals: { ...external, 'kms:KeySpec': 'SYMMETRIC_DEFAULT' } },
  'kms:TagResource': { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['keyferry:ceremony'] } },
  'kms:GetParametersForImport': {
    StringEquals: {
      ...external,
      'kms:WrappingAlgorithm': ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'],
      'kms:WrappingKeySpec': ['RSA_4096', 'RSA_3072', 'RSA_2048'],
    },
  },
  'kms:ImportKeyMaterial': {
    StringEquals: {
      ...external,
      'kms:ExpirationModel': ['KEY_MATERIAL_DOES_NOT_EXPIRE', 'KEY_MATERIAL_EXPIRES'],
    },
  },
  'kms:DescribeKey': { StringEquals: external },
  'kms:PutKeyPolicy': { StringEquals: external },
  'kms:GenerateDataKey': { StringEquals: external },
  'kms:Decrypt': { StringEquals: external },
};

/**
 * Builds the smallest IAM policy that allows these actions. Actions with the same resource and conditions share a statement.
 */
export function neededPolicy(scope: PolicyScope, needs: readonly Need[] = neededForImport): IamPolicy {
  const statements = new Map<string, { actions: string[]; Resource: string; Condition: Condition | undefined }>();
  for (const { action, on } of needs) {
    const Resource = targetArn(on, scope);
    const Condition = conditions[action];
    const identity = JSON.stringify([Resource, Condition]);
    const statement = statements.get(identity);
    if (statement === undefined) statements.set(identity, { actions: [action], Resource, Condition });
    else if (!statement.actions.includes(action)) statement.actions.push(action);
  }
  return {
    Version: '2012-10-17',
    Statement: [...statements.values()].map(({ actions, Resource, Condition }, index) => ({
      Sid: `Keyferry${index + 1}`,
      Effect: 'Allow',
      Action: actions,
      Resource,
      ...(Condition === undefined ? {} : { Condition }),
    })),
  };
}
