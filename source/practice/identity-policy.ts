import { AwsError } from './aws-error.ts';
import type { World } from './exchange.ts';
import { matchesPattern } from './iam-pattern.ts';
import type { PracticeIdentity } from './identities.ts';

type Asking = Pick<World, 'control'> & { readonly identity: PracticeIdentity };

/** Whether IAM lets an identity do something such as `kms:Encrypt`: unless it, or the control file, says otherwise. */
export function identityAllows({ control, identity }: Asking, action: string): boolean {
  const denied = [...identity.denied, ...control.deniedTo(identity.principal.name)];
  return !denied.some((pattern) => matchesPattern(pattern, action));
}

/** Throws what a service answers to an identity that IAM does not allow this: 403, or 400 in KMS (recorded, Sep 2026). */
export function needIdentityPermission(asking: Asking, action: string, resource: string): void {
  if (!identityAllows(asking, action)) {
    const text = `User: ${asking.identity.arn} is not authorized to perform: ${action} on resource: ${resource} ${noIdentityPolicy(action)}`;
    throw action.startsWith('kms:')
      ? new AwsError('AccessDeniedException', text)
      : new AwsError('AccessDenied', text, { status: 403 });
  }
}

/** The end of that text. */
export function noIdentityPolicy(action: string): string {
  return `because no identity-based policy allows the ${action} action`;
}
