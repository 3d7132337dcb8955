import { accountId } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { matchesPattern } from '../iam-pattern.ts';
import type { Partition } from '../partition.ts';
import { unverifiedText } from '../unverified.ts';

/** A statement of a key policy, as far as practice AWS reads it. */
export type Statement = {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
};

/** The principal that stands for the whole account: a statement for it hands the decision to IAM. */
export function rootArn(partition: Partition): string {
  return `arn:${partition}:iam::${accountId}:root`;
}

/** The statements of a key policy. Throws MalformedPolicyDocumentException for what is none. */
export function statementsOf(text: string): readonly Statement[] {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformed(unverifiedText('policy-no-json'));
  }
  const list = typeof policy === 'object' && policy !== null && 'Statement' in policy ? policy.Statement : undefined;
  const statements = listOf(list);
  const sound = (one: unknown) =>
    typeof one === 'object' &&
    one !== null &&
    ['Allow', 'Deny'].includes(String((one as Statement).Effect)) &&
    ('Principal' in one || 'NotPrincipal' in one);
  if (statements.length === 0 || !statements.every(sound)) {
    throw malformed(unverifiedText('policy-statements'));
  }
  return statements as Statement[];
}

/** The AWS principals of a statement; services and federations are left out. */
export function principalsOf({ Principal: principal }: Statement): string[] {
  const aws = typeof principal === 'object' && principal !== null ? Object.entries(principal) : [['AWS', principal]];
  return aws.filter(([kind]) => kind === 'AWS').flatMap(([, names]) => listOf(names).map(String));
}

/** What IAM lets one write as one value or as a list. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** A refusal of a policy document. */
export function malformed(text: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', text);
}

type Test = (value: string, wanted: readonly string[]) => boolean;

/** The condition operators that key policies of the guides use. An operator that is not here never holds. */
const operators: Readonly<Record<string, Test>> = {
  Bool: (value, wanted) => wanted.some((one) => one.toLowerCase() === value.toLowerCase()),
  StringEquals: (value, wanted) => wanted.includes(value),
  StringNotEquals: (value, wanted) => !wanted.includes(value),
  StringLike: (value, wanted) => wanted.some((one) => matchesPattern(one, value)),
  ArnEquals: (value, wanted) => wanted.some((one) => matchesPattern(one, value)),
  ArnLike: (value, wanted) => wanted.some((one) => matchesPattern(one, value)),
};

/** Whether every condition of a statement holds for a request with these condition keys. */
export function holds(condition: unknown, known: Readonly<Record<string, string>>): boolean {
  if (condition === undefined) {
    return true;
  }
  const blocks = typeof condition === 'object' && condition !== null ? Object.entries(condition) : [];
  return blocks.every(([operator, keys]) =>
    Object.entries((keys ?? {}) as Record<string, unknown>).every(([name, wanted]) => {
      const value = Object.entries(known).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
      // A key that the request has not: a negated operator holds, as in IAM.
      return value === undefined
        ? operator === 'StringNotEquals'
        : operators[operator]?.(value, listOf(wanted).map(String)) === true;
    }),
  );
}
