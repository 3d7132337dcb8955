/** Who may do what with the key. ARNs of IAM users and roles. */
export type PolicyChoices = {
  readonly partition: string;
  readonly accountId: string;
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  readonly administratorsMayDelete: boolean;
};

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

/** The console's own list for administrators of an EXTERNAL key. KMS developer guide, "Default key policy". */
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
 * Gives the policy that the console's wizard writes (Id `key-consolepolicy-3`), with its Sids: the console finds its own
 * statements by them, so that the key stays editable there.
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

function allow(Sid: string, principals: readonly string[], Action: readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Principal: { AWS: principals }, Action, Resource: '*' };
}

/** What a principal may do, in the words of the table that a person checks. */
export type Abilities = {
  readonly principal: string;
  readonly manage: boolean;
  readonly import: boolean;
  readonly use: boolean;
  readonly delete: boolean;
};

const probes = {
  manage: 'kms:PutKeyPolicy',
  import: 'kms:ImportKeyMaterial',
  use: 'kms:Decrypt',
  delete: 'kms:ScheduleKeyDeletion',
};

/** Gives the policy as a table: who can do what. */
export function whoCanDoWhat(policy: KeyPolicy): readonly Abilities[] {
  const principals = new Set(policy.Statement.flatMap(({ Principal }) => Principal.AWS));
  return [...principals].map((principal) => ({
    principal,
    manage: allows(policy, principal, probes.manage),
    import: allows(policy, principal, probes.import),
    use: allows(policy, principal, probes.use),
    delete: allows(policy, principal, probes.delete),
  }));
}

/** True when a statement of the policy itself names the principal for the action; IAM policies do not count here. */
export function allows(policy: KeyPolicy, principal: string, action: string): boolean {
  return policy.Statement.some(
    ({ Principal, Action, Condition }) =>
      Condition === undefined &&
      [Principal.AWS].flat().includes(principal) &&
      [Action].flat().some((pattern) => matches(pattern, action)),
  );
}

function matches(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
}
