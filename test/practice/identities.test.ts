import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListRolesCommand,
  ListUsersCommand,
  paginateListRoles,
  type Role,
} from '@aws-sdk/client-iam';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { identityNamed } from '../../source/practice/identities.ts';
import { must, type Practice, practise, refused } from './practising.ts';

type Credentials = Practice['server']['credentials'];

test('every identity is told who it is', async (t) => {
  const { server } = await practise(t);
  for (const name of ['SecurityAdmin', 'secops-1', 'app-deployer', 'bob']) {
    const { arn, userId } = identityNamed(name);
    const credentials = server.credentialsOf(name);
    assert.match(credentials.accessKeyId, /^A[SK]IA[A-Z0-9]{16}$/);
    assert.equal(credentials.secretAccessKey.length, 40);
    const sts = new STSClient({ region: 'eu-west-3', endpoint: server.endpoint, credentials });
    const answer = await sts.send(new GetCallerIdentityCommand({}));
    assert.deepEqual([answer.Arn, answer.UserId, answer.Account], [arn, userId, '000000000000']);
  }
  assert.equal(identityNamed('SecurityAdmin').arn, 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you');
});

test('a session token is taken only by the access key that it belongs to', async (t) => {
  const practice = await practise(t);
  const [user, role] = [practice.server.credentialsOf('secops-1'), practice.server.credentialsOf('SecurityAdmin')];
  const { sessionToken = '' } = role;
  for (const credentials of [
    { ...user, sessionToken },
    { ...role, sessionToken: `${sessionToken}x` },
  ]) {
    await refused(practice.kms('us-east-1', credentials).send(new ListKeysCommand({})), 'UnrecognizedClientException');
    await refused(practice.s3('us-east-1', credentials).send(new ListBucketsCommand({})), 'InvalidToken');
  }
  for (const credentials of [user, role]) await practice.kms('us-east-1', credentials).send(new ListKeysCommand({}));
});

test('a session token of STS is taken only by the access key of its own session', async (t) => {
  const practice = await practise(t);
  const { endpoint, credentialsOf } = practice.server;
  const sts = new STSClient({ region: 'us-east-1', endpoint, credentials: credentialsOf('secops-1') });
  const session = async () => {
    const { AccessKeyId, SecretAccessKey, SessionToken } = must(
      (await sts.send(new GetSessionTokenCommand({}))).Credentials,
    );
    const [accessKeyId, secretAccessKey] = [must(AccessKeyId), must(SecretAccessKey)];
    return { accessKeyId, secretAccessKey, sessionToken: must(SessionToken) };
  };
  const [one, { sessionToken }] = [await session(), await session()];
  const listWith = (credentials: Credentials) => practice.kms('us-east-1', credentials).send(new ListKeysCommand({}));
  await listWith(one);
  await refused(listWith({ ...one, sessionToken }), 'UnrecognizedClientException');
});

test('roles come page by page, with their paths', async (t) => {
  const iam = iamOf(await practise(t));
  const roles: Role[] = [];
  let pages = 0;
  for await (const page of paginateListRoles({ client: iam, pageSize: 25 }, {})) {
    pages += 1;
    roles.push(...(page.Roles ?? []));
  }
  assert.deepEqual([pages, roles.length, new Set(roles.map((role) => role.Arn)).size], [3, 60, 60]);
  const linked = await iam.send(new ListRolesCommand({ PathPrefix: '/aws-service-role/' }));
  assert.ok((linked.Roles ?? []).length >= 5);
  assert.ok(linked.Roles?.every((role) => role.RoleName?.startsWith('AWSServiceRoleFor')));
  const { Role: found } = await iam.send(new GetRoleCommand({ RoleName: 'app-deployer' }));
  assert.equal(found?.Arn, 'arn:aws:iam::000000000000:role/application/app-deployer');
  assert.match(decodeURIComponent(must(found?.AssumeRolePolicyDocument)), /"sts:AssumeRole"/);
});

test('users are listed and found, and missing in the words of IAM', async (t) => {
  const practice = await practise(t);
  const iam = iamOf(practice);
  const { Users, IsTruncated } = await iam.send(new ListUsersCommand({}));
  assert.deepEqual([Users?.length, IsTruncated], [40, false]);
  const secops = iamOf(practice, practice.server.credentialsOf('secops-1'));
  assert.equal((await secops.send(new GetUserCommand({}))).User?.UserName, 'secops-1');
  const missing = iam.send(new GetUserCommand({ UserName: 'nobody' }));
  await refused(missing, 'NoSuchEntityException', 'The user with name nobody cannot be found.');
});

test('listing is denied to the role that may not list, and finding itself is not', async (t) => {
  const practice = await practise(t);
  const iam = iamOf(practice, practice.server.credentialsOf('app-deployer'));
  for (const [command, action] of [
    [new ListUsersCommand({}), 'iam:ListUsers'],
    [new ListRolesCommand({}), 'iam:ListRoles'],
  ] as const) {
    await assert.rejects(
      iam.send(command as ListUsersCommand),
      (error: Error & { $metadata: { httpStatusCode: number } }) => {
        assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['AccessDenied', 403]);
        const start = `User: ${identityNamed('app-deployer').arn} is not authorized to perform: ${action} on resource: `;
        assert.ok(error.message.startsWith(start), error.message);
        return true;
      },
    );
  }
  assert.ok((await iam.send(new GetRoleCommand({ RoleName: 'app-deployer' }))).Role);
});

function iamOf({ server }: Practice, credentials: Credentials = server.credentials): IAMClient {
  return new IAMClient({ region: 'us-east-1', endpoint: server.endpoint, credentials });
}
