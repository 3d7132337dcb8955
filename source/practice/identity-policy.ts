import { accountId } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Call } from './exchange.ts';
import { matchesAction } from './iam-pattern.ts';
import type { PracticeIdentity } from './identities.ts';
import { applies, type PolicyQuestion, type Statement } from './policy-document.ts';

/** The caller of an operation, and the settings that can limit what the caller may do. */
type Caller = Pick<Call, 'control' | 'identity'>;

/** The kinds of policy that limit what an identity may do, in the order in which they are checked, in AWS's words. */
export const policyKinds = {
  organization: 'a service control policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
  identity: 'an identity-based policy',
} as const;
type Kind = keyof typeof policyKinds;

/** The policies of one kind that apply to an identity. They do not allow the actions that match `exceptions`. */
export type Layer = {
  readonly kind: Kind;
  readonly statements: ReadonlyArray<Statement & { readonly policyId?: string }>;
  readonly exceptions?: readonly string[];
};

/** Why an action is not allowed. `why` is the end of AWS's message. */
export type Denial = { readonly kind: Kind; readonly decision: 'explicitDeny' | 'implicitDeny'; readonly why: string };

/**
 * Runs an operation, and makes sure that its permission is checked. `on` says who checks it:
 * - `none`: nobody, because the operation needs no permission.
 * - `account`: this function, before it runs `act`. IAM must allow the action for the resource `*`.
 * - any other value: `act`.
 *
 * `needs` is the action that IAM must allow, where it is not the action of the call. `conditions` are condition keys of the
 * request. Both count only for `account`.
 * @param act the operation.
 * @throws AccessDenied as {@link needIdentityPermission} does; Error when `act` should have checked a permission and has not,
 * which is a defect of practice AWS.
 */
export async function withPermission<Result>(
  call: Call,
  {
    on,
    needs = call.action,
    conditions,
  }: { readonly on: string; readonly needs?: string; readonly conditions?: PolicyQuestion['conditions'] },
  act: () => Result | Promise<Result>,
): Promise<Result> {
  if (on === 'none') return act();
  if (on === 'account') needIdentityPermission(call, needs, '*', conditions);
  return requirePermissionCheck(call, act);
}

/**
 * Runs an operation, and makes sure that a permission was checked for the request before or during the operation.
 * @throws Error when no permission was checked.
 */
export async function requirePermissionCheck<Result>(
  { action, checkedActions }: Pick<Call, 'action' | 'checkedActions'>,
  act: () => Result | Promise<Result>,
): Promise<Result> {
  const result = await act();
  if (checkedActions.size === 0) throw new Error(`${action} has answered without asking for permission`);
  return result;
}

/**
 * Gives the policies that apply to an identity: those of the control file, or else one policy that allows everything except
 * the denied actions of the identity. In both cases, actions that the control file denies are not allowed. Policies of an
 * organization apply to everybody, also to the root user. A permissions boundary does not apply to the root user. A session
 * may have a session policy as well.
 */
