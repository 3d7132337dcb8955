import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as iamSdk from '@aws-sdk/client-iam';
import { CreateKeyCommand, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import * as stsSdk from '@aws-sdk/client-sts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { areConditionsMet } from '../../source/practice/policy-conditions.ts';
import { credentialsIn } from './facts/fact.ts';
import { type Practice, practise, refused, setControl, tryOnce } from './practising.ts';
import { sendNamed } from './send-named.ts';
import { send } from './signed-request.ts';

type Input = Record<string, unknown>;
type Credentials = Practice['server']['credentials'];

const account = '000000000000';
const arnOf = (name: string) => `arn:aws:iam::${account}:${name}`;
const me = arnOf('role/SecurityAdmin');
const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const policies = (...Statement: object[]): Settings => ({ policies: { SecurityAdmin: [{ Statement }] } }) as Settings;

/** IAM and STS, and a function that writes the control file. */
async function withIam(t: TestContext) {
  const practice = await practise(t);
  const { endpoint, credentials: own, credentialsOf } = practice.server;
  const config = (credentials: Credentials) => tryOnce({ endpoint, credentials });
  // biome-ignore lint/suspicious/noExplicitAny: the tests read answers of many operations
  const iam = (name: string, input: Input = {}, as = own): Promise<any> =>
    sendNamed(new iamSdk.IAMClient(config(as)), iamSdk, name, input);
  // biome-ignore lint/suspicious/noExplicitAny: the same
  const sts = (name: string, input: Input = {}, as = credentialsOf('secops-1')): Promise<any> =>
    sendNamed(new stsSdk.STSClient(config(as)), stsSdk, name, input);
  const control = (given: Settings) => setControl(practice, given);
  const listKeys = (as = own) => practice.kms('us-east-1', as).send(new ListKeysCommand({}));
  return { ...practice, iam, sts, control, listKeys };
}

test('the operators of conditions compare as those of IAM do', () => {
  const keys = {
    'test:text': 'Blue',
    'test:number': '7',
    'test:date': '2026-11-27T00:00:00Z',
    'test:arn': 'arn:aws:iam::111122223333:role/a',
    'test:ip6': '2001:db8::1',
    'test:ip4': '10.1.2.3',
    'test:flag': 'true',
    'test:list': ['red', 'blue'],
    'test:none': [],
  };
  const rows: ReadonlyArray<readonly [operator: string, name: string, wanted: unknown, isMet: boolean]> = [
    ['StringEquals', 'text', 'Blue', true],
    ['StringEquals', 'text', 'blue', false],
    ['StringEquals', 'TEXT', ['red', 'Blue'], true],
    ['StringNotEquals', 'text', ['red', 'Blue'], false],
    ['StringEqualsIgnoreCase', 'text', 'bLUE', true],
    ['StringNotEqualsIgnoreCase', 'text', 'bLUE', false],
    ['StringLike', 'text', 'Bl?e', true],
    ['StringNotLike', 'text', 'B*', false],
    ['ArnLike', 'arn', 'arn:aws:iam::*:role/*', true],
    ['ArnEquals', 'arn', 'arn:aws:iam::*:role/b', false],
    ['ArnNotLike', 'arn', 'arn:aws:iam::*:role/b', true],
    ['NumericEquals', 'number', '7.0', true],
    ['NumericNotEquals', 'number', 7, false],
    ['NumericLessThan', 'number', 7, false],
    ['NumericLessThanEquals', 'number', 7, true],
    ['NumericGreaterThan', 'number', 7, false],
    ['NumericGreaterThan', 'number', 6, true],
    ['NumericGreaterThanEquals', 'number', 7, true],
    ['NumericLessThan', 'number', 8, true],
    ['DateEquals', 'date', '2026-11-27T01:00:00+01:00', true],
    ['DateLessThan', 'date', '2026-11-28T00:00:00Z', true],
    ['DateGreaterThan', 'date', '2026-11-28T00:00:00Z', false],
    ['DateGreaterThanEquals', 'date', '2026-11-27T00:00:00Z', true],
    ['IpAddress', 'ip6', '2001:db8::/32', true],
    ['NotIpAddress', 'ip6', '2001:db8::1', false],
    ['IpAddress', 'ip6', '2001:db8::2', false],
    ['IpAddress', 'ip6', 'no address', false],
    ['NotIpAddress', 'ip6', '10.0.0.0/99', true],
    ['IpAddress', 'ip6', '10.0.0.0/8', false],
    ['IpAddress', 'ip4', '10.0.0.0/8', true],
    ['IpAddress', 'ip4', '10.1.2.0/25', true],
    ['IpAddress', 'ip4', '10.1.2.3', true],
    ['IpAddress', 'ip4', '10.1.2.4', false],
    ['NotIpAddress', 'ip4', ['11.0.0.0/8', '10.1.0.0/16'], false],
    ['IpAddress', 'ip4', '2001:db8::/32', false],
    ['IpAddress', 'text', '10.0.0.0/8', false],
    ['Bool', 'flag', true, true],
    ['Bool', 'flag', 'True', true],
    ['Bool', 'flag', 'false', false],
    ['NumericEquals', 'text', 7, false],
    ['NumericGreaterThan', 'number', 'many', false],
    ['NumericLessThanEquals', 'number', 6, false],
    ['NumericGreaterThanEquals', 'number', 8, false],
    ['DateLessThanEquals', 'date', '2026-11-27T00:00:00Z', true],
    ['DateNotEquals', 'date', '2026-11-27T00:00:00Z', false],
    ['Null', 'text', 'false', true],
    ['Null', 'absent', 'false', false],
    ['Null', 'absent', 'true', true],
    ['Null', 'text', true, false],
    ['StringEquals', 'absent', 'a', false],
    ['StringNotEquals', 'absent', 'a', true],
    ['StringEqualsIfExists', 'absent', 'a', true],
    ['StringEqualsIfExists', 'text', 'a', false],
    ['ForAllValues:StringEquals', 'absent', 'a', true],
    ['ForAnyValue:StringEquals', 'absent', 'a', false],
    ['ForAnyValue:StringNotEquals', 'absent', 'a', false],
    ['ForAnyValue:StringLike', 'text', ['x', 'B*'], true],
    ['ForAnyValue:StringEquals', 'list', ['blue', 'green'], true],
    ['ForAnyValue:StringEquals', 'list', 'green', false],
    ['ForAllValues:StringEquals', 'list', ['blue', 'green'], false],
    ['ForAllValues:StringEquals', 'list', ['blue', 'green', 'red'], true],
    ['ForAllValues:StringNotEquals', 'list', 'red', false],
    ['ForAnyValue:StringNotEquals', 'list', 'red', true],
    ['ForAnyValue:StringEqualsIfExists', 'absent', 'red', true],
    ['ForAllValues:StringLike', 'none', 'red', true],
    ['ForAnyValue:StringLike', 'none', 'red', false],
    ['Colour', 'text', 'Blue', false],
    ['Any:StringEquals', 'text', 'Blue', false],
    ['NotColour', 'text', 'red', false],
  ];
  for (const [operator, name, wanted, isMet] of rows) {
    const Condition = { [operator]: { [`test:${name}`]: wanted } };
    assert.equal(areConditionsMet(Condition, keys), isMet, JSON.stringify(Condition));
  }
  // All conditions of a statement count, those of one operator and those of several.
  const [right, wrong] = [{ 'test:text': 'Blue' }, { 'test:number': '8' }];
  assert.ok(areConditionsMet({ StringEquals: { ...right, 'test:flag': 'true' }, NumericLessThan: wrong }, keys));
  assert.equal(areConditionsMet({ StringEquals: { ...right, ...wrong } }, keys), false);
  assert.equal(areConditionsMet({ StringEquals: right, NumericGreaterThan: wrong }, keys), false);
  for (const none of [undefined, {}, { StringEquals: null }]) assert.ok(areConditionsMet(none, keys));
});

test('a policy may ask for the time of a request and for the unique id of its caller', async (t) => {
  const { control, listKeys } = await withIam(t);
  for (const [Condition, isMet] of [
    [{ DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, true],
    [{ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, false],
    [{ StringLike: { 'aws:userid': 'AROA*:you' } }, true],
    [{ StringLike: { 'aws:userid': '*:another' } }, false],
    // A role has no user name.
    [{ StringLike: { 'aws:username': '*' } }, false],
  ] as const) {
    control(policies(allow('*', { Condition })));
    const name = await listKeys().then(
      () => undefined,
      (error: Error) => error.name,
    );
    assert.equal(name, isMet ? undefined : 'AccessDeniedException', JSON.stringify(Condition));
  }
});

test('a statement is about what it names, or about all but what it leaves out', async (t) => {
  const { control, iam } = await withIam(t);
  const role = arnOf('role/application/app-deployer');
  const isAllowed = async (RoleName: string) =>
    iam('GetRole', { RoleName }).then(
      () => true,
      (error: Error) => error.name !== 'AccessDenied',
    );
  for (const [statement, deployer, auditor, nobody] of [
    [allow('iam:GetRole', { Resource: role }), true, false, false],
    [allow('iam:Get*', { Resource: undefined, NotResource: role }), false, true, true],
    [allow('iam:GetRole', { Resource: [arnOf('role/Auditor'), arnOf('role/nobody')] }), false, true, true],
    [allow(undefined, { Action: undefined, NotAction: 'iam:GetRole' }), false, false, false],
    [allow('iam:getrole', { Resource: arnOf('role/application/*') }), true, false, false],
    [allow('iam:GetRole', { Resource: undefined }), false, false, false],
  ] as const) {
    control(policies(statement));
    const found = [await isAllowed('app-deployer'), await isAllowed('Auditor'), await isAllowed('nobody')];
    assert.deepEqual(found, [deployer, auditor, nobody], JSON.stringify(statement));
  }
  control(
    policies(
      allow('iam:ListRoles', { Resource: arnOf('role/') }),
      allow('iam:GetUser', { Resource: arnOf('user/bob') }),
    ),
  );
  await iam('ListRoles');
  await refused(iam('ListUsers'), 'AccessDenied');
  await iam('GetUser', { UserName: 'bob' });
  await refused(iam('GetUser', { UserName: 'alice' }), 'AccessDenied');
});

test('CreateKey can be limited to what a key is made of and for', async (t) => {
  const { control, kms } = await withIam(t);
  const create = (more: object = {}) =>
    kms().send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', ...more }),
    );
  for (const [name, right, wrong] of [
    ['KeyOrigin', 'EXTERNAL', 'AWS_KMS'],
    ['KeySpec', 'HMAC_256', 'SYMMETRIC_DEFAULT'],
    ['KeyUsage', 'GENERATE_VERIFY_MAC', 'ENCRYPT_DECRYPT'],
    ['MultiRegion', 'false', 'true'],
    ['CallerAccount', account, '111122223333'],
  ] as const) {
    const limit = (value: string) =>
      control(policies(allow('kms:CreateKey', { Condition: { StringEquals: { [`kms:${name}`]: value } } })));
    limit(wrong);
    await refused(create(), 'AccessDeniedException');
    limit(right);
    await create();
  }
  // What a request leaves out counts as what KMS takes for it.
  const StringEquals = {
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:KeySpec': 'SYMMETRIC_DEFAULT',
    'kms:KeyUsage': 'ENCRYPT_DECRYPT',
    'kms:MultiRegionKeyType': 'PRIMARY',
  };
  control(policies(allow('kms:CreateKey', { Condition: { StringEquals } })));
  await kms().send(new CreateKeyCommand({ MultiRegion: true }));
  await refused(kms().send(new CreateKeyCommand({})), 'AccessDeniedException');
});

test('the control file can deny beside the policies that it sets, and beside what the flags deny', async (t) => {
  const settings = { deny: { SecurityAdmin: ['kms:ListAliases'] } };
  const practice = await practise(t, { settings });
  const kms = practice.kms();
  await kms.send(new ListKeysCommand({}));
  setControl(practice, { ...policies(allow('*')), deny: { SecurityAdmin: ['kms:ListKeys'] } });
  await refused(kms.send(new ListKeysCommand({})), 'AccessDeniedException');
  await refused(kms.send(new ListAliasesCommand({})), 'AccessDeniedException');
});

test('lists of IAM take a size of 1 to 1000, a path and a marker of their own', async (t) => {
  const { iam } = await withIam(t);
  const ofSize = (MaxItems: number) => iam('ListUsers', { MaxItems });
  const start = "1 validation error detected: Value '";
  const rule = "' at 'maxItems' failed to satisfy constraint: Member must have value";
  await refused(ofSize(1001), 'ValidationError', `${start}1001${rule} less than or equal to 1000`);
  await refused(ofSize(0), 'ValidationError', `${start}0${rule} greater than or equal to 1`);
  await refused(iam('ListRoles', { Marker: 'x' }), 'ValidationError', 'Invalid Marker: x');
  const first = await ofSize(39);
  assert.deepEqual([first.Users.length, first.IsTruncated], [39, true]);
  const rest = await iam('ListUsers', { Marker: first.Marker });
  assert.deepEqual([rest.Users.length, rest.IsTruncated, rest.Marker], [1, false, undefined]);
  assert.match(first.Users[0].UserId, /^AIDA[A-Z2-7]{17}$/);
  assert.match((await iam('GetRole', { RoleName: 'Auditor' })).Role.RoleId, /^AROA[A-Z2-7]{17}$/);
  const names = [...first.Users, ...rest.Users].map(({ UserName }: Input) => String(UserName).toLowerCase());
  assert.deepEqual(names, names.toSorted());
  const { Roles } = await iam('ListRoles', { PathPrefix: '/application/payments/' });
  assert.deepEqual(
    Roles.map(({ RoleName, MaxSessionDuration }: Input) => [RoleName, MaxSessionDuration]),
    ['card-vault', 'payout-worker', 'reconciliation'].map((name) => [name, 3600]),
  );
  await refused(
    iam('GetRole', { RoleName: 'nobody' }),
    'NoSuchEntityException',
    'The role with name nobody cannot be found.',
  );
});

test('a role says whom it trusts: the account, with MFA where it wants it, or a service', async (t) => {
  const { iam, server } = await withIam(t);
  const trust = async (RoleName: string) =>
    JSON.parse(decodeURIComponent((await iam('GetRole', { RoleName })).Role.AssumeRolePolicyDocument)).Statement[0];
  const { Condition, Principal } = await trust('BreakGlass');
  assert.deepEqual(
    [Condition, Principal],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, { AWS: arnOf('root') }],
  );
  assert.equal((await trust('Auditor')).Condition, undefined);
  const linked = await trust('AWSServiceRoleForECS');
  assert.deepEqual([linked.Principal, linked.Action], [{ Service: 'ecs.amazonaws.com' }, 'sts:AssumeRole']);
  const { User } = await iam('GetUser', {}, server.credentialsOf('root'));
  assert.deepEqual([User.UserName, User.Arn], [undefined, arnOf('root')]);
});

test('roles of services and of Identity Center cannot be assumed, and names and lives of sessions have bounds', async (t) => {
  const { sts, server } = await withIam(t);
  const assume = (name: string, more: Input = {}) =>
    sts('AssumeRole', { RoleArn: arnOf(`role${name}`), RoleSessionName: 'at-work', ...more });
  for (const name of [
    '/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
    '/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071',
    '/app-deployer',
  ])
    await assert.rejects(assume(name), /because no role trust policy allows the sts:AssumeRole action$/);
  for (const RoleSessionName of ['a', 'a'.repeat(65), 'a b'])
    await refused(assume('/Auditor', { RoleSessionName }), 'ValidationError');
  for (const RoleSessionName of ['ab', 'a'.repeat(64)])
    await assume('/Auditor', { RoleSessionName, DurationSeconds: 900 });
  const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }];
  await refused(assume('/Auditor', { PolicyArns }), 'MalformedPolicyDocumentException');
  await refused(sts('GetFederationToken', { Name: 'n'.repeat(33) }), 'ValidationError');
  const lives = async (input: Input, as?: Credentials) => {
    const { Credentials: given } = await sts('GetSessionToken', input, as);
    return Math.round((given.Expiration.getTime() - Date.now()) / 60_000);
  };
  const root = server.credentialsOf('root');
  assert.deepEqual(
    [await lives({}), await lives({ DurationSeconds: 129_600 }), await lives({}, root)],
    [720, 2160, 60],
  );
  for (const [DurationSeconds, as] of [
    [129_601, undefined],
    [3601, root],
    [899, undefined],
  ] as const)
    await refused(lives({ DurationSeconds }, as), 'ValidationError');
});

