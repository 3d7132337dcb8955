import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListKeyPoliciesCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { statementsIn, verdictOf } from '../../source/practice/policy-document.ts';
import { externalKey, must, practise, refused, tryOnce } from './practising.ts';

const account = 'arn:aws:iam::000000000000';
const malformed = 'MalformedPolicyDocumentException';
const lockout = 'The new key policy will not allow you to update the key policy in the future.';
const invalidPrincipals = 'Policy contains a statement with one or more invalid principals.';

const statement = (principal: unknown, action: unknown = 'kms:*', more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action: action,
  Resource: '*',
  ...more,
});
const policyOf = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const root = statement(`${account}:root`);

test('a key without a policy of its own has the default one', async (t) => {
  const { kms } = await practise(t);
  const KeyId = await externalKey(kms());
  const { Policy, PolicyName } = await kms().send(new GetKeyPolicyCommand({ KeyId }));
  const policy = JSON.parse(must(Policy)) as { Id: string; Statement: Record<string, unknown>[] };
  assert.equal(PolicyName, 'default');
  assert.equal(policy.Id, 'key-default-1');
  assert.deepEqual(policy.Statement, [{ Sid: 'Enable IAM User Permissions', ...root }]);
  assert.match(must(Policy), /"Version" : "2012-10-17"/);
  assert.deepEqual((await kms().send(new ListKeyPoliciesCommand({ KeyId }))).PolicyNames, ['default']);
});

test('a policy is given back exactly as it was put', async (t) => {
  const { kms } = await practise(t);
  const Policy = policyOf(
    root,
    statement([`${account}:user/alice`, `${account}:role/application/app-deployer`], 'kms:Encrypt'),
  );
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({ Policy }));
  const KeyId = must(KeyMetadata?.KeyId);
  assert.equal((await kms().send(new GetKeyPolicyCommand({ KeyId }))).Policy, Policy);
  await kms().send(new PutKeyPolicyCommand({ KeyId, Policy: `${Policy}\n` }));
  assert.equal((await kms().send(new GetKeyPolicyCommand({ KeyId }))).Policy, `${Policy}\n`);
});

test('principals that the account does not have are invalid', async (t) => {
  const { kms } = await practise(t);
  for (const stranger of [
    `${account}:user/nobody`,
    `${account}:role/app-deployer`,
    `${account}:group/admins`,
    'arn:aws:iam::111122223333:role/Other',
    'AIDAXXXXXXXXXXXXXXXXX',
    'arn:aws:sts::000000000000:assumed-role/Nobody/session',
    'arn:aws:sts::111122223333:assumed-role/Auditor/session',
    'arn:aws-cn:iam::111122223333:root',
  ]) {
    const Policy = policyOf(root, statement([`${account}:user/bob`, stranger]));
    await refused(kms().send(new CreateKeyCommand({ Policy })), malformed, invalidPrincipals);
  }
  const others = ['111122223333', 'arn:aws:iam::111122223333:root', 'arn:aws:sts::000000000000:federated-user/kim'];
  const Policy = policyOf(root, statement(['arn:aws:sts::000000000000:assumed-role/Auditor/any', ...others]));
  await kms().send(new CreateKeyCommand({ Policy }));
});

test('a role that IAM has not spread yet is invalid twice, and then it is there', async (t) => {
  const { kms } = await practise(t);
  const Policy = policyOf(root, statement(`${account}:role/just-created-role`));
  for (let tries = 0; tries < 2; tries += 1)
    await refused(kms().send(new CreateKeyCommand({ Policy })), malformed, invalidPrincipals);
  assert.ok((await kms().send(new CreateKeyCommand({ Policy }))).KeyMetadata);
});

