import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';

/** The values of `x-amz-acl` that give access to the owner alone. unverified: private-acl. */
const ownerLists: readonly string[] = ['private', 'bucket-owner-full-control'];

/**
 * Refuses an upload whose access control list gives access to others than the owner.
 * @throws AccessControlListNotSupported for such an upload.
 */
export function refuseAcl(exchange: Exchange): void {
  if (hasAclForOthers(exchange)) throw aclNotSupported();
}

/** True when a request asks for an access control list that gives access to others than the owner. */
export function hasAclForOthers(exchange: Exchange): boolean {
  const names = Object.keys(exchange.headers);
  return (
    !ownerLists.includes(header(exchange, 'x-amz-acl') ?? 'private') ||
    names.some((name) => name.startsWith('x-amz-grant-'))
  );
}

/** Makes the error with which a bucket refuses access control lists. */
export function aclNotSupported(): AwsError {
  return new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
}