test('a session policy limits the session of a role too, and MFA shows in what the session does', async (t) => {
  const { iam, sts, listKeys, control } = await withIam(t);
  const assumed = async (more: Input) =>
    credentialsIn(await sts('AssumeRole', { RoleArn: me, RoleSessionName: 'at-work', ...more }));
  await listKeys(await assumed({}));
  const Policy = JSON.stringify({ Statement: [allow('s3:*')] });
  await assert.rejects(
    listKeys(await assumed({ Policy })),
    /because no session policy allows the kms:ListKeys action$/,
  );
  const shown = { SerialNumber: arnOf('mfa/secops-1'), TokenCode: '123456' };
  const [withMfa, without] = [
    credentialsIn(await sts('GetSessionToken', shown)),
    credentialsIn(await sts('GetSessionToken')),
  ];
  const Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  control({ policies: { 'secops-1': [{ Statement: [allow('kms:ListKeys', { Condition })] }] } });
  await listKeys(withMfa);
  await refused(listKeys(without), 'AccessDeniedException');
  // The session of a role or of a federated user never counts as one with MFA, even if its caller showed a code.
  control(policies(allow('kms:ListKeys', { Condition })));
  await refused(listKeys(await assumed(shown)), 'AccessDeniedException');
  control({});
  const withPolicy = (more: object) => ({ Name: 'kim', Policy: JSON.stringify({ Statement: [allow('kms:*', more)] }) });
  const federated = async (more: object) => credentialsIn(await sts('GetFederationToken', withPolicy(more)));
  await listKeys(await federated({}));
  await refused(listKeys(await federated({ Condition })), 'AccessDeniedException');
  await refused(listKeys(credentialsIn(await sts('GetFederationToken', { Name: 'kim' }))), 'AccessDeniedException');
  // What temporary access keys may ask of STS and IAM depends on where they are from.
  const kim = await federated({});
  await sts('GetCallerIdentity', {}, kim);
  await iam('ListUsers', {}, withMfa);
  const unknown = 'The security token included in the request is invalid.';
  await refused(sts('GetSessionToken', {}, kim), 'InvalidClientTokenId', unknown);
  for (const as of [kim, without]) await refused(iam('ListUsers', {}, as), 'InvalidClientTokenId', unknown);
  const half = 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.';
  for (const [name, value] of Object.entries(shown))
    await refused(sts('GetSessionToken', { [name]: value }), 'AccessDenied', half);
});

