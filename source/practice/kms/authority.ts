import { accountId } from '../account.ts';
import type { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { matchesAction, matchesPattern } from '../iam-pattern.ts';
import type { PracticeIdentity } from '../identities.ts';
import { identityAllows, noIdentityPolicy, notAuthorized } from '../identity-policy.ts';
import { dnsSuffix } from '../partition.ts';
import { arnOf, isReplica, type KeyRecord } from './key-record.ts';
import { holds, listOf, principalsOf, type Statement, statementsOf } from './policy-document.ts';

/** Who asks for what; `viaService` is the AWS service that asks on the caller's behalf, such as `s3`. */
export type Caller = Pick<Call, 'control' | 'identity' | 'requestId' | 'asked'> & {
  /** As in `kms:Encrypt`. */
  readonly action: string;
  readonly viaService?: string;
  /** Condition keys that come from the request itself, as in `kms:WrappingAlgorithm`. */
  readonly conditions?: Readonly<Record<string, string>>;
};

/**
 * Throws AccessDeniedException (HTTP 400 in KMS) unless the caller may do this with the key: an explicit deny in the key
 * policy outweighs everything; otherwise the key policy must name the caller, or a grant must, or the policy must
 * delegate to the account and IAM must allow it. Source: "Determining access to AWS KMS keys", KMS developer guide; the
 * texts are recorded, Sep 2026.
 */
export function authorize(caller: Caller, key: KeyRecord): void {
  const { identity, action } = caller;
  caller.asked.add(action);
  const applying = statementsOf(key.policy).filter((one) => applies(one, caller, key));
  if (applying.some((one) => one.Effect === 'Deny' && names(one, identity, 'as AWS does for Deny'))) {
    throw denied(caller, key, `with an explicit deny in a resource-based policy`);
  }
  const allowing = applying.filter((one) => one.Effect === 'Allow');
  const granted = key.grants?.some(
    ({ grantee, operations }) =>
      [identity.principal.arn, identity.arn].includes(grantee) && operations.includes(action.replace('kms:', '')),
  );
  if (granted || allowing.some((one) => names(one, identity, 'exactly'))) {
    return;
  }
  // A key that AWS manages may be used by whoever may use its service.
  const delegates = key.manager === 'AWS' || allowing.some((one) => principalsOf(one).some(isAccount));
  if (!identityAllows(caller, action)) {
    throw denied(caller, key, noIdentityPolicy(action));
  }
  if (!delegates) {
    throw denied(caller, key, `because no resource-based policy allows the ${action} action`);
  }
}

function denied(caller: Caller, key: KeyRecord, why: string): AwsError {
  return notAuthorized(caller, caller.action, arnOf(key), why);
}

function applies(one: Statement, caller: Caller, key: KeyRecord): boolean {
  return (
    listOf(one.Action).some((pattern) => matchesAction(String(pattern), caller.action)) &&
    listOf(one.Resource).some((pattern) => matchesPattern(String(pattern), arnOf(key))) &&
    holds(one.Condition, conditionsOf(caller, key))
  );
}

/** The condition keys that practice AWS knows; one that is missing makes its condition false, as in IAM. */
function conditionsOf({ identity, viaService, conditions }: Caller, key: KeyRecord): Record<string, string> {
  return {
    'aws:PrincipalArn': identity.principal.arn,
    'kms:CallerAccount': accountId,
    'kms:GrantIsForAWSResource': 'false',
    'kms:KeyOrigin': key.origin,
    'kms:KeySpec': key.keySpec,
    'kms:KeyUsage': key.keyUsage,
    'kms:MultiRegion': String(key.multiRegion !== undefined),
    ...(key.multiRegion ? { 'kms:MultiRegionKeyType': isReplica(key) ? 'REPLICA' : 'PRIMARY' } : {}),
    ...conditions,
    ...(viaService === undefined ? {} : { 'kms:ViaService': `${viaService}.${key.region}.${dnsSuffix(key.region)}` }),
  };
}

function names(one: Statement, { principal, arn }: PracticeIdentity, how: 'exactly' | 'as AWS does for Deny'): boolean {
  const given = principalsOf(one);
  return (
    given.some((name) => name === '*' || name === principal.arn || name === arn) ||
    (how !== 'exactly' && given.some(isAccount))
  );
}

function isAccount(name: string): boolean {
  return name === accountId || /^arn:[\w-]+:iam::(\d{12}):root$/.exec(name)?.[1] === accountId;
}
