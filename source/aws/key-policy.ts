/** What the person has chosen for the key policy. Administrators and users are ARNs of IAM users and roles. */
export type PolicyChoices = {
  readonly partition: string;
  readonly accountId: string;
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  readonly administratorsMayDelete: boolean;
};

/** A statement of a key policy that Keyferry builds. */
export type Statement = {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly AWS: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource: '*';
  readonly Condition?: object;
};

export type KeyPolicy = {
  readonly Version: '2012-10-17';
  readonly Id: string;
  readonly Statement: readonly Statement[];
};

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
const deletionActions = ['kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion'];
const userActions = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
const grantActions = ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'];

/**
 * Builds the same key policy as the AWS console does, with the same Id (`key-consolepolicy-3`) and Sids. The console finds
 * its own statements by their Sids, so that the key can be edited in the console later.
 */
export function buildKeyPolicy(choices: PolicyChoices): KeyPolicy {
  const { partition, accountId, administrators, users, administratorsMayDelete } = choices;
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
    const actions = administratorsMayDelete ? [...administratorActions, ...deletionActions] : administratorActions;
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

/** What a principal may do. One row of the table that a person checks. */
export type Abilities = {
  readonly principal: string;
  readonly manage: boolean;
  readonly import: boolean;
  readonly use: boolean;
  readonly delete: boolean;
};

/** For each column of the table, one action that represents the whole group. */
const probes = {
  manage: 'kms:PutKeyPolicy',
  import: 'kms:ImportKeyMaterial',
  use: 'kms:Decrypt',
  delete: 'kms:ScheduleKeyDeletion',
};

/** Gives the policy as a table, with one row for each principal. */
export function listAbilities(policy: KeyPolicy): readonly Abilities[] {
  const principals = new Set(policy.Statement.flatMap(({ Principal }) => Principal.AWS));
  return [...principals].map((principal) => ({
    principal,
    manage: allows(policy, principal, probes.manage),
    import: allows(policy, principal, probes.import),
    use: allows(policy, principal, probes.use),
    delete: allows(policy, principal, probes.delete),
  }));
}

/** True when a statement of this key policy allows the principal the action without a condition. IAM does not count. */
export function allows(policy: KeyPolicy, principal: string, action: string): boolean {
  return policy.Statement.some(
    ({ Principal, Action, Condition }) =>
      Condition === undefined &&
      [Principal.AWS].flat().includes(principal) &&
      [Action].flat().some((pattern) => matches(pattern, action)),
  );
}

/** True when an action matches a pattern. A `*` can only be at the end of a pattern here. */
function matches(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
}
