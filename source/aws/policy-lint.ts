import { principalArnPattern, principalName } from './identity.ts';
import { allows, type KeyPolicy, listSelfServing, type Statement } from './key-policy.ts';

// Pages: KMS API reference, PutKeyPolicy; KMS developer guide, "Key policies in AWS KMS"; IAM user guide, "AWS JSON
// policy elements: Principal".

/** Who can change a key policy once it is in force. */
export type Keepers = {
  /** True when the policy lets the caller change it. */
  readonly caller: boolean;
  /** True when the policy lets the account root change it. IAM can then give this right to anyone in the account. */
  readonly account: boolean;
  /** ARNs of the chosen administrators that can change the policy. */
  readonly administrators: readonly string[];
  /** ARNs of the chosen administrators that cannot change the policy. */
  readonly powerless: readonly string[];
};

/**
 * The people about whom the policy is judged: the ARN of the caller, their account, and the ARNs of the chosen
 * administrators.
 */
type People = {
  readonly principalArn: string;
  readonly accountId: string;
  readonly administrators: readonly string[];
};

/** Finds out who can change the key policy (call PutKeyPolicy): the caller, the account and each chosen administrator. */
export function findKeepers(policy: KeyPolicy, { principalArn, accountId, administrators }: People): Keepers {
  const mayChange = (arn: string) => allows(policy, arn, 'kms:PutKeyPolicy');
  const named = policy.Statement.flatMap(({ Principal }) => Principal.AWS);
  return {
    caller: mayChange(principalArn),
    account: named.some((arn) => arn.endsWith(`:iam::${accountId}:root`) && mayChange(arn)),
    administrators: administrators.filter(mayChange),
    powerless: administrators.filter((arn) => !mayChange(arn)),
  };
}

/** KMS's quota for a policy document, in bytes. KMS developer guide, "Resource quotas". */
const policyLimit = 32_768;

/** The characters that a policy document may have. KMS API reference, CreateKey, Policy. */
const policyCharacters = /^[\t\n\r\u0020-\u00FF]*$/;

/**
 * Says in a sentence what is wrong with a key policy: it would lock people out, KMS would refuse it, or a statement would do
 * nothing. Gives `undefined` when nothing is wrong. This check is needed because the safety check of KMS looks only at the
 * caller, and only at the moment of the call.
 */
export function findPolicyProblem(policy: KeyPolicy, people: People): string | undefined {
  const text = JSON.stringify(policy);
  const size = Buffer.byteLength(text);
  if (size > policyLimit)
    return `The policy would be ${size} bytes; KMS takes ${policyLimit}. Choose fewer people, or a role that they share.`;
  if (!policyCharacters.test(text)) return 'The policy holds characters that KMS does not take.';
  const statementProblem = policy.Statement.map(findStatementProblem).find((problem) => problem !== undefined);
  if (statementProblem !== undefined) return statementProblem;
  const { caller, account, powerless } = findKeepers(policy, people);
  if (!caller && !account)
    return 'Neither you nor your account could change this policy afterwards. KMS would refuse it.';
  if (!account)
    return 'If you and the administrators are gone, only AWS Support can help to change this policy. Keep the account root in it.';
  const [first] = powerless;
  return first === undefined
    ? undefined
    : `${principalName(first)} is to administer the key and could not change its policy.`;
}

/** Says which mistake a statement has, also one that KMS takes without an error; `undefined` when it has none. */
function findStatementProblem({ Sid, Principal, Action, Resource, Condition }: Statement): string | undefined {
  const name = `The statement "${Sid}"`;
  if (Action === undefined || Action.length === 0) return `${name} names no action, so it would do nothing.`;
  if (Resource === undefined || Resource.length === 0) return `${name} names no resource, so it would do nothing.`;
  const principals = [Principal.AWS].flat();
  if (principals.length === 0) return `${name} names nobody.`;
  const problem = principals
    .filter((principal) => principal !== '*')
    .map((principal) => findPrincipalProblem(principal))
    .find((found) => found !== undefined);
  if (problem !== undefined) return `${name}: ${problem}`;
  return principals.includes('*') && Condition === undefined
    ? `${name} lets in everyone, of every account.`
    : undefined;
}

