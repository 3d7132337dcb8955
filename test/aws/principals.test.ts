import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { makeAskIam } from '../../source/aws/asking-iam.ts';
import { findCallerPrincipal } from '../../source/aws/caller-principal.ts';
import { findPrincipal, listPrincipals, principalName } from '../../source/aws/identity.ts';
import { between } from '../faults/between.ts';
import { practise } from '../practice/practising.ts';
import { answeringIam, refusal } from './answering-clients.ts';
import { clientsAt } from './clients-at.ts';
import { writeConfig } from './shared-config-file.ts';

/** Clients of practice AWS, through a proxy that may change what AWS answers. */
async function connected(t: TestContext) {
  const { server } = await practise(t);
  const proxy = await between(server.endpoint);
  t.after(proxy.close);
  const clients = await clientsAt(t, proxy.endpoint, { keys: server.credentials });
  return { clients, decide: proxy.decide };
}

test('roles and users are asked for a thousand at a time', async (t) => {
  const { clients } = await connected(t);
  const asked: (readonly [string | undefined, number | undefined])[] = [];
  clients.iam.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        asked.push([commandName, (args.input as { readonly MaxItems?: number }).MaxItems]);
        return next(args);
      },
    { step: 'initialize' },
  );
  const found: string[] = [];
  for await (const page of listPrincipals(clients)) found.push(...page.map(({ kind }) => kind));
  assert.deepEqual(new Set(found), new Set(['role', 'user']));
  assert.deepEqual(asked, [
    ['ListRolesCommand', 1000],
    ['ListUsersCommand', 1000],
  ]);
});

test('a role of an AWS service is not offered', async (t) => {
  const { clients, decide } = await connected(t);
  const names = async () => {
    const found: string[] = [];
    for await (const page of listPrincipals(clients)) found.push(...page.map(({ name }) => name));
    return found;
  };
  const [first] = await names();
  decide((call) =>
    call === 'iam:ListRoles'
      ? { changeBody: (body) => body.replace(/<Path>[^<]*/, '<Path>/aws-service-role/s3.amazonaws.com/') }
      : undefined,
  );
  const left = await names();
  assert.ok(left.length > 0 && !left.includes(first ?? ''), `${first} in ${left}`);
});

test('a role and a user are told with their paths', async (t) => {
  const { clients, decide } = await connected(t);
  decide(() => ({ changeBody: (body) => body.replaceAll(/<Path>[^<]*/g, '<Path>/teams/') }));
  const found: (readonly [string, string])[] = [];
  for await (const page of listPrincipals(clients)) found.push(...page.map(({ kind, path }) => [kind, path] as const));
  assert.deepEqual(new Set(found.map(String)), new Set(['role,/teams/', 'user,/teams/']));
});

test('the roles and users of an account are told as IAM lists them', async () => {
  const iam = answeringIam((_, command) => ({
    Roles: [
      { Arn: 'arn:r', RoleName: 'Admin', Path: '/teams/' },
      { Arn: 'arn:s', RoleName: 'Linked', Path: '/aws-service-role/x/' },
    ].map((each) => ({ ...each, RoleId: '', CreateDate: undefined })),
    ...(command === 'ListUsers'
      ? { Users: [{ Arn: 'arn:u', UserName: 'alice', Path: undefined, UserId: '', CreateDate: undefined }] }
      : {}),
  }));
  const found: unknown[] = [];
  for await (const page of listPrincipals({ iam } as Parameters<typeof listPrincipals>[0])) found.push(...page);
  assert.deepEqual(found, [
    { arn: 'arn:r', kind: 'role', name: 'Admin', path: '/teams/' },
    { arn: 'arn:u', kind: 'user', name: 'alice', path: '/' },
  ]);
});

type Answers = {
  readonly get: () => object;
  readonly list?: () => object;
  readonly profile?: string | undefined;
};