test('a policy that locks its caller out is refused, unless the caller insists', async (t) => {
  const { kms, server } = await practise(t);
  const deny = { Effect: 'Deny' };
  const rows: ReadonlyArray<readonly [locksOut: boolean, ...statements: object[]]> = [
    [false, root],
    [false, statement(`${account}:role/SecurityAdmin`, ['kms:Describe*', 'kms:Put*'])],
    [false, statement('arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you')],
    [false, statement('000000000000')],
    [false, statement('*')],
    [true, statement('111122223333')],
    [true, statement('arn:aws:sts::000000000000:assumed-role/SecurityAdmin/another')],
    [true, statement(`${account}:user/alice`)],
    [true, statement(`${account}:root`, 'kms:Encrypt')],
    [true, statement(`${account}:root`, undefined, { Action: undefined })],
    [true, statement(`${account}:root`, undefined, { Resource: undefined })],
    [true, root, statement(`${account}:role/SecurityAdmin`, 'kms:PutKeyPolicy', deny)],
  ];
  for (const [locksOut, ...statements] of rows) {
    const input = { Policy: policyOf(...statements) };
    const create = kms().send(new CreateKeyCommand(input));
    await (locksOut ? refused(create, malformed, lockout) : create);
    await kms().send(new CreateKeyCommand({ ...input, BypassPolicyLockoutSafetyCheck: true }));
  }
  const secops = kms('us-east-1', server.credentialsOf('secops-1'));
  const Policy = policyOf(statement(`${account}:role/SecurityAdmin`));
  await refused(secops.send(new CreateKeyCommand({ Policy })), malformed, lockout);
});

test('what is no policy, or too long for one, is refused', async (t) => {
  const { server } = await practise(t);
  const kms = new KMSClient(tryOnce(server));
  for (const Policy of [
    '{',
    '[]',
    '{"Statement":[]}',
    '{"Statement":[{"Effect":"Perhaps","Principal":"*"}]}',
    policyOf(root, { Effect: 'Allow', Action: 'kms:*', Resource: '*' }),
  ])
    await refused(kms.send(new CreateKeyCommand({ Policy })), malformed);
  const long = policyOf(root, { ...root, Sid: 'x'.repeat(33_000) });
  await refused(kms.send(new CreateKeyCommand({ Policy: long })), 'LimitExceededException');
  await refused(kms.send(new CreateKeyCommand({ Policy: policyOf(root, { Sid: '鍵' }) })), 'ValidationException');
});

test('a Deny for the account is one for everybody in it, and a policy may name services and leave principals out', async (t) => {
  const { kms, server } = await practise(t);
  const deny = (principal: string, action: string) => statement(principal, action, { Effect: 'Deny' });
  const service = { ...root, Principal: { Service: 's3.amazonaws.com' }, Action: 'kms:Decrypt' };
  const others = { Effect: 'Deny', NotPrincipal: { AWS: `${account}:root` }, Action: 'kms:Encrypt', Resource: '*' };
  const denied = [deny('000000000000', 'kms:GetKeyPolicy'), deny(`${account}:root`, 'kms:DescribeKey')];
  const Policy = policyOf(root, service, others, ...denied);
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({ Policy }));
  const KeyId = must(KeyMetadata?.KeyId);
  const explicit = /with an explicit deny in a resource-based policy$/;
  for (const name of ['SecurityAdmin', 'secops-1']) {
    const client = kms('us-east-1', server.credentialsOf(name));
    await assert.rejects(client.send(new GetKeyPolicyCommand({ KeyId })), explicit);
    await assert.rejects(client.send(new DescribeKeyCommand({ KeyId })), explicit);
    assert.deepEqual((await client.send(new ListKeyPoliciesCommand({ KeyId }))).PolicyNames, ['default']);
  }
});