test('a simulation names the template of its resource, takes keys with several values, and refuses what it cannot do', async (t) => {
  const { iam, control } = await withIam(t);
  const simulate = (more: Input = {}) =>
    iam('SimulatePrincipalPolicy', { PolicySourceArn: me, ActionNames: ['kms:TagResource'], ...more });
  const part = (...names: string[]) => names.map((name) => `\${${name}}`);
  const [partition, region, owner] = part('Partition', 'Region', 'Account');
  for (const [resource, template] of [
    [`arn:aws:kms:us-east-1:${account}:key/a`, `arn:${partition}:kms:${region}:${owner}:key/${part('KeyId')}`],
    [`arn:aws:kms:us-east-1:${account}:alias/a`, `arn:${partition}:kms:${region}:${owner}:alias/${part('Alias')}`],
    ['arn:aws:s3:::bucket', `arn:${partition}:s3:::${part('BucketName')}`],
    ['arn:aws:sqs:us-east-1:000000000000:queue', '*'],
  ] as const) {
    const [result] = (await simulate({ ResourceArns: [resource] })).EvaluationResults;
    assert.deepEqual(
      [result.EvalResourceName, result.ResourceSpecificResults[0].EvalResourceName],
      [template, resource],
    );
  }
  const many = ['a', 'b', 'c'].map((name) => `kms:${name}`);
  const page = await simulate({ ActionNames: many, MaxItems: 2 });
  const shown = ({ EvaluationResults, IsTruncated, Marker }: Awaited<ReturnType<typeof simulate>>) => [
    EvaluationResults.map(({ EvalActionName }: Input) => EvalActionName),
    IsTruncated,
    Marker !== undefined,
  ];
  assert.deepEqual(shown(page), [many.slice(0, 2), true, true]);
  const rest = await simulate({ ActionNames: many, MaxItems: 2, Marker: page.Marker });
  assert.deepEqual(shown(rest), [many.slice(2), false, false]);
  assert.deepEqual(shown(await simulate({ ActionNames: many, MaxItems: 3 })), [many, false, false]);
  const [ofUser] = (await simulate({ PolicySourceArn: arnOf('user/bob') })).EvaluationResults;
  assert.equal(ofUser.EvalDecision, 'implicitDeny');

  const condition = { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] }, Null: { 'aws:TagKeys': 'false' } };
  control(policies(allow('kms:TagResource', { Condition: condition }), allow('iam:*')));
  const decide = async (ContextKeyType: string, ...ContextKeyValues: string[]) => {
    const ContextEntries = [{ ContextKeyName: 'aws:TagKeys', ContextKeyType, ContextKeyValues }];
    return (await simulate({ ContextEntries })).EvaluationResults[0].EvalDecision;
  };
  assert.deepEqual(
    [await decide('stringList', 'a', 'b'), await decide('stringList', 'a', 'c'), await decide('string', 'b', 'c')],
    ['allowed', 'implicitDeny', 'allowed'],
  );
  for (const [more, refusedPart] of [
    [{ PolicyInputList: ['{}'] }, 'PolicyInputList'],
    [{ CallerArn: arnOf('user/bob') }, 'CallerArn'],
    [{ PermissionsBoundaryPolicyInputList: ['{}'] }, 'PermissionsBoundaryPolicyInputList'],
    [{ ResourceOwner: arnOf('root') }, 'ResourceOwner'],
    [{ ResourceHandlingOption: 'EC2-VPC' }, 'ResourceHandlingOption'],
  ] as const) {
    const words = `Practice AWS does not simulate SimulatePrincipalPolicy with ${refusedPart}.`;
    await refused(simulate(more), 'InvalidInputException', words);
  }
  const session = `arn:aws:sts::${account}:assumed-role/SecurityAdmin/you`;
  for (const PolicySourceArn of [session, `x${me}`, arnOf('root')])
    await assert.rejects(simulate({ PolicySourceArn }), /does not clearly define entity type and name\.$/);
  await refused(simulate({ PolicySourceArn: arnOf('user/nobody') }), 'NoSuchEntityException');
});

