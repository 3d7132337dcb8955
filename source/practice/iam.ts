import { accountId, type Principal, roles, users } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Call } from './exchange.ts';
import { simulatePrincipalPolicy } from './iam-simulation.ts';
import { needIdentityPermission } from './identity-policy.ts';
import type { XmlValue } from './xml.ts';

type Operation = (call: Call, input: URLSearchParams) => XmlValue;

/** IAM, API version 2010-05-08: what a picker of users and roles calls. The account itself is fixed. */
export const iamOperations: Readonly<Record<string, Operation>> = {
  ListUsers: (call, input) => page('ListUsers', 'Users', 'user', users, userFields)(call, input),
  ListRoles: (call, input) => page('ListRoles', 'Roles', 'role', roles, roleFields)(call, input),
  GetUser: (call, input) => {
    const name = input.get('UserName') ?? call.identity.principal.name;
    const found = users.find((user) => user.name === name);
    if (!found) {
      throw new AwsError('NoSuchEntity', `The user with name ${name} cannot be found.`, { status: 404 });
    }
    return { User: userFields(found) };
  },
  GetRole: (_call, input) => {
    const name = input.get('RoleName') ?? '';
    const found = roles.find((role) => role.name === name);
    if (!found) {
      throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, { status: 404 });
    }
    return { Role: { ...roleFields(found), RoleLastUsed: '' } };
  },
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
};

function page(
  operation: string,
  listName: string,
  kind: string,
  list: readonly Principal[],
  fields: (one: Principal) => { readonly [name: string]: XmlValue },
): Operation {
  return (call, input) => {
    needIdentityPermission(call, `iam:${operation}`, `arn:aws:iam::${accountId}:${kind}/`);
    const prefix = input.get('PathPrefix') ?? '/';
    const most = Number(input.get('MaxItems') ?? 100);
    if (!Number.isInteger(most) || most < 1 || most > 1000) {
      const bound = most > 1000 ? 'less than or equal to 1000' : 'greater than or equal to 1';
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value '${input.get('MaxItems')}' at 'maxItems' failed to satisfy constraint: Member must have value ${bound}`,
      );
    }
    const marker = input.get('Marker');
    const start = marker === null ? 0 : list.findIndex((one) => one.id === marker);
    if (start < 0) {
      throw new AwsError('ValidationError', `Invalid Marker: ${marker}`);
    }
    const matching = list.slice(start).filter((one) => one.path.startsWith(prefix));
    const next = matching[most];
    return {
      [listName]: { member: matching.slice(0, most).map(fields) },
      IsTruncated: next !== undefined,
      Marker: next?.id,
    };
  };
}

function userFields(user: Principal): { readonly [name: string]: XmlValue } {
  return { Path: user.path, UserName: user.name, UserId: user.id, Arn: user.arn, CreateDate: iamDate(user.created) };
}

function roleFields(role: Principal): { readonly [name: string]: XmlValue } {
  const service = /^\/aws-service-role\/([^/]+)\//.exec(role.path)?.[1];
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: service ? { Service: service } : { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'sts:AssumeRole',
      },
    ],
  };
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: iamDate(role.created),
    // URL-encoded JSON, as the IAM API reference says of every policy document.
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)),
    MaxSessionDuration: 3600,
  };
}

function iamDate(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