export function layersOf({ control, identity }: Caller): readonly Layer[] {
  const { name, kind: principalKind } = identity.principal;
  const { policies, boundaries, organization } = control.policies();
  const identityPolicies = policies?.[name] ?? [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
  const makeLayer = (kind: Kind, documents: typeof identityPolicies) => ({
    kind,
    statements: documents.flatMap(({ Id, Statement: oneOrSeveral }) =>
      [oneOrSeveral].flat().map((statement) => ({ ...statement, ...(Id === undefined ? {} : { policyId: Id }) })),
    ),
  });
  const { denied, sessionPolicy } = identity;
  const boundary = boundaries?.[name];
  return [
    ...(organization ? [makeLayer('organization', organization)] : []),
    ...(boundary && principalKind !== 'root' ? [makeLayer('boundary', [boundary])] : []),
    ...(sessionPolicy ? [{ kind: 'session' as const, statements: sessionPolicy }] : []),
    {
      ...makeLayer('identity', identityPolicies),
      exceptions: [...(policies?.[name] ? [] : denied), ...control.deniedTo(name)],
    },
  ];
}

/**
 * Finds the reason for which policies deny a request. A Deny statement of any layer comes first. Without a Deny statement, the
 * reason is the first layer that does not allow the action. Gives `undefined` when the policies allow the request.
 */
export function denialIn(layers: readonly Layer[], question: PolicyQuestion): Denial | undefined {
  const { action } = question;
  const judgedLayers = layers.map((layer) => ({
    ...layer,
    applyingStatements: layer.statements.filter((statement) => applies(statement, question)),
  }));
  for (const { kind, applyingStatements } of judgedLayers) {
    const deny = applyingStatements.find(({ Effect }) => Effect === 'Deny');
    if (deny) {
      return {
        kind,
        decision: 'explicitDeny',
        why: `with an explicit deny in ${policyKinds[kind]}${arnText(deny, action)}`,
      };
    }
  }
  const refusingLayer = judgedLayers.find(
    ({ applyingStatements, exceptions = [] }) =>
      !applyingStatements.some(({ Effect }) => Effect === 'Allow') ||
      exceptions.some((pattern) => matchesAction(pattern, action)),
  );
  return (
    refusingLayer && {
      kind: refusingLayer.kind,
      decision: 'implicitDeny',
      why: noAllowText(refusingLayer.kind, action),
    }
  );
}

/** Gives the end of the error message when no policy of a kind allows an action. */
export function noAllowText(kind: Kind | 'resource', action: string): string {
  // In this message, the name has no article.
  const name = kind === 'resource' ? 'resource-based policy' : policyKinds[kind].replace(/^an? /, '');
  return `because no ${name} allows the ${action} action`;
}

/**
 * Gives the end of the message about an explicit deny: the ARN of the policy that denies, which in practice AWS is a service
 * control policy with an Id. Gives an empty text for a policy without an Id. Source: "Troubleshoot access denied", IAM and S3
 * guides; unverified: scp-arn.
 */
function arnText({ policyId }: Layer['statements'][number], action: string): string {
  if (policyId === undefined) return '';
  const arn = `arn:aws:organizations::${accountId}:policy/o-practice/service_control_policy/${policyId}`;
  return `${action.startsWith('s3:') ? ', with policy ARN:' : ':'} ${arn}`;
}

/** Gives the reason why IAM policies deny a call, or `undefined` when they allow it. */
export function identityDenial(caller: Caller & Pick<Call, 'region'>, question: PolicyQuestion): Denial | undefined {
  return denialIn(layersOf(caller), { ...question, conditions: { ...contextOf(caller), ...question.conditions } });
}

/** Gives the condition keys that every request has, and those that the control file adds. unverified: practice-tls. */
export function contextOf({ control, identity, region }: Caller & Pick<Call, 'region'>): Record<string, string> {
  return {
    ...principalContext(identity),
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
    'aws:ViaAWSService': 'false',
    ...(identity.session ? { 'aws:MultiFactorAuthPresent': String(identity.session.mfa) } : {}),
    ...control.policies().requestContext,
  };
}

/** Gives the condition keys about the caller. Source: "AWS global condition context keys", IAM user guide. */
export function principalContext({ principal, userId }: PracticeIdentity): Record<string, string> {
  return {
    'aws:PrincipalArn': principal.arn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': userId,
    'aws:CurrentTime': new Date().toISOString(),
    ...(principal.kind === 'user' ? { 'aws:username': principal.name } : {}),
  };
}

/**
 * Notes that the action was checked, and checks that IAM allows it to the caller. The error is the one that AWS gave (recorded Sep
 * 2026).
 * @throws {@link notAuthorized} when IAM does not allow it.
 */
export function needIdentityPermission(
  call: Caller & Pick<Call, 'checkedActions' | 'region'>,
  action: string,
  resource: string,
  conditions: PolicyQuestion['conditions'] = {},
): void {
  call.checkedActions.add(action);
  const denial = identityDenial(call, { action, resource, conditions });
  if (denial) throw notAuthorized(call, action, resource, denial.why);
}

/**
 * Makes the error for an action that is not allowed, with AWS's words: HTTP 403, in KMS 400.
 * @param why the end of the message, which says the reason.
 */
export function notAuthorized(
  { identity }: Pick<Call, 'identity'>,
  action: string,
  resource: string,
  why: string,
): AwsError {
  const resourceText = action.startsWith('s3:') && resource !== '*' ? `"${resource}"` : resource;
  const text = `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resourceText} ${why}`;
  if (action.startsWith('kms:')) return new AwsError('AccessDeniedException', text);
  return new AwsError(action.startsWith('account:') ? 'AccessDeniedException' : 'AccessDenied', text, { status: 403 });
}
