import { accountId } from '../account.ts';
import type { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { contextOf, identityDenial, noAllowText, notAuthorized } from '../identity-policy.ts';
import { dnsSuffix } from '../partition.ts';
import { type PolicyQuestion, verdictOf } from '../policy-document.ts';
import { statementsOf } from './key-policy.ts';
import { arnOf, type Grant, type GrantConstraints, isReplica, type KeyRecord } from './key-record.ts';

/** The caller of KMS, with the action that the caller wants. */
export type KeyRequest = Pick<Call, 'control' | 'identity' | 'requestId' | 'checkedActions' | 'region'> & {
  /** The action in IAM's form, such as `kms:Encrypt`. */
  readonly action: string;
  /** The AWS service that calls KMS for the caller, such as `s3`. Absent when the caller calls KMS directly. */
  readonly viaService?: string;
  /** Tells whether a grant of the key allows the action. By default, a grant does when it names the caller and the action. */
  readonly isGrantedBy?: (grant: Grant, caller: KeyRequest) => boolean;
  /** The condition keys that come from the request itself, such as `kms:WrappingAlgorithm`. */
  readonly conditions?: PolicyQuestion['conditions'];
};

/**
 * Checks that the caller may do the action with the key, and notes that the action was checked. An explicit Deny in any policy
 * always wins, and so does a service control policy that does not allow the action. Else the action is allowed when the key
 * policy or a grant names the caller, or when the key policy names the account and IAM allows it. For an AWS managed key, it is
 * enough that IAM allows the action. Source: "Determining access to AWS KMS keys", KMS developer guide; the texts are recorded,
 * Sep 2026.
 * @throws AccessDeniedException (HTTP 400 in KMS) when the caller may not.
 */
export function authorize(caller: KeyRequest, key: KeyRecord): void {
  const { identity, action } = caller;
  caller.checkedActions.add(action);
  const question = { action, resource: arnOf(key), conditions: conditionsOf(caller, key) };
  const policyVerdict = verdictOf(statementsOf(key.policy), identity, question);
  if (policyVerdict === 'denies') throw accessDenied(caller, key, 'with an explicit deny in a resource-based policy');
  // KMS uses the tags of a key only for conditions in IAM policies, not for those in key policies. Source: "Use tags to control
  // access to KMS keys", KMS developer guide; unverified: tags-at-once.
  const tags = key.tags.map(({ TagKey, TagValue }) => [`aws:ResourceTag/${TagKey}`, TagValue]);
  const conditions = { ...question.conditions, ...Object.fromEntries(tags) };
  const denial = identityDenial(caller, { ...question, conditions });
  const alwaysWins = denial?.decision === 'explicitDeny' || denial?.kind === 'organization';
  if (denial && alwaysWins) throw accessDenied(caller, key, denial.why);
  const isGranted = key.grants?.some((grant) => (caller.isGrantedBy ?? grantAllows)(grant, caller));
  if (isGranted || policyVerdict === 'names') return;
  if (denial) throw accessDenied(caller, key, denial.why);
  // Every caller who may use a service may use the AWS managed key of this service.
  if (key.manager !== 'AWS' && policyVerdict !== 'delegates')
    throw accessDenied(caller, key, noAllowText('resource', action));
}

/** Tells whether a principal of a grant is the caller. */
export function isCaller(principal: string | undefined, { identity }: Pick<KeyRequest, 'identity'>): boolean {
  return principal === identity.principal.arn || principal === identity.arn;
}

/** Tells whether a grant allows an action to the caller. */
function grantAllows({ grantee, operations, constraints = {} }: Grant, caller: KeyRequest): boolean {
  const operation = caller.action.replace('kms:', '');
  return (
    isCaller(grantee, caller) && operations.includes(operation) && meetsConstraints(constraints, operation, caller)
  );
}

/** The operations for which the constraints of a grant count: KMS developer guide, "Using grant constraints". */
const constrainedOperations = /^(Encrypt|Decrypt|GenerateDataKey.*|ReEncrypt(From|To))$/;

/** Tells whether a request meets the constraints of a grant. They count only for operations that have an encryption context. */
function meetsConstraints(constraints: GrantConstraints, operation: string, { conditions = {} }: KeyRequest): boolean {
  if (!constrainedOperations.test(operation)) return true;
  const prefix = 'kms:EncryptionContext:';
  const pairCount = Object.keys(conditions).filter((name) => name.startsWith(prefix)).length;
  const hasPairs = (pairs: object) =>
    Object.entries(pairs).every(([name, value]) => conditions[prefix + name] === value);
  const { EncryptionContextEquals: allPairs, EncryptionContextSubset: somePairs } = constraints;
  // A constraint that the grant does not have is met.
  const meetsEquals =
    typeof allPairs !== 'object' || (hasPairs(allPairs) && Object.keys(allPairs).length === pairCount);
  const meetsSubset = typeof somePairs !== 'object' || hasPairs(somePairs);
  return meetsEquals && meetsSubset;
}

/** Makes the error for a caller. @param why the end of the message, which says the reason. */
function accessDenied(caller: KeyRequest, key: KeyRecord, why: string): AwsError {
  return notAuthorized(caller, caller.action, arnOf(key), why);
}

/** Gives the condition keys that practice AWS knows for this request. Any other condition key has no value, as in IAM. */
function conditionsOf(caller: KeyRequest, key: KeyRecord): PolicyQuestion['conditions'] {
  const { viaService, conditions } = caller;
  return {
    ...contextOf(caller),
    'kms:CallerAccount': accountId,
    'kms:GrantIsForAWSResource': 'false',
    'kms:KeyOrigin': key.origin,
    'kms:KeySpec': key.keySpec,
    'kms:KeyUsage': key.keyUsage,
    'kms:MultiRegion': String(key.multiRegion !== undefined),
    ...(key.multiRegion ? { 'kms:MultiRegionKeyType': isReplica(key) ? 'REPLICA' : 'PRIMARY' } : {}),
    ...conditions,
    ...(viaService === undefined
      ? {}
      : { 'kms:ViaService': `${viaService}.${key.region}.${dnsSuffix(key.region)}`, 'aws:ViaAWSService': 'true' }),
  };
}
