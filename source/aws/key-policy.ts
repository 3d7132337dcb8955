import type { KeyPolicy, PolicyChoices, PolicyKind, Statement } from './policy-choices.ts';
import { appliesTo } from './policy-statements.ts';
import { buildStrictPolicy } from './strict-policy.ts';

export type { KeyPolicy, PolicyChoices, PolicyKind, Statement };

/** The actions that the AWS console allows administrators of an EXTERNAL key. KMS developer guide, "Default key policy". */
const administratorActions = [
  'kms:Create*',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
  'kms:Disable*',
  'kms:Get*',
  'kms:Delete*',
  'kms:ImportKeyMaterial',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:RotateKeyOnDemand',
];
/** What the console adds for a multi-Region key. */
const multiRegionActions = ['kms:ReplicateKey', 'kms:UpdatePrimaryRegion'];
const deletionActions = ['kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion'];
const userActions = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
const grantActions = ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'];

/** Builds the key policy of the chosen kind. */
export function buildKeyPolicy(choices: PolicyChoices): KeyPolicy {
  return choices.policyKind === 'strict' ? buildStrictPolicy(choices) : buildConsolePolicy(choices);
}

/**
 * Builds the same key policy as the AWS console does, with the same Id (`key-consolepolicy-3`) and Sids. The console finds
 * its own statements by their Sids, so that the key can be edited in the console later.
 */
function buildConsolePolicy(choices: PolicyChoices): KeyPolicy {
  const { partition, accountId, administrators, users, administratorsMayDelete, multiRegion = false } = choices;
  const statements: Statement[] = [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ];
  if (administrators.length > 0) {
    const actions = [
      ...administratorActions,
      ...(multiRegion ? multiRegionActions : []),
      ...(administratorsMayDelete ? deletionActions : []),
    ];
    statements.push(allow('Allow access for Key Administrators', administrators, actions));
  }
  if (users.length > 0) {
    statements.push(allow('Allow use of the key', users, userActions));
    statements.push({
      ...allow('Allow attachment of persistent resources', users, grantActions),
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
  }
  return { Version: '2012-10-17', Id: 'key-consolepolicy-3', Statement: statements };
}

/** Makes a statement that allows the principals these actions. */
function allow(Sid: string, principals: readonly string[], Action: readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Principal: { AWS: principals }, Action, Resource: '*' };
}

/** What the policy itself lets a principal do. One row of the table that a person checks. */
export type Abilities = {
  readonly principal: string;
  readonly manage: boolean;
  readonly import: boolean;
  /** `S3`: only through S3. */
  readonly use: boolean | 'S3';
  /** May take the material away at once. KMS has no waiting period for that. */
  readonly deleteMaterial: boolean;
  /** May have the key deleted after a waiting period. */
  readonly deleteKey: boolean;
};

/** For each column of the table, one action that represents the whole group. */
const probes = {
  manage: 'kms:DisableKey',
  import: 'kms:ImportKeyMaterial',
  use: 'kms:Decrypt',
  deleteMaterial: 'kms:DeleteImportedKeyMaterial',
  deleteKey: 'kms:ScheduleKeyDeletion',
};

/** Gives the policy as a table, with one row for each principal. */
export function listAbilities(policy: KeyPolicy): readonly Abilities[] {
  return principalsOf(policy).map((principal) => ({
    principal,
    manage: allows(policy, principal, probes.manage),
    import: allows(policy, principal, probes.import),
    use: allows(policy, principal, probes.use) || (allowsThroughS3(policy, principal, probes.use) && 'S3'),
    deleteMaterial: allows(policy, principal, probes.deleteMaterial),
    deleteKey: allows(policy, principal, probes.deleteKey),
  }));
}

/**
 * The actions with which a principal gives itself every other right: by another key policy, or by a grant to itself. KMS
 * developer guide, "Default key policy".
 */
const selfServingActions = ['kms:PutKeyPolicy', 'kms:CreateGrant'];

/** Gives the principals that can give themselves all other rights, by one of the {@link selfServingActions}. */
export function listSelfServing(policy: KeyPolicy): readonly string[] {
  return principalsOf(policy).filter((principal) =>
    selfServingActions.some((action) => allows(policy, principal, action)),
  );
}

/** Gives every principal that a statement names, once. */
export function principalsOf(policy: KeyPolicy): readonly string[] {
  return [...new Set(policy.Statement.flatMap(({ Principal }) => Principal.AWS))];
}

/** True when a statement of this key policy allows the principal the action without a condition. IAM does not count. */
export function allows(policy: KeyPolicy, principal: string, action: string): boolean {
  return statementsFor(policy, principal, action).some(({ Condition }) => Condition === undefined);
}

/** True when the policy lets the principal use the key, directly or through S3. */
export function letsUse(policy: KeyPolicy, principal: string): boolean {
  return allows(policy, principal, probes.use) || allowsThroughS3(policy, principal, probes.use);
}

/** True when a statement allows the principal the action in calls that S3 makes for it. */
function allowsThroughS3(policy: KeyPolicy, principal: string, action: string): boolean {
  return statementsFor(policy, principal, action).some(({ Condition }) =>
    JSON.stringify(Condition)?.includes('"kms:ViaService":"s3.'),
  );
}

/** Gives the statements that allow the principal the action, whatever their conditions. */
function statementsFor(policy: KeyPolicy, principal: string, action: string): readonly Statement[] {
  return policy.Statement.filter(
    (statement) => [statement.Principal.AWS].flat().includes(principal) && appliesTo(statement, action),
  );
}
