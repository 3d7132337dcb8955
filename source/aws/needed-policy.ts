import { ceremonyTag } from './kms.ts';
import { type ImportPermission, type Need, permissionsForImport, type Target } from './permissions-of-calls.ts';
import type { Tag } from './tags.ts';

export type { Need, Target };

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
  /** The person's own tags for a new key. */
  readonly tags?: readonly Tag[];
};

/** The permissions that a first import needs even when nothing goes wrong. */
export const neededForImport: readonly Need[] = permissionsForImport
  .filter(({ when }) => when === 'always')
  .map(({ when: _, ...need }) => need);

/** The permissions that an import into an existing key needs. It may make a bucket, but no key, alias, tag or key policy. */
export const neededForExisting: readonly Need[] = neededForImport.filter(
  ({ action }) => !['kms:CreateKey', 'kms:TagResource', 'kms:CreateAlias', 'kms:PutKeyPolicy'].includes(action),
);

/**
 * Gives the ARN of a target, for a policy; `*` alone for the account. The ARN has `*` in the place of a key or alias that is not
 * known yet, and `BUCKET` in the place of such a bucket.
 */
export function targetArn(
  on: Target,
  { partition, region, accountId, alias, bucket = 'BUCKET', keyArn }: PolicyScope,
): string {
  const kms = `arn:${partition}:kms:${region}:${accountId}`;
  switch (on) {
    case 'account':
      return '*';
    case 'any key':
      return `${kms}:key/*`;
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

/** `IfExists`, because a request without the parameter does not have this condition key. */
const noBypass = { BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } };

/** The request makes the tag of a ceremony. */
const givesTag = { Null: { [`aws:RequestTag/${ceremonyTag}`]: 'false' } };

/** The key has the tag of a ceremony. KMS developer guide, "Use tags to control access to KMS keys". */
const hasTag = { Null: { [`aws:ResourceTag/${ceremonyTag}`]: 'false' } };

/** The conditions under which a key is made, with the tag of a ceremony. */
const conditionsOfNewKey = (tags: readonly Tag[]): Readonly<Record<string, Condition>> => ({
  'kms:CreateKey': { StringEquals: { ...external, 'kms:KeySpec': 'SYMMETRIC_DEFAULT' }, ...givesTag, ...noBypass },
  // `ForAllValues` is true for a request without tags; `givesTag` refuses such a request. No page says that a request to make
  // a key with tags has kms:KeyOrigin when its tags are judged, so the operator is `IfExists`.
  'kms:TagResource': {
    StringEqualsIfExists: external,
    'ForAllValues:StringEquals': { 'aws:TagKeys': [ceremonyTag, ...tags.map(({ key }) => key)] },
    ...givesTag,
  },
});

/**
 * The conditions of the actions on a key that need more than {@link external}. They allow only the wrapping algorithms and
 * expiry models that Keyferry offers. KMS developer guide, "AWS KMS condition keys".
 */
const conditionsOnKey: Readonly<Record<string, Condition>> = {
  'kms:PutKeyPolicy': { StringEquals: external, ...noBypass },
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
};

/**
 * Gives the conditions under which a permission is given; `undefined` when it needs none. A key that Keyferry makes is known by its
 * tag; a key that exists already may have no such tag, and is known by its ARN.
 */
function conditionOf({ action, on, beforeKey }: Need, { keyArn, tags = [] }: PolicyScope): Condition | undefined {
  if (on === 'account' || beforeKey === true) return conditionsOfNewKey(tags)[action];
  if (on !== 'key') return undefined;
  const condition = conditionsOnKey[action] ?? { StringEquals: external };
  return keyArn === undefined ? { ...condition, ...hasTag } : condition;
}

/** How the Sid of a statement begins, by what its permissions are for. */
export const sidStarts: Readonly<Record<ImportPermission['when'], string>> = {
  always: 'KeyferryNeeds',
  'way back': 'KeyferryWayBack',
  convenience: 'KeyferryConvenience',
  'if chosen': 'KeyferryIfChosen',
};

/** Builds the smallest IAM policy with these permissions. */
export function buildNeededPolicy(scope: PolicyScope, needs: readonly Need[] = neededForImport): IamPolicy {
  return buildPolicy(
    scope,
    // `when` only groups the statements. All of these permissions go into one group.
    needs.map((need) => ({ ...need, when: 'always' })),
  );
}

/** Builds the smallest IAM policy for a first import, with all ways back from lost answers and failures. */
export const buildPolicyForImport = (scope: PolicyScope): IamPolicy => buildPolicy(scope, permissionsForImport);

/** Builds a policy. Actions with the same resource and conditions that are for the same purpose share a statement. */
function buildPolicy(scope: PolicyScope, permissions: readonly ImportPermission[]): IamPolicy {
  type Shared = {
    when: ImportPermission['when'];
    actions: string[];
    Resource: string;
    Condition: Condition | undefined;
  };
  const statements = new Map<string, Shared>();
  for (const permission of permissions) {
    const { action, on, when } = permission;
    const Resource = targetArn(on, scope);
    const Condition = conditionOf(permission, scope);
    const identity = JSON.stringify([when, Resource, Condition]);
    const statement = statements.get(identity);
    if (statement === undefined) statements.set(identity, { when, actions: [action], Resource, Condition });
    else if (!statement.actions.includes(action)) statement.actions.push(action);
  }
  return {
    Version: '2012-10-17',
    Statement: [...statements.values()].map(({ when, actions, Resource, Condition }, index) => ({
      Sid: `${sidStarts[when]}${index + 1}`,
      Effect: 'Allow',
      Action: actions,
      Resource,
      ...(Condition === undefined ? {} : { Condition }),
    })),
  };
}
