import { accountId, type Principal, roles, users } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Call } from './exchange.ts';
import { roleFields, userFields } from './iam-roles.ts';
import { simulatePrincipalPolicy } from './iam-simulation.ts';
import { inPartition, type Partition } from './partition.ts';
import { type QueryOperation, queryOperation } from './query-operation.ts';
import { readWholeNumber } from './query-parameters.ts';
import type { XmlValue } from './xml.ts';

/** Gives the ARN of the user that a request names; without a name, of the user with the caller's name. */
const userArn = (input: URLSearchParams, call: Call) =>
  arnOf(call, 'user', input.get('UserName') ?? call.identity.principal.name);

const roleArn = (input: URLSearchParams, call: Call) => arnOf(call, 'role', input.get('RoleName') ?? '');

/** The operations of IAM, API version 2010-05-08, that Keyferry needs. They change nothing: users and roles are fixed. */
export const iamOperations: Readonly<Record<string, QueryOperation>> = {
  ListUsers: makeListOperation('Users', 'user', users, userFields),
  ListRoles: makeListOperation('Roles', 'role', roles, roleFields),
  GetUser: queryOperation({ on: 'entity', arn: userArn }, (call, input) => {
    const { identity, partition } = call;
    const name = input.get('UserName');
    if (name === null && identity.principal.kind === 'role')
      throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
    const user = name === null ? identity.principal : users.find((candidate) => candidate.name === name);
    if (!user) throw new AwsError('NoSuchEntity', `The user with name ${name} cannot be found.`, { status: 404 });
    return { User: userFields(partition, user) };
  }),
  GetRole: queryOperation({ on: 'entity', arn: roleArn }, ({ partition }, input) => {
    const name = input.get('RoleName') ?? '';
    const role = roles.find((candidate) => candidate.name === name);
    if (!role) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, { status: 404 });
    return { Role: { ...roleFields(partition, role), RoleLastUsed: '' } };
  }),
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
};

/** Gives the ARN of a user or role. For a name that does not exist, gives an ARN without a path, as AWS does. */
function arnOf({ partition }: Call, kind: 'user' | 'role', name: string): string {
  const principal = (kind === 'user' ? users : roles).find((candidate) => candidate.name === name);
  return inPartition(partition, principal?.arn ?? `arn:aws:iam::${accountId}:${kind}/${name}`);
}

/**
 * Makes ListUsers or ListRoles.
 * @param listName the XML element that contains the list.
 * @param fields gives the XML elements of one user or role.
 */
function makeListOperation(
  listName: string,
  kind: string,
  list: readonly Principal[],
  fields: (partition: Partition, principal: Principal) => { readonly [name: string]: XmlValue },
): QueryOperation {
  const arn = (_input: URLSearchParams, { partition }: Call) =>
    inPartition(partition, `arn:aws:iam::${accountId}:${kind}/`);
  return queryOperation({ on: 'entity', arn }, ({ partition }, input) => {
    const prefix = input.get('PathPrefix') ?? '/';
    const pageSize = readWholeNumber(input, 'MaxItems', { min: 1, max: 1000, defaultValue: 100 });
    // A marker is the id of the first item of the next page.
    const marker = input.get('Marker');
    const start = marker === null ? 0 : list.findIndex(({ id }) => id === marker);
    if (start < 0) throw new AwsError('ValidationError', `Invalid Marker: ${marker}`);
    const matching = list.slice(start).filter(({ path }) => path.startsWith(prefix));
    const next = matching[pageSize];
    return {
      [listName]: { member: matching.slice(0, pageSize).map((principal) => fields(partition, principal)) },
      IsTruncated: next !== undefined,
      Marker: next?.id,
    };
  });
}