/**
 * Says why a key policy cannot name this principal; `undefined` when it can. The 12 digits of an account are allowed too:
 * KMS reads them as the account's root. IAM user guide, "AWS JSON policy elements: Principal".
 * @param partition the partition of the account, for the examples in the sentence.
 */
export function findPrincipalProblem(arn: string, partition = 'aws'): string | undefined {
  const example = `arn:${partition}:iam::111122223333`;
  if (/^\d{12}$/.test(arn)) return undefined;
  if (arn === '*') return '* would let in everyone, of every AWS account. Name users, roles or an account.';
  if (/[*?]/.test(arn))
    return `KMS takes no * or ? in the ARN of a principal. Name each user or role, or the whole account: ${example}:root.`;
  // AWS puts such an id in the place of the ARN when the user (AIDA) or role (AROA) is deleted.
  if (/^A(IDA|ROA)[A-Z0-9]{12,}/.test(arn))
    return `${arn} is the id that is left of a user or role that was deleted. Take it out.`;
  const [, sessionPartition, account, kind, role] =
    /^arn:([^:]+):sts::(\d{12}):(assumed-role|federated-user)\/([^/]*)/.exec(arn) ?? [];
  if (kind === 'federated-user')
    return 'This is a federated user: a session, which ends and has no role. Name a user or a role.';
  if (kind !== undefined)
    return `This is a session, which ends. Name its role instead, with its path if it has one: arn:${sessionPartition}:iam::${account}:role/${role}.`;
  if (/^arn:[^:]+:iam::\d{12}:group\//.test(arn)) return 'A key policy cannot name a group. Name its users, or a role.';
  if (/^(role\/)?AWSServiceRole\w*$/.test(arn))
    return `Give the whole ARN of a service-linked role, such as ${example}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling.`;
  return principalArnPattern.test(arn)
    ? undefined
    : `${arn} is not the ARN of an IAM user or role. It looks like ${example}:role/NAME.`;
}

/**
 * Says who can give themselves the rights that the table of {@link listAbilities} does not show for them. When the account root is
 * one of them, says whom the policy means by it. Empty when nobody can.
 * @param you the ARN of the caller, who is named as "you".
 */
export function describeSelfServing(policy: KeyPolicy, { principalArn: you }: { principalArn: string }): string {
  const serving = listSelfServing(policy);
  const isRoot = (arn: string) => arn.endsWith(':root');
  const others = serving.filter((arn) => arn !== you && !isRoot(arn));
  const who = [
    ...(serving.includes(you) && !isRoot(you) ? ['you'] : []),
    ...(others.length < 3 ? others.map(principalName) : [`${others.length} others`]),
  ];
  const named = who.length < 2 ? who.join('') : `${who.slice(0, -1).join(', ')} and ${who.at(-1)}`;
  const pronounOfOthers = who.length === 1 && others.length === 1 ? 'itself' : 'themselves';
  const pronoun = named === 'you' ? 'yourself' : pronounOfOthers;
  const givers = `${named.charAt(0).toUpperCase()}${named.slice(1)} can give ${pronoun} the rest, by policy or grant.`;
  const [rootArn] = serving.filter(isRoot);
  const root = rootArn === undefined ? '' : rootWords(allows(policy, rootArn, 'kms:Decrypt'));
  return [...(who.length === 0 ? [] : [givers]), root].join('\n').trim();
}

/**
 * Says whom the policy means by the account root.
 * @param leavesAllToIam true when the root may use the key too. Otherwise the root may do little but change the policy.
 */
const rootWords = (leavesAllToIam: boolean) =>
  leavesAllToIam
    ? 'Account root: everyone whom IAM of the account allows.'
    : 'Account root: whoever IAM allows may change this policy.';

/** Gives the account of a principal, which may be the 12 digits of an account instead of an ARN. */
const accountOf = (principal: string) => (/^\d{12}$/.test(principal) ? principal : principal.split(':')[4]);

/** Warns in a sentence about principals of other accounts. Gives `undefined` when all are of this account. */
export function describeForeignPrincipals(principals: readonly string[], accountId: string): string | undefined {
  const foreign = [...new Set(principals)].filter((principal) => accountOf(principal) !== accountId);
  if (foreign.length === 0) return undefined;
  const who = foreign.length === 1 ? `${principalName(foreign[0] ?? '')} is` : `${foreign.length} of them are`;
  return `${who} of another account: that account must allow it too, and import works from this one only.`;
}
