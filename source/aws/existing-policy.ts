import * as v from 'valibot';
import { principalName } from './identity.ts';

/*
 * Reads a key policy that somebody else wrote, and says what it means for one action. Conditions are not evaluated: what
 * they decide is "maybe". IAM user guide, "Policy evaluation logic"; KMS developer guide, "Key policies".
 */

const oneOrMore = v.union([v.string(), v.array(v.string())]);
const principalSchema = v.union([v.string(), v.record(v.string(), oneOrMore)]);
const statementSchema = v.object({
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.optional(principalSchema),
  NotPrincipal: v.optional(principalSchema),
  Action: v.optional(oneOrMore),
  NotAction: v.optional(oneOrMore),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
});
const policySchema = v.object({ Statement: v.union([statementSchema, v.array(statementSchema)]) });

type Statement = v.InferOutput<typeof statementSchema>;

/** The statements of a key policy. */
export type ExistingPolicy = readonly Statement[];

/** Reads the text of a key policy, as GetKeyPolicy gives it. @returns `undefined` where the text is no policy. */
export function readPolicy(text: string): ExistingPolicy | undefined {
  try {
    const parsed = v.safeParse(policySchema, JSON.parse(text));
    return parsed.success ? [parsed.output.Statement].flat() : undefined;
  } catch {
    return undefined;
  }
}

/** Whether somebody may do something: `maybe` where a condition decides. */
export type May = 'yes' | 'no' | 'maybe';

/** Says whether the policy itself allows an action to a principal that it names, or to everyone. IAM does not count here. */
export function mayBy(policy: ExistingPolicy, principal: string, action: string): May {
  const applying = policy.filter((each) => isAbout(each, action) && !isForPlainHttpAlone(each));
  const denying = applying.filter((each) => each.Effect === 'Deny' && isDeniedTo(each, principal));
  if (denying.some(isUnconditional)) return 'no';
  const allowing = applying.filter((each) => each.Effect === 'Allow' && isAllowedTo(each, principal));
  if (allowing.length === 0) return 'no';
  return denying.length === 0 && allowing.some(isUnconditional) ? 'yes' : 'maybe';
}

/**
 * What a key policy says of an action of a user or role: it names them (`named`), it leaves them to IAM (`iam`), it denies
 * the action (`denied`), a condition decides (`maybe`), or none of these (`not named`): then IAM cannot allow it either.
 */
export type PolicyWord = 'named' | 'iam' | 'denied' | 'maybe' | 'not named';

/** Says what the policy means for one action of a user or role of this account. */
export function wordOf(policy: ExistingPolicy, principal: string, accountId: string, action: string): PolicyWord {
  const applying = policy.filter((each) => isAbout(each, action) && !isForPlainHttpAlone(each));
  const denying = applying.filter((each) => each.Effect === 'Deny' && isDeniedTo(each, principal));
  if (denying.some(isUnconditional)) return 'denied';
  const byName = mayBy(policy, principal, action);
  if (byName === 'yes') return 'named';
  const toAccount = mayBy(policy, rootOf(principal, accountId), action);
  if (byName === 'maybe' || toAccount === 'maybe') return 'maybe';
  return toAccount === 'yes' ? 'iam' : 'not named';
}

/** What a principal of the policy may do, in the words of the table that a person checks. */
export type PolicyRow = {
  readonly principal: string;
  /** Change the policy, and so everything. */
  readonly manage: May;
  readonly import: May;
  readonly use: May;
  /** Delete the key, or its material at once. */
  readonly delete: May;
};

const probes = {
  manage: ['kms:PutKeyPolicy'],
  import: ['kms:ImportKeyMaterial'],
  use: ['kms:Decrypt', 'kms:GenerateDataKey'],
  delete: ['kms:ScheduleKeyDeletion', 'kms:DeleteImportedKeyMaterial'],
} as const;

/** Gives the policy as a table: each principal that a statement allows something, and what that is. */
export function rowsOf(policy: ExistingPolicy): readonly PolicyRow[] {
  const principals = new Set(policy.filter(({ Effect }) => Effect === 'Allow').flatMap(principalsOf));
  return [...principals].map((principal) => {
    const may = (actions: readonly string[]) => most(actions.map((action) => mayBy(policy, principal, action)));
    return {
      principal,
      manage: may(probes.manage),
      import: may(probes.import),
      use: may(probes.use),
      delete: may(probes.delete),
    };
  });
}

/** Gives a principal of a policy as people call it. @param accountId of the key: its root is "account root". */
export function policyName(principal: string, accountId: string): string {
  if (principal === '*') return 'everyone';
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
  if (account !== undefined) return account === accountId ? 'account root' : `account ${account}`;
  if (!principal.startsWith('arn:')) return principal;
  const owner = principal.split(':')[4];
  return owner === accountId ? principalName(principal) : `${principalName(principal)} of ${owner}`;
}

const isUnconditional = ({ Condition }: Statement) => Condition === undefined;

/** The usual way to forbid plain HTTP: it never applies to a call over TLS. */
function isForPlainHttpAlone({ Effect, Condition }: Statement): boolean {
  return (
    Effect === 'Deny' &&
    /^\{"Bool":\{"aws:SecureTransport":(\["false"\]|"false")\}\}$/.test(JSON.stringify(Condition) ?? '')
  );
}

function isAbout({ Action, NotAction }: Statement, action: string): boolean {
  const matches = (patterns: string | readonly string[]) =>
    [patterns].flat().some((each) => matchesPattern(each, action));
  if (Action !== undefined) return matches(Action);
  return NotAction !== undefined && !matches(NotAction);
}

/** Actions are matched without regard to case; `*` stands for any text, `?` for one character. */
function matchesPattern(pattern: string, action: string): boolean {
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(action);
}

const principalsOf = ({ Principal }: Statement) => listOf(Principal);

function listOf(principal: Statement['Principal']): readonly string[] {
  if (principal === undefined) return [];
  return typeof principal === 'string' ? [principal] : Object.values(principal).flat();
}

const rootOf = (arn: string, accountId: string) => `arn:${arn.split(':')[1] ?? 'aws'}:iam::${accountId}:root`;

/** A root ARN and the bare account number mean the same. */
const isSame = (one: string, other: string) =>
  one === other || one === other.replace(/^arn:[\w-]+:iam::(\d{12}):root$/, '$1');

function isAllowedTo({ Principal, NotPrincipal }: Statement, principal: string): boolean {
  if (Principal === undefined)
    return NotPrincipal !== undefined && !listOf(NotPrincipal).some((each) => isSame(each, principal));
  return listOf(Principal).some((each) => each === '*' || isSame(each, principal));
}

/** What is denied to an account is denied to everybody in it. */
function isDeniedTo(statement: Statement, principal: string): boolean {
  if (isAllowedTo(statement, principal)) return true;
  const account = principal.split(':')[4] ?? '';
  return statement.Principal !== undefined && isAllowedTo(statement, rootOf(principal, account));
}

function most(answers: readonly May[]): May {
  return answers.find((each) => each === 'yes') ?? answers.find((each) => each === 'maybe') ?? 'no';
}