/** Clients of an IAM that answers GetRole and GetUser, and then ListRoles, with these. */
function askedOf(answers: Answers) {
  const asked: object[] = [];
  const iam = answeringIam((input) => {
    asked.push(input);
    const isGet = 'RoleName' in input || 'UserName' in input;
    return (isGet ? answers.get() : answers.list?.()) ?? {};
  });
  return { iam, askIam: makeAskIam(), profile: answers.profile, asked };
}

const denied = () => refusal('AccessDenied', 403);
const absent = () => refusal('NoSuchEntityException', 404);

test('a user or role is there, absent, or elsewhere under another path, or nobody knows', async () => {
  const role = 'arn:aws:iam::000000000000:role/teams/Admin';
  const lookup = (get: () => object, arn = role) => findPrincipal(askedOf({ get }), arn);
  const known = (Arn: string) => () => ({ Role: { Arn } });
  assert.deepEqual(await lookup(known(role)), { is: 'there' });
  const other = 'arn:aws:iam::000000000000:role/Admin';
  assert.deepEqual(await lookup(known(other)), { is: 'elsewhere', arn: other });
  assert.deepEqual(await lookup(absent), { is: 'absent' });
  assert.deepEqual(await lookup(() => ({})), { is: 'absent' });
  assert.deepEqual(await lookup(denied), { is: 'unknown', why: 'IAM refused the question' });
  const user = 'arn:aws:iam::000000000000:user/alice';
  assert.deepEqual(await lookup(() => ({ User: { Arn: user } }), user), { is: 'there' });
});

test('IAM is asked for the name alone, and for the roles of Identity Center by their path', async () => {
  const named = askedOf({ get: absent });
  for (const arn of ['role/teams/Admin', 'user/a/b/alice'])
    await findPrincipal(named, `arn:aws:iam::000000000000:${arn}`);
  assert.deepEqual(named.asked, [{ RoleName: 'Admin' }, { UserName: 'alice' }]);
  for (const [role, path] of [
    ['AWSReservedSSO_Admin_0a1b2c3d4e5f6071', '/aws-reserved/sso.amazonaws.com/'],
    ['Admin', '/'],
  ]) {
    const clients = askedOf({ get: denied, list: denied });
    const arn = `arn:aws:sts::000000000000:assumed-role/${role}/me`;
    await findCallerPrincipal(clients, { accountId: '000000000000', partition: 'aws', arn });
    assert.equal((clients.asked.at(-1) as { PathPrefix?: string }).PathPrefix, path);
  }
});

test('where GetRole is refused and the list cannot be read, the reason of the list is told', async () => {
  const clients = askedOf({ get: denied, list: () => refusal('ServiceFailure', 500) });
  const arn = 'arn:aws:sts::000000000000:assumed-role/Admin/me';
  const found = await findCallerPrincipal(clients, { accountId: '000000000000', partition: 'aws', arn });
  assert.deepEqual(found, { is: 'unknown', why: 'IAM gave no answer that can be read' });
});

