import { accountId } from './account.ts';
import { matchesAction, matchesPattern } from './iam-pattern.ts';
import type { Partition } from './partition.ts';
import { areConditionsMet, type Keys } from './policy-conditions.ts';

/** A statement of a policy, with the members that practice AWS reads. */
export type Statement = {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
};

/** A request to judge: an action such as `kms:Encrypt`, the ARN of the resource, and the condition keys of the request. */
export type PolicyQuestion = {
  readonly action: string;
  readonly resource: string;
  readonly conditions: Keys;
};

/** Gives the ARN of the account as a principal. A statement that allows this principal leaves the decision to IAM. */
export function rootArn(partition: Partition): string {
  return `arn:${partition}:iam::${accountId}:root`;
}

/**
 * Reads the statements of a policy. Gives `undefined` when the text is no JSON, has no statement, or has a statement whose
 * Effect is neither Allow nor Deny.
 */
export function statementsIn(text: string): readonly Statement[] | undefined {
  try {
    const statements = listOf((JSON.parse(text) as { readonly Statement?: unknown } | null)?.Statement);
    const hasEffect = (item: unknown) => ['Allow', 'Deny'].includes(String((item as Statement | null)?.Effect));
    return statements.length > 0 && statements.every(hasEffect) ? (statements as Statement[]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * True when a statement names the action and the resource of a request. The conditions of the statement do not count here. A
 * statement without any Action names no action, and a statement without any Resource names no resource.
 */
export function isAbout(statement: Statement, { action, resource, conditions }: PolicyQuestion): boolean {
  // A policy variable such as `${aws:username}` gets the value of the condition key of that name.
  const fillVariables = (text: unknown) =>
    String(text).replace(/\$\{([\w:.-]+)\}/g, (all, name: string) => {
      const value = conditions[name];
      return typeof value === 'string' ? value : all;
    });
  const namesAction = (patterns: unknown) => listOf(patterns).some((pattern) => matchesAction(String(pattern), action));
  const namesResource = (patterns: unknown) =>
    listOf(patterns).some((pattern) => matchesPattern(fillVariables(pattern), resource));
  return (
    (statement.NotAction === undefined ? namesAction(statement.Action) : !namesAction(statement.NotAction)) &&
    (statement.NotResource === undefined ? namesResource(statement.Resource) : !namesResource(statement.NotResource))
  );
}

/** True when a statement applies to a request: it names the action and the resource, and its conditions are met. */
export function applies(statement: Statement, question: PolicyQuestion): boolean {
  return isAbout(statement, question) && areConditionsMet(statement.Condition, question.conditions);
}

/**
 * Lists the AWS principals of a statement, without services and federated principals. A Principal that is only a text, such
 * as `*`, is an AWS principal.
 */
export function principalsOf({ Principal: principal }: Statement): string[] {
  const principalsByKind =
    typeof principal === 'object' && principal !== null ? Object.entries(principal) : [['AWS', principal]];
  return principalsByKind.filter(([kind]) => kind === 'AWS').flatMap(([, names]) => listOf(names).map(String));
}

/**
 * What a resource policy says about a request. `denies`: a Deny applies to the caller. `names`: an Allow names the caller, or
 * everybody (`*`). `delegates`: an Allow names the account, which leaves the decision to IAM. `silent`: none of these.
 */
export type Verdict = 'denies' | 'names' | 'delegates' | 'silent';

/**
 * Finds what a resource policy says about a request. A Deny for the account is a Deny for everybody in the account. A
 * statement with NotPrincipal names nobody here.
 * @param caller the caller, with the ARN of the session and the principal behind it.
 */
export function verdictOf(
  statements: readonly Statement[],
  caller: { readonly principal: { readonly arn: string }; readonly arn: string },
  question: PolicyQuestion,
): Verdict {
  const applyingStatements = statements.filter((statement) => applies(statement, question));
  const principalsWith = (effect: 'Allow' | 'Deny') =>
    applyingStatements.filter(({ Effect }) => Effect === effect).flatMap(principalsOf);
  const isCaller = (name: string) => name === '*' || name === caller.principal.arn || name === caller.arn;
  const allowedPrincipals = principalsWith('Allow');
  if (principalsWith('Deny').some((name) => isCaller(name) || isAccount(name))) return 'denies';
  if (allowedPrincipals.some(isCaller)) return 'names';
  return allowedPrincipals.some(isAccount) ? 'delegates' : 'silent';
}

/** True when a principal of a statement is the whole account of practice AWS. */
function isAccount(name: string): boolean {
  return name === accountId || /^arn:[\w-]+:iam::(\d{12}):root$/.exec(name)?.[1] === accountId;
}

/** Gives the values of a policy member, which can be a single value or a list. An absent member has no values. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
