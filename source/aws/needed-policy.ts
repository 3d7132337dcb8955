/** Where the key is or will be. When its ARN, `alias` and `bucket` are known, the policy is limited to them. */
export type PolicyScope = {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** In the form `alias/NAME`. */
  readonly alias?: string;
  readonly bucket?: string;
  /** Of a key that is there already. */
  readonly keyArn?: string;
};

/** The kind of thing that an action works on. A key policy can allow actions on the key; only IAM can allow the others. */
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

/** What an import into a key that exists already calls. It makes nothing, except perhaps a bucket. */
export const neededForExisting: readonly Need[] = neededForImport.filter(
  ({ action }) => !['kms:CreateKey', 'kms:TagResource', 'kms:CreateAlias', 'kms:PutKeyPolicy'].includes(action),
);

/** Gives the ARN of a target for a policy. The id of a key that does not exist yet is `*`. */
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

const external = { 'kms:KeyOrigin': 'EXTERNAL' };

/**
 * The conditions of actions, which forbid all that Keyferry does not do: they allow only keys for imported material, and
 * only the wrapping and the expiry that Keyferry offers. KMS developer guide, "AWS KMS condition keys".
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

/** Builds the smallest IAM policy that allows these actions. Actions with the same conditions share a statement. */
export function neededPolicy(place: PolicyScope, needs: readonly Need[] = neededForImport): IamPolicy {
  const statements = new Map<string, { actions: string[]; Resource: string; Condition: Condition | undefined }>();
  for (const { action, on } of needs) {
    const Resource = targetArn(on, place);
    const Condition = conditions[action];
    const found = statements.get(JSON.stringify([Resource, Condition]));
    if (found === undefined)
      statements.set(JSON.stringify([Resource, Condition]), { actions: [action], Resource, Condition });
    else if (!found.actions.includes(action)) found.actions.push(action);
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