test('no ARN is made up for a role that Identity Center did not make, or that IAM does not have', async (t) => {
  const ops = (more: string) =>
    `[profile ops]\nsso_account_id = 000000000000\nsso_role_name = Admin\n${more}[sso-session corp]\nsso_region = eu-west-1\n`;
  writeConfig(t, ops('sso_session = corp\nsso_region = us-east-1\n'));
  const found = async (role: string, given: Partial<Answers> = {}, accountId = '000000000000', partition = 'aws') => {
    const arn = `arn:${partition}:sts::${accountId}:assumed-role/${role}/me`;
    const clients = askedOf({ get: denied, list: denied, profile: 'ops', ...given });
    const principal = await findCallerPrincipal(clients, { accountId, partition, arn });
    return [principal.is, 'arn' in principal ? principal.arn : principal.why];
  };
  const name = 'AWSReservedSSO_Admin_0a1b2c3d4e5f6071';
  const path = 'arn:aws:iam::000000000000:role/aws-reserved/sso.amazonaws.com/eu-west-1/';
  // The Region of the session counts before that of the profile.
  assert.deepEqual(await found(name), ['derived', `${path}${name}`]);
  for (const other of [
    `${name}0`,
    name.slice(0, -1),
    name.replace('0a', '0A'),
    name.replace('Admin', 'Audit'),
    'Admin',
  ])
    assert.deepEqual(await found(other), ['unknown', 'IAM refused the question'], other);
  // The profile is that of the account, its partition is known, and there is one.
  const nobody = ['unknown', 'IAM refused the question'];
  assert.deepEqual(await found(name, {}, '111122223333'), nobody);
  assert.deepEqual(await found(name, {}, '000000000000', 'aws-cn'), nobody);
  assert.deepEqual(await found(name, {}, '000000000000', 'aws-us-gov'), [
    'derived',
    `${path.replace('arn:aws:', 'arn:aws-us-gov:')}${name}`,
  ]);
  for (const profile of [undefined, 'gone']) assert.deepEqual(await found(name, { profile }), nobody);
  assert.deepEqual(await found(name, { get: absent }), ['unknown', `IAM has no role ${name}`]);
  // What IAM says is believed only where it is the ARN of a role, and the list only where it has the whole name.
  const listed = {
    Roles: [
      { RoleName: `${name}0`, Arn: `${path}x` },
      { RoleName: name, Arn: `${path}${name}` },
    ],
  };
  const odd = { get: () => ({ Role: { Arn: 'arn:aws:iam::000000000000:role/*' } }), list: () => listed };
  assert.deepEqual(await found(name, odd), ['known', `${path}${name}`]);
  const short = { ...odd, list: () => ({ Roles: [listed.Roles[0]] }) };
  assert.deepEqual(await found(name, short), ['derived', `${path}${name}`]);
  writeConfig(t, ops('sso_session = corp\n').replace('eu-west-1', 'us-east-1'));
  assert.deepEqual(await found(name), ['derived', `${path.replace('eu-west-1/', '')}${name}`]);
  writeConfig(t, ops('sso_region = eu-west-1\n'));
  assert.deepEqual(await found(name), ['derived', `${path}${name}`]);
  writeConfig(t, ops(''));
  assert.deepEqual(await found(name), nobody);
});

test('the caller is known without a question, by one question, or by the list where that does not tell', async () => {
  const role = 'arn:aws:iam::000000000000:role/teams/Admin';
  const told = async (arn: string, answers: Answers) => {
    const clients = askedOf(answers);
    const { is, ...more } = await findCallerPrincipal(clients, { accountId: '000000000000', partition: 'aws', arn });
    return [is, 'arn' in more ? more.arn : more.why, clients.asked.length];
  };
  const session = 'arn:aws:sts::000000000000:assumed-role/Admin/me';
  const federated = 'arn:aws:sts::000000000000:federated-user/ana';
  const known = () => ({ Role: { Arn: role } });
  const lists = { get: denied, list: () => ({ Roles: [{ RoleName: 'Admin', Arn: role }] }) };
  const why = 'a federated user has no user or role of its own';
  assert.deepEqual(await told(federated, { get: known }), ['unknown', why, 0]);
  assert.deepEqual(await told(role, { get: denied }), ['known', role, 0]);
  assert.deepEqual(await told(session, { get: known, list: denied }), ['known', role, 1]);
  assert.deepEqual(await told(session, lists), ['known', role, 2]);
  assert.deepEqual(await told(session, { get: denied, list: () => ({ Roles: [] }) }), [
    'unknown',
    'IAM does not list the role Admin',
    2,
  ]);
});

test('a principal goes by the short name that people know', () => {
  for (const [arn, name] of [
    ['arn:aws:iam::000000000000:role/a/b/Admin', 'role Admin'],
    ['arn:aws:sts::000000000000:assumed-role/Admin/me', 'role Admin'],
    ['arn:aws:sts::000000000000:federated-user/ana', 'federated user ana'],
    ['arn:aws:iam::000000000000:root', 'account root'],
    ['444455556666', 'account 444455556666'],
    ['arn:aws:iam::000000000000:user/a/b/alice', 'user alice'],
  ] as const)
    assert.equal(principalName(arn), name);
});
