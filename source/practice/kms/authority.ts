import { accountId } from '../account.ts';
import type { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { contextOf, identityDenial, noPolicyAllows, notAuthorized } from '../identity-policy.ts';
import { dnsSuffix } from '../partition.ts';
import { type PolicyQuestion, verdictOf } from '../policy-document.ts';
import { statementsOf } from './key-policy.ts';
import { arnOf, isReplica, type KeyRecord } from './key-record.ts';

/** Who asks for what; `viaService` is the AWS service that asks on the caller's behalf, such as `s3`. */
export type KeyRequest = Pick<Call, 'control' | 'identity' | 'requestId' | 'asked' | 'region'> & {
  /** As in `kms:Encrypt`. */
  readonly action: string;
  readonly viaService?: string;
  /** Condition keys that come from the request itself, as in `kms:WrappingAlgorithm`. */
  readonly conditions?: Readonly<Record<string, string>>;
};

/**
 * Refuses a caller who may not do this with the key. An explicit deny in the key policy outweighs everything; otherwise
 * the key policy must name the caller, or a grant must, or the policy must delegate to the account and IAM must allow
 * it. Source: "Determining access to AWS KMS keys", KMS developer guide; the texts are recorded, Sep 2026.
 * @throws AccessDeniedException (HTTP 400 in KMS).
 */
export function authorize(caller: KeyRequest, key: KeyRecord): void {
  const { identity, action } = caller;
  caller.asked.add(action);
  const question = { action, resource: arnOf(key), conditions: conditionsOf(caller, key) };
  const verdict = verdictOf(statementsOf(key.policy), identity, question);
  if (verdict === 'denies') throw denied(caller, key, 'with an explicit deny in a resource-based policy');
  const denial = identityDenial(caller, question);
  if (denial && (denial.decision === 'explicitDeny' || denial.kind === 'organization'))
    throw denied(caller, key, denial.why);
  const granted = key.grants?.some(
    ({ grantee, operations }) =>
      [identity.principal.arn, identity.arn].includes(grantee) && operations.includes(action.replace('kms:', '')),
  );
  if (granted || verdict === 'names') return;
  if (denial) throw denied(caller, key, denial.why);
  // Every caller who may use a service may use the AWS managed key of this service.
  if (key.manager !== 'AWS' && verdict !== 'delegates') throw denied(caller, key, noPolicyAllows('resource', action));
}

function denied(caller: KeyRequest, key: KeyRecord, why: string): AwsError {
  return notAuthorized(caller, caller.action, arnOf(key), why);
}

/** The condition keys that practice AWS knows; one that is missing makes its condition false, as in IAM. */
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
