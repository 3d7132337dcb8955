import { accountId, type Principal, roles, users } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Call } from './exchange.ts';
import { roleFields, userFields } from './iam-roles.ts';
import { simulatePrincipalPolicy } from './iam-simulation.ts';
import { inPartition, type Partition } from './partition.ts';
import { type QueryOperation, queryOperation } from './query-operation.ts';
import { wholeNumber } from './query-parameters.ts';
import type { XmlValue } from './xml.ts';

const userArn = (input: URLSearchParams, call: Call) =>
  arnOf(call, 'user', input.get('UserName') ?? call.identity.principal.name);

const roleArn = (input: URLSearchParams, call: Call) => arnOf(call, 'role', input.get('RoleName') ?? '');

/** The operations of IAM, API version 2010-05-08, that Keyferry needs. They change nothing: users and roles are fixed. */
export const iamOperations: Readonly<Record<string, QueryOperation>> = {
  ListUsers: page('Users', 'user', users, userFields),
  ListRoles: page('Roles', 'role', roles, roleFields),
  GetUser: queryOperation({ on: 'entity', arn: userArn }, (call, input) => {
    const { identity, partition } = call;
    const name = input.get('UserName');
    if (name === null && identity.principal.kind === 'role')
      throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
    const found = name === null ? identity.principal : users.find((user) => user.name === name);
    if (!found) throw new AwsError('NoSuchEntity', `The user with name ${name} cannot be found.`, { status: 404 });
    return { User: userFields(partition, found) };
  }),
  GetRole: queryOperation({ on: 'entity', arn: roleArn }, ({ partition }, input) => {
    const name = input.get('RoleName') ?? '';
    const found = roles.find((role) => role.name === name);
    if (!found) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, { status: 404 });
    return { Role: { ...roleFields(partition, found), RoleLastUsed: '' } };
  }),
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
};

/** Gives the ARN of a user or role. When it does not exist, gives an ARN without a path, as AWS does. */
function arnOf({ partition }: Call, kind: 'user' | 'role', name: string): string {
  const found = (kind === 'user' ? users : roles).find((one) => one.name === name);
  return inPartition(partition, found?.arn ?? `arn:aws:iam::${accountId}:${kind}/${name}`);
}

/** Makes ListUsers or ListRoles. `fields` gives the elements of one item. */
function page(
  listName: string,
  kind: string,
  list: readonly Principal[],
  fields: (partition: Partition, one: Principal) => { readonly [name: string]: XmlValue },
): QueryOperation {
  const arn = (_input: URLSearchParams, { partition }: Call) =>
    inPartition(partition, `arn:aws:iam::${accountId}:${kind}/`);
  return queryOperation({ on: 'entity', arn }, ({ partition }, input) => {
    const prefix = input.get('PathPrefix') ?? '/';
    const most = wholeNumber(input, 'MaxItems', { least: 1, most: 1000, standard: 100 });
    const marker = input.get('Marker');
    const start = marker === null ? 0 : list.findIndex((one) => one.id === marker);
    if (start < 0) throw new AwsError('ValidationError', `Invalid Marker: ${marker}`);
    const matching = list.slice(start).filter((one) => one.path.startsWith(prefix));
    const next = matching[most];
    return {
      [listName]: { member: matching.slice(0, most).map((one) => fields(partition, one)) },
      IsTruncated: next !== undefined,
      Marker: next?.id,
    };
  });
}