test('a policy denies, names the caller, leaves it to the account, or is silent', () => {
  const caller = {
    principal: { arn: `${account}:role/Auditor` },
    arn: 'arn:aws:sts::000000000000:assumed-role/Auditor/me',
  };
  const conditions = { 'aws:username': 'bob' };
  const variable = (name: string) => `\${aws:${name}}`;
  const question = { action: 'kms:Encrypt', resource: 'arn:aws:kms:us-east-1:000000000000:key/bob', conditions };
  const allow = (Principal: unknown, more: object = {}) => statement('*', 'kms:*', { Principal, ...more });
  const deny = (Principal: unknown, more: object = {}) => allow(Principal, { Effect: 'Deny', ...more });
  const everybody = { AWS: '*' };
  const stranger = { AWS: `${account}:role/Other` };
  const rows: ReadonlyArray<readonly [verdict: string, ...statements: object[]]> = [
    ['silent'],
    ['names', allow('*')],
    ['names', allow(everybody)],
    ['names', allow({ AWS: caller.principal.arn })],
    ['names', allow({ AWS: [stranger.AWS, caller.arn] })],
    ['silent', allow({ AWS: `${caller.arn}x` })],
    ['silent', allow(stranger)],
    ['silent', allow({ Service: '*' })],
    ['silent', allow({ Federated: caller.arn, AWS: [] })],
    ['silent', allow(null)],
    ['silent', allow(undefined, { NotPrincipal: stranger })],
    ['delegates', allow({ AWS: `${account}:root` })],
    ['delegates', allow({ AWS: '000000000000' })],
    ['delegates', allow({ AWS: 'arn:aws-cn:iam::000000000000:root' })],
    ['delegates', allow({ AWS: [stranger.AWS, '000000000000'] })],
    ['names', allow({ AWS: ['000000000000', caller.arn] })],
    ['silent', allow({ AWS: '111122223333' })],
    ['silent', allow({ AWS: 'arn:aws:iam::111122223333:root' })],
    ['silent', allow({ AWS: `x${account}:root` })],
    ['silent', allow({ AWS: `${account}:root/x` })],
    ['denies', allow('*'), deny({ AWS: caller.arn })],
    ['denies', deny({ AWS: '000000000000' }), allow('*')],
    ['denies', deny('*')],
    ['names', allow('*'), deny(stranger)],
    ['names', allow('*'), deny('*', { Action: 'kms:Decrypt' })],
    ['names', allow('*'), deny('*', { Condition: { StringEquals: { 'aws:username': 'eve' } } })],
    ['silent', allow('*', { Action: ['kms:Decrypt', 's3:*'] })],
    ['names', allow('*', { Action: ['kms:Decrypt', 'KMS:enc*'] })],
    ['silent', allow('*', { Action: undefined, NotAction: ['kms:Enc*', 's3:*'] })],
    ['names', allow('*', { Action: undefined, NotAction: 's3:*' })],
    ['silent', allow('*', { Action: undefined })],
    ['silent', allow('*', { Resource: 'arn:aws:kms:us-east-1:000000000000:key/eve' })],
    ['names', allow('*', { Resource: ['a', `arn:aws:kms:*:*:key/${variable('username')}`] })],
    ['silent', allow('*', { Resource: `*/${variable('userid')}` })],
    ['silent', allow('*', { Resource: undefined })],
    ['silent', allow('*', { Resource: undefined, NotResource: ['a', '*:key/bob'] })],
    ['names', allow('*', { Resource: undefined, NotResource: '*:key/eve' })],
    ['silent', allow('*', { Condition: { StringEquals: { 'aws:username': 'eve' } } })],
  ];
  for (const [verdict, ...statements] of rows)
    assert.equal(verdictOf(statements, caller, question), verdict, JSON.stringify(statements));
});

test('a policy has statements, and each of them allows or denies', () => {
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"Statement":[]}',
    '{"Statement":[null]}',
    '{"Statement":{"Effect":"allow"}}',
    '{"Statement":[{"Effect":"Allow"},{"Effect":"Perhaps"}]}',
  ])
    assert.equal(statementsIn(text), undefined, text);
  assert.deepEqual(statementsIn('{"Statement":{"Effect":"Deny"}}'), [{ Effect: 'Deny' }]);
  assert.equal(statementsIn('{"Statement":[{"Effect":"Allow"},{"Effect":"Deny"}]}')?.length, 2);
});
