import { accountId } from './account.ts';
import { matchesAction, matchesPattern } from './iam-pattern.ts';
import type { Partition } from './partition.ts';
import { holds } from './policy-conditions.ts';

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
  readonly conditions: Readonly<Record<string, string>>;
};

/** Gives the ARN of the account as a principal. A statement that allows this principal leaves the decision to IAM. */
export function rootArn(partition: Partition): string {
  return `arn:${partition}:iam::${accountId}:root`;
}

/** Reads the statements of a policy. Gives `undefined` when the text is no JSON, has no statement, or one without Effect. */
export function statementsIn(text: string): readonly Statement[] | undefined {
  try {
    const statements = listOf((JSON.parse(text) as { readonly Statement?: unknown } | null)?.Statement);
    const sound = (one: unknown) => ['Allow', 'Deny'].includes(String((one as Statement | null)?.Effect));
    return statements.length > 0 && statements.every(sound) ? (statements as Statement[]) : undefined;
  } catch {
    return undefined;
  }
}

/** True when a statement names the action and the resource; its conditions do not count. Without either, it names nothing. */
export function isAbout(one: Statement, { action, resource, conditions }: PolicyQuestion): boolean {
  const filled = (text: unknown) =>
    String(text).replace(/\$\{([\w:.-]+)\}/g, (all, name: string) => conditions[name] ?? all);
  const acts = (patterns: unknown) => listOf(patterns).some((pattern) => matchesAction(String(pattern), action));
  const covers = (patterns: unknown) => listOf(patterns).some((pattern) => matchesPattern(filled(pattern), resource));
  return (
    (one.NotAction === undefined ? acts(one.Action) : !acts(one.NotAction)) &&
    (one.NotResource === undefined ? covers(one.Resource) : !covers(one.NotResource))
  );
}

/** True when a statement applies to a request: it names the action and the resource, and its conditions are met. */
export function applies(one: Statement, question: PolicyQuestion): boolean {
  return isAbout(one, question) && holds(one.Condition, question.conditions);
}

/** Lists the AWS principals of a statement, without services and federated principals. */
export function principalsOf({ Principal: principal }: Statement): string[] {
  const aws = typeof principal === 'object' && principal !== null ? Object.entries(principal) : [['AWS', principal]];
  return aws.filter(([kind]) => kind === 'AWS').flatMap(([, names]) => listOf(names).map(String));
}

/**
 * What a resource policy says: it denies, it names the caller, it leaves the decision to IAM (names the account), or
 * nothing.
 */
export type Verdict = 'denies' | 'names' | 'delegates' | 'silent';

/** Finds what a resource policy says to a caller. A Deny for the account is a Deny for everybody in the account. */
export function verdictOf(
  statements: readonly Statement[],
  { principal, arn }: { readonly principal: { readonly arn: string }; readonly arn: string },
  question: PolicyQuestion,
): Verdict {
  const applying = statements.filter((one) => applies(one, question));
  const principals = (effect: string) => applying.filter((one) => one.Effect === effect).flatMap(principalsOf);
  const isCaller = (name: string) => name === '*' || name === principal.arn || name === arn;
  const allowed = principals('Allow');
  if (principals('Deny').some((name) => isCaller(name) || isAccount(name))) return 'denies';
  return allowed.some(isCaller) ? 'names' : allowed.some(isAccount) ? 'delegates' : 'silent';
}

/** True when a principal of a statement is the whole account of practice AWS. */
function isAccount(name: string): boolean {
  return name === accountId || /^arn:[\w-]+:iam::(\d{12}):root$/.exec(name)?.[1] === accountId;
}

/** Gives a list for a member in which IAM allows a single value or a list; an empty one for `undefined`. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
