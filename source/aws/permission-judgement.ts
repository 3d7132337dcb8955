import type { EvaluationResult } from '@aws-sdk/client-iam';
import type { PolicyWord } from './existing-policy.ts';
import type { Need } from './needed-policy.ts';

/**
 * What decided that the caller lacks a permission:
 * - `no policy`: no IAM policy of the caller allows the action. Only here does another IAM policy help.
 * - `explicit deny`: an IAM policy denies the action.
 * - `boundary`: the permissions boundary does not allow the action.
 * - `key policy`: the key policy denies the action, or allows it neither to the caller nor to the account.
 */
export type DecidedBy = 'no policy' | 'explicit deny' | 'boundary' | 'key policy';

/** A permission that the caller surely lacks, as far as IAM can tell. */
export type MissingPermission = Need & {
  /** Absent in ceremonies of earlier versions. Read this field with {@link decidedBy}. */
  readonly by?: DecidedBy;
};

/** Why IAM cannot tell whether the caller has a permission. */
type Doubt =
  /** A service control policy seems to deny the action. IAM evaluates its conditions without knowing the request. */
  | { readonly why: 'organization' }
  /** A policy has conditions with these keys, whose values IAM does not know. */
  | { readonly why: 'condition'; readonly keys: readonly string[] }
  /** A condition of the key policy decides. */
  | { readonly why: 'key policy' }
  /** IAM gave no answer about this action. */
  | { readonly why: 'no answer' };

/** A permission about which IAM cannot tell. */
export type UnknownPermission = Need & Doubt;

/** What is known of one permission. */
export type Judgement =
  | { readonly is: 'allowed' }
  | { readonly is: 'missing'; readonly by: DecidedBy }
  | { readonly is: 'unknown'; readonly doubt: Doubt };

/** Gives what decided that a permission is missing; `no policy`, the usual case, where an earlier version did not record it. */
export function decidedBy({ by }: MissingPermission): DecidedBy {
  return by ?? 'no policy';
}

/** The decisions that IAM documents. */
const knownDecisions: readonly (string | undefined)[] = ['allowed', 'implicitDeny', 'explicitDeny'];

/**
 * Judges one action by the answer of SimulatePrincipalPolicy and by the key policy. Sources:
 * - IAM API reference, EvaluationResult: the keys that only service control policies (SCPs) use are not among the missing
 *   ones, although the SCPs are evaluated without them. So a denial by the organization proves nothing.
 * - IAM user guide, "Policy evaluation logic": a key policy that names the caller is enough, unless something denies the
 *   action. An implicit deny in a permissions boundary limits a named role, but not a named user.
 * @param result `undefined` when IAM gave no result for the action.
 * @param caller.word what the key policy means for the action; `iam` also when the action has nothing to do with the key policy.
 * @param caller.isUser true for an IAM user, false for a role.
 */
export function judge(
  result: EvaluationResult | undefined,
  { word, isUser }: { readonly word: PolicyWord; readonly isUser: boolean },
): Judgement {
  if (word === 'denied' || word === 'not named') return { is: 'missing', by: 'key policy' };
  const decision = result?.EvalDecision;
  if (result === undefined || !knownDecisions.includes(decision)) return { is: 'unknown', doubt: { why: 'no answer' } };
  if (result.OrganizationsDecisionDetail?.AllowedByOrganizations === false)
    return { is: 'unknown', doubt: { why: 'organization' } };
  const keys = missingKeys(result);
  if (keys.length > 0) return { is: 'unknown', doubt: { why: 'condition', keys } };
  const isBeyondBoundary = [result, ...(result.ResourceSpecificResults ?? [])].some(
    ({ PermissionsBoundaryDecisionDetail: detail }) => detail?.AllowedByPermissionsBoundary === false,
  );
  const doesBoundaryLimit = !(word === 'named' && isUser && decision === 'implicitDeny');
  if (isBeyondBoundary && doesBoundaryLimit) return { is: 'missing', by: 'boundary' };
  if (decision === 'explicitDeny') return { is: 'missing', by: 'explicit deny' };
  if (decision === 'allowed' || word === 'named') return { is: 'allowed' };
  return word === 'maybe' ? { is: 'unknown', doubt: { why: 'key policy' } } : { is: 'missing', by: 'no policy' };
}

/**
 * Gives the condition keys whose values IAM missed. The API reference names two places for them and contradicts itself about
 * which one is filled: beside the decision, or in the result for the resource.
 */
function missingKeys({ MissingContextValues = [], ResourceSpecificResults = [] }: EvaluationResult): readonly string[] {
  const inResources = ResourceSpecificResults.flatMap((each) => each.MissingContextValues ?? []);
  return [...new Set([...MissingContextValues, ...inResources])];
}
