import { accountId, type Principal, rolesWithMfa } from './account.ts';
import { inPartition, type Partition } from './partition.ts';
import type { XmlValue } from './xml.ts';

/** Gives the fields of a user in the answers of IAM. The root user has no UserName. */
export function userFields(partition: Partition, user: Principal): { readonly [name: string]: XmlValue } {
  return {
    Path: user.path,
    UserName: user.kind === 'root' ? undefined : user.name,
    UserId: user.id,
    Arn: inPartition(partition, user.arn),
    CreateDate: iamDate(user.created),
  };
}

/** Gives the fields of a role in the answers of IAM. */
export function roleFields(partition: Partition, role: Principal): { readonly [name: string]: XmlValue } {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: inPartition(partition, role.arn),
    CreateDate: iamDate(role.created),
    // URL-encoded JSON, as the IAM API reference says of every policy document.
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trustOf(partition, role))),
    MaxSessionDuration: 3600,
  };
}

/** Tells who may assume a role: `AWS` is the account, `Service` an AWS service, `Federated` the users of Identity Center. */
export function trustKindOf({ path }: Principal): 'AWS' | 'Service' | 'Federated' {
  if (path.startsWith('/aws-service-role/')) return 'Service';
  return path.startsWith('/aws-reserved/sso') ? 'Federated' : 'AWS';
}

/** Builds the trust policy of a role, which says who may assume the role. */
function trustOf(partition: Partition, role: Principal): object {
  const kind = trustKindOf(role);
  const arnStart = inPartition(partition, `arn:aws:iam::${accountId}`);
  const trustedPrincipal = {
    AWS: `${arnStart}:root`,
    // The path of such a role contains the host name of the service.
    Service: role.path.split('/')[2],
    Federated: `${arnStart}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`,
  }[kind];
  const mfaCondition = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { [kind]: trustedPrincipal },
        Action: kind === 'Federated' ? ['sts:AssumeRoleWithSAML', 'sts:TagSession'] : 'sts:AssumeRole',
        ...(rolesWithMfa.includes(role.name) ? mfaCondition : {}),
      },
    ],
  };
}

/** Gives a date as IAM and STS write it: ISO 8601, without parts of a second. */
export function iamDate(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
