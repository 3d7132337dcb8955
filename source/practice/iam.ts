import { accountId, type Principal, roles, users } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Call } from './exchange.ts';
import { simulatePrincipalPolicy } from './iam-simulation.ts';
import { type QueryOperation, queryOperation } from './query-operation.ts';
import type { XmlValue } from './xml.ts';

/** IAM, API version 2010-05-08: what a picker of users and roles calls. The account itself is fixed. */
export const iamOperations: Readonly<Record<string, QueryOperation>> = {
  ListUsers: page('Users', 'user', users, userFields),
  ListRoles: page('Roles', 'role', roles, roleFields),
  GetUser: queryOperation({ on: 'entity', arn: userArn }, (call, input) => {
    const name = userName(input, call);
    const found = users.find((user) => user.name === name);
    if (!found) {
      throw new AwsError('NoSuchEntity', `The user with name ${name} cannot be found.`, { status: 404 });
    }
    return { User: userFields(found) };
  }),
  GetRole: queryOperation({ on: 'entity', arn: roleArn }, (_call, input) => {
    const name = input.get('RoleName') ?? '';
    const found = roles.find((role) => role.name === name);
    if (!found) {
      throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, { status: 404 });
    }
    return { Role: { ...roleFields(found), RoleLastUsed: '' } };
  }),
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
};

function userName(input: URLSearchParams, { identity }: Call): string {
  return input.get('UserName') ?? identity.principal.name;
}

/** The ARN of the user that a request names. One that is not there is asked about without its path, as AWS does. */
function userArn(input: URLSearchParams, call: Call): string {
  const name = userName(input, call);
  return users.find((user) => user.name === name)?.arn ?? `arn:aws:iam::${accountId}:user/${name}`;
}

function roleArn(input: URLSearchParams): string {
  const name = input.get('RoleName') ?? '';
  return roles.find((role) => role.name === name)?.arn ?? `arn:aws:iam::${accountId}:role/${name}`;
}

function page(
  listName: string,
  kind: string,
  list: readonly Principal[],
  fields: (one: Principal) => { readonly [name: string]: XmlValue },
): QueryOperation {
  const arn = () => `arn:aws:iam::${accountId}:${kind}/`;
  return queryOperation({ on: 'entity', arn }, (_call, input) => {
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
  });
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
