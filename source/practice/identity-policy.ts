import { accountId } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Call } from './exchange.ts';
import { matchesAction } from './iam-pattern.ts';
import type { PracticeIdentity } from './identities.ts';
import { applies, type PolicyQuestion, type Statement } from './policy-document.ts';

type Asking = Pick<Call, 'control' | 'identity'>;

/** The kinds of policy that limit what an identity may do, in the order in which they are checked, in AWS's words. */
export const policyKinds = {
  organization: 'a service control policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
  identity: 'an identity-based policy',
} as const;
type Kind = keyof typeof policyKinds;

/** The policies of one kind that apply to an identity. They do not allow the actions that match `except`. */
export type Layer = {
  readonly kind: Kind;
  readonly statements: ReadonlyArray<Statement & { readonly policyId?: string }>;
  readonly except?: readonly string[];
};

/** Why an action is not allowed. `why` is the end of AWS's message. */
export type Denial = { readonly kind: Kind; readonly decision: 'explicitDeny' | 'implicitDeny'; readonly why: string };

/**
 * Runs an operation and makes sure that it checks a permission. For an operation `on` the account, this function checks the
 * permission itself.
 * @throws AccessDenied as {@link needIdentityPermission} does; Error when an operation has checked no permission, which is a
 * defect of practice AWS.
 */
export async function withPermission<Result>(
  call: Call,
  { on, needs = call.action }: { readonly on: string; readonly needs?: string },
  act: () => Result | Promise<Result>,
): Promise<Result> {
  if (on === 'account') needIdentityPermission(call, needs, '*');
  return on === 'none' ? act() : havingAsked(call, act);
}

/**
 * Does what an operation does that asks for permission itself.
 * @throws Error where it forgot to.
 */
export async function havingAsked<Result>(
  { action, asked }: Pick<Call, 'action' | 'asked'>,
  act: () => Result | Promise<Result>,
): Promise<Result> {
  const result = await act();
  if (asked.size === 0) throw new Error(`${action} has answered without asking for permission`);
  return result;
}

/**
 * Gives the policies that apply to an identity: those of the control file, or else one policy that allows everything except
 * the denied actions of the identity. What the control file denies is not allowed in either case. Policies of an organization
 * apply to everybody, also to the root user.
 */
export function layersOf({ control, identity }: Asking): readonly Layer[] {
  const { name, kind: of } = identity.principal;
  const { policies, boundaries, organization } = control.policies();
  const own = policies?.[name] ?? [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
  const layer = (kind: Kind, documents: typeof own) => ({
    kind,
    statements: documents.flatMap(({ Id, Statement: given }) =>
      [given].flat().map((one) => ({ ...one, ...(Id === undefined ? {} : { policyId: Id }) })),
    ),
  });
  const { denied, sessionPolicy } = identity;
  const boundary = boundaries?.[name];
  return [
    ...(organization ? [layer('organization', organization)] : []),
    ...(boundary && of !== 'root' ? [layer('boundary', [boundary])] : []),
    ...(sessionPolicy ? [{ kind: 'session' as const, statements: sessionPolicy }] : []),
    { ...layer('identity', own), except: [...(policies?.[name] ? [] : denied), ...control.deniedTo(name)] },
  ];
}

/** Gives why a request is denied: first a Deny statement, else a kind of policy that does not allow it; else `undefined`. */
export function denialIn(layers: readonly Layer[], question: PolicyQuestion): Denial | undefined {
  const { action } = question;
  const said = layers.map((layer) => ({
    ...layer,
    applying: layer.statements.filter((one) => applies(one, question)),
  }));
  for (const { kind, applying } of said) {
    const deny = applying.find((one) => one.Effect === 'Deny');
    if (deny) {
      return {
        kind,
        decision: 'explicitDeny',
        why: `with an explicit deny in ${policyKinds[kind]}${arnText(deny, action)}`,
      };
    }
  }
  const silent = said.find(
    ({ applying, except = [] }) =>
      !applying.some((one) => one.Effect === 'Allow') || except.some((pattern) => matchesAction(pattern, action)),
  );
  return silent && { kind: silent.kind, decision: 'implicitDeny', why: noPolicyAllows(silent.kind, action) };
}

/** Gives the end of the error message when no policy of a kind allows an action. */
export function noPolicyAllows(kind: Kind | 'resource', action: string): string {
  const name = kind === 'resource' ? 'resource-based policy' : policyKinds[kind].replace(/^an? /, '');
  return `because no ${name} allows the ${action} action`;
}

/**
 * Gives the part of a message with the policy's ARN. Source: "Troubleshoot access denied", IAM and S3 guides;
 * unverified: scp-arn.
 */
function arnText({ policyId }: Layer['statements'][number], action: string): string {
  const arn = `arn:aws:organizations::${accountId}:policy/o-practice/service_control_policy/${policyId}`;
  return policyId === undefined ? '' : `${action.startsWith('s3:') ? ', with policy ARN:' : ':'} ${arn}`;
}

/** Gives the reason why IAM policies deny a call, or `undefined` when they allow it. */
export function identityDenial(asking: Asking & Pick<Call, 'region'>, question: PolicyQuestion): Denial | undefined {
  return denialIn(layersOf(asking), { ...question, conditions: { ...contextOf(asking), ...question.conditions } });
}

/** Gives the condition keys of every request, with those of the control file. unverified: practice-tls. */
export function contextOf({ control, identity, region }: Asking & Pick<Call, 'region'>): Record<string, string> {
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
 * Checks that IAM allows the action to an identity. Recorded, Sep 2026.
 * @throws {@link notAuthorized} when IAM does not allow it.
 */
export function needIdentityPermission(
  call: Asking & Pick<Call, 'asked' | 'region'>,
  action: string,
  resource: string,
  conditions: PolicyQuestion['conditions'] = {},
): void {
  call.asked.add(action);
  const denial = identityDenial(call, { action, resource, conditions });
  if (denial) throw notAuthorized(call, action, resource, denial.why);
}

/** Makes the error for an action that is not allowed, with AWS's words: HTTP 403, in KMS 400. @param why the reason. */
export function notAuthorized({ identity }: Pick<Call, 'identity'>, action: string, on: string, why: string): AwsError {
  const resource = action.startsWith('s3:') && on !== '*' ? `"${on}"` : on;
  const text = `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  if (action.startsWith('kms:')) return new AwsError('AccessDeniedException', text);
  return new AwsError(action.startsWith('account:') ? 'AccessDeniedException' : 'AccessDenied', text, { status: 403 });
}
