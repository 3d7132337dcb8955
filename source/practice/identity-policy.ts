import { AwsError } from './aws-error.ts';
import type { Call } from './exchange.ts';
import { matchesAction } from './iam-pattern.ts';

type Asking = Pick<Call, 'control' | 'identity'>;

/**
 * Does what an operation does, and sees to it that permission was asked for; for an operation `on` the account it asks
 * itself. Throws AccessDenied as {@link needIdentityPermission} does, and Error for an operation that forgot to ask.
 */
export async function withPermission<Result>(
  call: Call,
  { on, needs = call.action }: { readonly on: string; readonly needs?: string },
  act: () => Result | Promise<Result>,
): Promise<Result> {
  if (on === 'account') {
    needIdentityPermission(call, needs, '*');
  }
  const result = await act();
  if (on !== 'none' && call.asked.size === 0) {
    throw new Error(`${call.action} has answered without asking for permission`);
  }
  return result;
}

/** Whether IAM lets an identity do something such as `kms:Encrypt`: unless it, or the control file, says otherwise. */
export function identityAllows({ control, identity }: Asking, action: string): boolean {
  const denied = [...identity.denied, ...control.deniedTo(identity.principal.name)];
  return !denied.some((pattern) => matchesAction(pattern, action));
}

/** Throws {@link notAuthorized} where IAM does not allow this to an identity. Recorded, Sep 2026. */
export function needIdentityPermission(asking: Asking & Pick<Call, 'asked'>, action: string, resource: string): void {
  asking.asked.add(action);
  if (!identityAllows(asking, action)) {
    throw notAuthorized(asking, action, resource, noIdentityPolicy(action));
  }
}

/** The answer to a caller who may not do something, with AWS's words for the reason: 403, or 400 in KMS. */
export function notAuthorized(
  { identity }: Pick<Call, 'identity'>,
  action: string,
  resource: string,
  why: string,
): AwsError {
  const text = `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  return action.startsWith('kms:')
    ? new AwsError('AccessDeniedException', text)
    : new AwsError('AccessDenied', text, { status: 403 });
}

/** The end of that text. */
export function noIdentityPolicy(action: string): string {
  return `because no identity-based policy allows the ${action} action`;
}
