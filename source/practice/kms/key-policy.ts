import { accountId, justCreatedRole, roles, users } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { matchesAction } from '../iam-pattern.ts';
import { inPartition, type Partition, partitionOf } from '../partition.ts';
import { listOf, principalsOf, rootArn, type Statement, statementsIn } from '../policy-document.ts';
import { unverifiedText } from '../unverified.ts';

/** The ARNs of all users and roles, in the partition `aws`. */
const knownArns = new Set([...users.map((user) => user.arn), ...roles.map((role) => role.arn)]);
const maxBytes = 32 * 1024;
/** How many policies that name {@link justCreatedRole} are refused. */
const unknownPrincipalTries = 2;

/** Gives the policy that AWS writes for a key without a policy, exactly as GetKeyPolicy shows it. Recorded, Sep 2026. */
export function defaultPolicy(region: string): string {
  return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "${rootArn(partitionOf(region))}"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`;
}

/**
 * Checks a key policy as KMS does.
 * @param mayLockOut true when the policy may take from the caller the right to change it later.
 * @throws LimitExceededException for more than 32 KiB; MalformedPolicyDocumentException when the text is not a policy, names a
 * principal that is unknown or too new for KMS to know, or would not let the caller change the policy later.
 */
export function checkPolicy(call: Call, text: string, mayLockOut: boolean): void {
  if (Buffer.byteLength(text) > maxBytes)
    throw new AwsError('LimitExceededException', unverifiedText('policy-too-long'));
  const statements = statementsOf(text);
  const principals = statements.flatMap(principalsOf);
  const strangers = principals.filter((principal) => !isKnownPrincipal(call.partition, principal));
  if (strangers.length > 0 || namesTooNewPrincipal(call, principals))
    throw malformed('Policy contains a statement with one or more invalid principals.');
  if (!mayLockOut && !letsCallerChangePolicy(statements, call))
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
}

/**
 * Gives the condition key for the parameter that bypasses the check. A request without the parameter does not have the key.
 * Source: "kms:BypassPolicyLockoutSafetyCheck", KMS developer guide.
 */
export function bypassCondition(input: { readonly BypassPolicyLockoutSafetyCheck?: boolean | undefined }) {
  const { BypassPolicyLockoutSafetyCheck: bypass } = input;
  return bypass === undefined ? {} : { 'kms:BypassPolicyLockoutSafetyCheck': String(bypass) };
}

/**
 * True when AWS accepts this principal in a policy: `*`; the id or the root principal of any account; or the ARN of a user, a
 * role, a session of a role, or a federated user of the practice account.
 */
export function isKnownPrincipal(partition: Partition, principal: string): boolean {
  const arnStart = `arn:${partition}:`;
  const isUserOrRole = principal.startsWith(arnStart) && knownArns.has(principal.replace(arnStart, 'arn:aws:'));
  // A session has an ARN of STS, such as `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
  const [, session = ''] = new RegExp(`^arn:${partition}:sts::${accountId}:(.+)$`).exec(principal) ?? [];
  const [, roleName] = /^assumed-role\/([^/]+)\/[^/]+$/.exec(session) ?? [];
  return (
    principal === '*' ||
    isUserOrRole ||
    /^federated-user\/[^/]+$/.test(session) ||
    roles.some((role) => role.name === roleName) ||
    // Practice AWS does not know the users and roles of other accounts. It accepts only their root principals.
    new RegExp(`^(\\d{12}|arn:${partition}:iam::\\d{12}:root)$`).test(principal)
  );
}

/**
 * True when a principal of the policy is so new that KMS does not know it yet: {@link justCreatedRole}, or one that the control
 * file names. Counts the calls for such a principal, because KMS refuses only the first calls.
 */
function namesTooNewPrincipal({ store, control, partition }: Call, principals: readonly string[]): boolean {
  if (principals.some((principal) => control.isStillUnknown(principal))) return true;
  if (!principals.includes(inPartition(partition, justCreatedRole))) return false;
  const tries =
    store.first<{ tries: number }>('SELECT tries FROM principal_try WHERE arn = ?', justCreatedRole)?.tries ?? 0;
  store.run('INSERT OR REPLACE INTO principal_try VALUES (?, ?)', justCreatedRole, tries + 1);
  return tries < unknownPrincipalTries;
}

/**
 * True when the policy lets the caller call PutKeyPolicy, or lets the account decide that. NotAction, NotPrincipal and the
 * conditions of a statement do not count here.
 */
function letsCallerChangePolicy(statements: readonly Statement[], { partition, identity }: Call): boolean {
  const callerAndAccount = ['*', rootArn(partition), accountId, identity.principal.arn, identity.arn];
  const applyingStatements = statements.filter(
    (statement) =>
      // KMS accepts a statement without action or resource. Such a statement allows nothing.
      listOf(statement.Action).some((pattern) => matchesAction(String(pattern), 'kms:PutKeyPolicy')) &&
      listOf(statement.Resource).length > 0 &&
      principalsOf(statement).some((name) => callerAndAccount.includes(name)),
  );
  const hasStatement = (effect: 'Allow' | 'Deny') => applyingStatements.some(({ Effect }) => Effect === effect);
  return hasStatement('Allow') && !hasStatement('Deny');
}

/**
 * Gives the statements of a key policy.
 * @throws MalformedPolicyDocumentException when the text is not a policy.
 */
export function statementsOf(text: string): readonly Statement[] {
  const statements = statementsIn(text);
  if (!statements?.every((statement) => 'Principal' in statement || 'NotPrincipal' in statement))
    throw malformed(unverifiedText('policy-statements'));
  return statements;
}

/** Makes the error for a key policy that KMS does not accept. */
function malformed(text: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', text);
}
