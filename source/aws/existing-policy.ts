import { principalName } from './identity.ts';
import { anyOf, type PolicyAnswer } from './policy-answer.ts';
import { appliesTo, type PolicyStatement } from './policy-statements.ts';

/*
 * Says what a key policy means for an action, whoever wrote the policy. Conditions are not evaluated: where a condition
 * decides, the answer is `maybe`. IAM user guide, "Policy evaluation logic"; KMS developer guide, "Key policies in AWS
 * KMS".
 */

/** The statements of a key policy. */
export type ExistingPolicy = readonly PolicyStatement[];

/**
 * Says whether the policy itself, without IAM, lets a principal do an action. An Allow counts only when it is about the principal
 * itself or everyone, a Deny also when it is about the account of the principal. A Deny of plain HTTP alone does not count.
 */
export function evaluateAccess(policy: ExistingPolicy, principal: string, action: string): PolicyAnswer {
  const applying = policy.filter((each) => appliesTo(each, action) && !deniesOnlyPlainHttp(each));
  const denying = applying.filter((each) => each.Effect === 'Deny' && includesPrincipalOrAccount(each, principal));
  if (denying.some(isUnconditional)) return 'no';
  const allowing = applying.filter((each) => each.Effect === 'Allow' && includesPrincipal(each, principal));
  if (allowing.length === 0) return 'no';
  return denying.length === 0 && allowing.some(isUnconditional) ? 'yes' : 'maybe';
}

/**
 * What a key policy means for an action of a user or role:
 * - `named`: a statement names the user or role and allows the action.
 * - `iam`: the policy leaves the decision to IAM, by a statement for the account root.
 * - `denied`: a statement denies the action.
 * - `maybe`: a condition decides.
 * - `not named`: no statement allows the action, so that IAM cannot allow it either.
 */
export type PolicyWord = 'named' | 'iam' | 'denied' | 'maybe' | 'not named';

/** Says what the policy means for one action of a user or role of this account. */
export function wordOf(policy: ExistingPolicy, principal: string, accountId: string, action: string): PolicyWord {
  const applying = policy.filter((each) => appliesTo(each, action) && !deniesOnlyPlainHttp(each));
  const denying = applying.filter((each) => each.Effect === 'Deny' && includesPrincipalOrAccount(each, principal));
  if (denying.some(isUnconditional)) return 'denied';
  const byName = evaluateAccess(policy, principal, action);
  if (byName === 'yes') return 'named';
  const toAccount = evaluateAccess(policy, rootOf(principal, accountId), action);
  if (byName === 'maybe' || toAccount === 'maybe') return 'maybe';
  return toAccount === 'yes' ? 'iam' : 'not named';
}

/** What a principal of the policy may do. One row of the table that a person checks. */
export type PolicyRow = {
  readonly principal: string;
  readonly manage: PolicyAnswer;
  readonly import: PolicyAnswer;
  readonly use: PolicyAnswer;
  /** May take the material away at once. KMS has no waiting period for that. */
  readonly deleteMaterial: PolicyAnswer;
  /** May have the key deleted after a waiting period. */
  readonly deleteKey: PolicyAnswer;
  /** May change the policy, and so give itself every permission. */
  readonly changePolicy: PolicyAnswer;
  /** May make grants, also one to itself. */
  readonly makeGrants: PolicyAnswer;
};

/** For each column of the table, the actions by which it is judged. One allowed action is enough. */
const probes = {
  manage: ['kms:DisableKey'],
  import: ['kms:ImportKeyMaterial'],
  use: ['kms:Decrypt', 'kms:GenerateDataKey'],
  deleteMaterial: ['kms:DeleteImportedKeyMaterial'],
  deleteKey: ['kms:ScheduleKeyDeletion'],
  changePolicy: ['kms:PutKeyPolicy'],
  makeGrants: ['kms:CreateGrant'],
} as const;

/** Gives the policy as a table, with a row for each principal in a statement with the effect Allow. */
export function rowsOf(policy: ExistingPolicy): readonly PolicyRow[] {
  const principals = new Set(policy.filter(({ Effect }) => Effect === 'Allow').flatMap(principalsOf));
  return [...principals].map((principal) => {
    const may = (actions: readonly string[]) =>
      anyOf(actions.map((action) => evaluateAccess(policy, principal, action)));
    return {
      principal,
      manage: may(probes.manage),
      import: may(probes.import),
      use: may(probes.use),
      deleteMaterial: may(probes.deleteMaterial),
      deleteKey: may(probes.deleteKey),
      changePolicy: may(probes.changePolicy),
      makeGrants: may(probes.makeGrants),
    };
  });
}

/** Gives the short name of a principal for people. @param accountId the account of the key, whose root is "account root". */
export function policyName(principal: string, accountId: string): string {
  if (principal === '*') return 'everyone';
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
  if (account !== undefined) return account === accountId ? 'account root' : `account ${account}`;
  if (!principal.startsWith('arn:')) return principal;
  const owner = principal.split(':')[4];
  return owner === accountId ? principalName(principal) : `${principalName(principal)} of ${owner}`;
}

const isUnconditional = ({ Condition }: PolicyStatement) => Condition === undefined;

/** True for the usual statement that denies plain HTTP and nothing else. It never applies to a call over TLS. */
function deniesOnlyPlainHttp({ Effect, Condition }: PolicyStatement): boolean {
  // The whole Condition is that aws:SecureTransport is false, with or without brackets around the value.
  return (
    Effect === 'Deny' &&
    /^\{"Bool":\{"aws:SecureTransport":(\["false"\]|"false")\}\}$/.test(JSON.stringify(Condition) ?? '')
  );
}

/** Gives the principals that a statement names. */
const principalsOf = ({ Principal }: PolicyStatement) => listOf(Principal);

/** Gives the values of a Principal element, without their kind (AWS, Service, ...). */
function listOf(principal: PolicyStatement['Principal']): readonly string[] {
  if (principal === undefined) return [];
  return typeof principal === 'string' ? [principal] : Object.values(principal).flat();
}

/** Gives the ARN of an account's root, in the same partition as another ARN. */
const rootOf = (arn: string, accountId: string) => `arn:${arn.split(':')[1] ?? 'aws'}:iam::${accountId}:root`;

/** True when `named`, from a policy, means the principal. For an account root, a policy can have the account number alone. */
const isSame = (named: string, principal: string) =>
  named === principal || named === principal.replace(/^arn:[\w-]+:iam::(\d{12}):root$/, '$1');

/**
 * True when a statement is about the principal itself: its Principal names the principal or everyone, or its NotPrincipal does not
 * name the principal. The account of the principal does not count.
 */
function includesPrincipal({ Principal, NotPrincipal }: PolicyStatement, principal: string): boolean {
  if (Principal === undefined)
    return NotPrincipal !== undefined && !listOf(NotPrincipal).some((each) => isSame(each, principal));
  return listOf(Principal).some((each) => each === '*' || isSame(each, principal));
}

/** True when a statement is about the principal or its account: a denial to an account applies to everybody in it. */
function includesPrincipalOrAccount(statement: PolicyStatement, principal: string): boolean {
  if (includesPrincipal(statement, principal)) return true;
  const account = principal.split(':')[4] ?? '';
  // A NotPrincipal is judged by the principal alone.
  return statement.Principal !== undefined && includesPrincipal(statement, rootOf(principal, account));
}
