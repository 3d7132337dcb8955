import { principalArnPattern, principalName } from './identity.ts';
import { allows, type KeyPolicy, type Statement } from './key-policy.ts';

/** Who could change the policy once it holds. ARNs. */
export type Keepers = {
  /** Whether the caller is named for it. */
  readonly caller: boolean;
  /** Whether the account root is, so that IAM can give the right to anyone of the account. */
  readonly account: boolean;
  readonly administrators: readonly string[];
  /** Chosen as administrators, and could not. */
  readonly powerless: readonly string[];
};

type Judged = {
  readonly principalArn: string;
  readonly accountId: string;
  readonly administrators: readonly string[];
};

/** Evaluates the policy for the caller, the account and each chosen administrator: who could call PutKeyPolicy. */
export function keepersOf(policy: KeyPolicy, { principalArn, accountId, administrators }: Judged): Keepers {
  const may = (arn: string) => allows(policy, arn, 'kms:PutKeyPolicy');
  const named = policy.Statement.flatMap(({ Principal }) => Principal.AWS);
  return {
    caller: may(principalArn),
    account: named.some((arn) => arn.endsWith(`:iam::${accountId}:root`) && may(arn)),
    administrators: administrators.filter(may),
    powerless: administrators.filter((arn) => !may(arn)),
  };
}

/** KMS's quota for a policy document, in bytes. KMS developer guide, "Resource quotas". */
const policyLimit = 32_768;

/** KMS API reference, CreateKey, Policy: the characters of a policy document. */
const policyCharacters = /^[\t\n\r\u0020-\u00FF]*$/;

/**
 * Says why this policy would lock people out, be refused, or mean less than it says; `undefined` for a sound one. The
 * safety check of KMS looks at the caller alone, and only at the moment of the call.
 */
export function policyProblem(policy: KeyPolicy, judged: Judged): string | undefined {
  const text = JSON.stringify(policy);
  const size = Buffer.byteLength(text);
  if (size > policyLimit)
    return `The policy would be ${size} bytes; KMS takes ${policyLimit}. Choose fewer people, or a role that they share.`;
  if (!policyCharacters.test(text)) return 'The policy holds characters that KMS does not take.';
  const unsound = policy.Statement.map(statementProblem).find((problem) => problem !== undefined);
  if (unsound !== undefined) return unsound;
  const { caller, account, powerless } = keepersOf(policy, judged);
  if (!caller && !account)
    return 'Neither you nor your account could change this policy afterwards. KMS would refuse it.';
  if (!account)
    return 'If you and the administrators are gone, nobody could change this policy again. Keep the account root in it.';
  const [first] = powerless;
  return first === undefined
    ? undefined
    : `${principalName(first)} is to administer the key and could not change its policy.`;
}

/** Mistakes that KMS takes without a word: a statement without action or resource does nothing. */
function statementProblem({ Sid, Principal, Action, Resource, Condition }: Statement): string | undefined {
  const name = `The statement "${Sid}"`;
  if (Action === undefined || Action.length === 0) return `${name} names no action, so it would do nothing.`;
  if (Resource === undefined || Resource.length === 0) return `${name} names no resource, so it would do nothing.`;
  const principals = [Principal.AWS].flat();
  if (principals.length === 0) return `${name} names nobody.`;
  const problem = principals.map(principalProblem).find((found) => found !== undefined);
  if (problem !== undefined) return `${name}: ${problem}`;
  return principals.includes('*') && Condition === undefined
    ? `${name} lets in everyone, of every account.`
    : undefined;
}

/**
 * Says why a key policy cannot name this principal, or gives `undefined`. IAM user guide, "AWS JSON policy elements:
 * Principal".
 */
export function principalProblem(arn: string): string | undefined {
  if (arn === '*') return undefined;
  if (/^A(IDA|ROA)[A-Z0-9]{12,}/.test(arn))
    return `${arn} is the id that is left of a user or role that was deleted. Take it out.`;
  if (/^arn:[^:]+:sts::\d{12}:(assumed-role|federated-user)\//.test(arn))
    return 'This is a session, which ends. Name its role instead: arn:aws:iam::ACCOUNT:role/NAME.';
  if (/^arn:[^:]+:iam::\d{12}:group\//.test(arn)) return 'A key policy cannot name a group. Name its users, or a role.';
  return principalArnPattern.test(arn)
    ? undefined
    : `${arn} is not the ARN of an IAM user or role. It looks like arn:aws:iam::111122223333:role/NAME.`;
}

/** Says in a sentence who can change the policy later. */
export function keepersSentence({ caller, account, administrators }: Keepers, you: string): string {
  const others = administrators.filter((arn) => arn !== you);
  const who = [
    ...(caller ? ['you'] : []),
    ...(others.length < 3 ? others.map(principalName) : [`${others.length} administrators`]),
    ...(account ? ['the account root'] : []),
  ];
  const named = who.length < 2 ? who.join('') : `${who.slice(0, -1).join(', ')} and ${who.at(-1)}`;
  return `${named.charAt(0).toUpperCase()}${named.slice(1)} can change this policy later.`;
}

/** Says what principals of another account can and cannot do with the key; `undefined` when all are of this one. */
export function foreignSentence(principals: readonly string[], accountId: string): string | undefined {
  const foreign = [...new Set(principals)].filter((arn) => arn.split(':')[4] !== accountId);
  if (foreign.length === 0) return undefined;
  const who = foreign.length === 1 ? `${principalName(foreign[0] ?? '')} is` : `${foreign.length} of them are`;
  return `${who} of another account: that account must allow it too, and import works from this one only.`;
}