test('STS and IAM tell an unknown operation, and what is wrong with a signature, in their own way', async (t) => {
  const { server, control } = await withIam(t);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const ask = async (more: object, body = 'Action=GetCallerIdentity&Version=2011-06-15', service = 'sts') => {
    const { status, text } = await send(server, { service, method: 'POST', headers: form, body, ...more });
    const [, type] = /<Type>(\w+)</.exec(text) ?? [];
    return [status, type, /<Code>(\w+)</.exec(text)?.[1]].filter((value) => value !== undefined).join(' ');
  };
  const action = '400 Sender InvalidAction';
  assert.equal(await ask({}, 'Action=Nothing&Version=2011-06-15'), action);
  assert.equal(await ask({}, 'Action=toString&Version=2011-06-15'), action);
  assert.equal(await ask({}, 'Action=GetCallerIdentity&Version=2010-05-08'), action);
  assert.equal(await ask({}, 'Action=GetUser&Version=2011-06-15', 'iam'), action);
  const inQuery = { query: 'Action=GetCallerIdentity&Version=2011-06-15', method: 'GET' };
  assert.equal(await ask(inQuery, ''), '200');
  const day = 24 * 60 * 60_000;
  for (const [change, expected] of [
    [{ at: new Date(Date.now() - day) }, '403 Sender SignatureDoesNotMatch'],
    [{ at: new Date(Date.now() + day) }, '403 Sender SignatureDoesNotMatch'],
    [{ region: 'nowhere' }, '403 Sender SignatureDoesNotMatch'],
    [{ headers: { ...form, 'x-amz-security-token': 'another' } }, '403 Sender InvalidClientTokenId'],
    [{ after: { host: 'localhost:1' } }, '403 Sender SignatureDoesNotMatch'],
  ] as const)
    assert.equal(await ask(change), expected, JSON.stringify(change));
  control({ faults: [{ operation: 'sts', do: 'fail', times: 1 }] });
  assert.equal(await ask({}), '500 Receiver InternalFailure');
  // A clock may be a quarter of an hour off.
  for (const minutes of [-14, 14]) assert.equal(await ask({ at: new Date(Date.now() + minutes * 60_000) }), '200');
  for (const minutes of [-16, 16])
    assert.equal(await ask({ at: new Date(Date.now() + minutes * 60_000) }), '403 Sender SignatureDoesNotMatch');
});
