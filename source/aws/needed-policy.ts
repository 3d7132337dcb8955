/** Where the key will live; `alias` and `bucket` narrow the policy where they are known. */
export type PolicyScope = {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** With its prefix, `alias/NAME`. */
  readonly alias?: string;
  readonly bucket?: string;
};

/** What an action is done to. A key's policy can allow what is done to the key; the rest is for IAM alone. */
export type Target = 'account' | 'key' | 'alias' | 'bucket' | 'object';
export type Need = {
  readonly action: string;
  readonly on: Target;
  /** True where the key is not there yet when the permission is looked at, so that its policy cannot give it. */
  readonly beforeKey?: true;
};

/**
 * What a first import calls. CreateKey with tags asks for kms:TagResource, and CreateAlias for a permission on the alias
 * and on the key; PutObject in parts needs kms:Decrypt. KMS and S3 developer guides, "API permissions".
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

/** Gives the ARN of a target for a policy. A key that does not exist yet has `*` as its id. */
export function targetArn(on: Target, { partition, region, accountId, alias, bucket = 'BUCKET' }: PolicyScope): string {
  const kms = `arn:${partition}:kms:${region}:${accountId}`;
  switch (on) {
    case 'account':
      return '*';
    case 'key':
      return `${kms}:key/*`;
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

/**
 * Statements with conditions that let nothing else be done: keys for imported material alone, and wrapping and expiry as
 * Keyferry offers them. KMS developer guide, "AWS KMS condition keys".
 */
const external = { 'kms:KeyOrigin': 'EXTERNAL' };
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

/** Gives the least IAM policy that allows these actions, those with equal resource and conditions in one statement. */
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
