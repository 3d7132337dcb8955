import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { answersFile, exampleWith } from './answers.ts';
import { environmentKeys, identityWorld, profileKeys } from './identity-world.ts';
import { roleService } from './role-service.ts';

const { securityAdmin, secops1, appDeployer } = practiceIdentities;
const keyOf = { admin: securityAdmin.credentials.accessKeyId, user: secops1.credentials.accessKeyId };
const roleKey = appDeployer.credentials.accessKeyId;
const role = `role_arn = ${appDeployer.principal.arn}`;
const startUrl = 'https://corp.example/start';
const login = appDeployer.arn;

const config = `
[default]
${profileKeys('secops1')}
[profile keys]
${profileKeys('secops1')}
[profile process]
credential_process = cat credentials.json
[profile role]
${role}
source_profile = keys
[profile role-of-process]
${role}
source_profile = process
[profile own-role]
${role}
source_profile = own-role
${profileKeys('secops1')}
[profile instance]
${role}
credential_source = Ec2InstanceMetadata
[profile container]
${role}
credential_source = EcsContainer
[profile environment]
${role}
credential_source = Environment
[profile instance-alone]
credential_source = Ec2InstanceMetadata
[profile role-of-instance]
${role}
source_profile = instance-alone
[profile web]
${role}
web_identity_token_file = token
[profile sso]
sso_start_url = ${startUrl}
sso_region = eu-west-1
sso_account_id = 000000000000
sso_role_name = app-deployer
[profile console]
login_session = ${login}
`;

/** What lies in the home beside the config: what a program of a profile prints, and what has signed in before. */
function prepareHome(folder: string): void {
  const { accessKeyId, secretAccessKey } = secops1.credentials;
  const later = new Date(Date.now() + 6 * 3_600_000).toISOString();
  const keys = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
  writeFileSync(join(folder, 'credentials.json'), JSON.stringify({ Version: 1, ...keys }));
  writeFileSync(join(folder, 'token'), 'a.web.identity');
  const caches = { sso: join(folder, '.aws', 'sso', 'cache'), login: join(folder, '.aws', 'login', 'cache') };
  for (const cache of Object.values(caches)) mkdirSync(cache, { recursive: true });
  const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
  writeFileSync(
    join(caches.sso, `${hash('sha1', startUrl)}.json`),
    JSON.stringify({ accessToken: 'x', expiresAt: later }),
  );
  const accessToken = { ...appDeployer.credentials, accountId: '000000000000', expiresAt: later };
  writeFileSync(
    join(caches.login, `${hash('sha256', login)}.json`),
    JSON.stringify({ accessToken, clientId: 'x', refreshToken: 'x', dpopKey: 'x' }),
  );
}

/** Each way of a profile: who then signs what goes to KMS, who has asked for a role, and whether the machine was asked. */
const ways: readonly (readonly [
  profile: string,
  signer: string,
  asked: readonly (readonly [action: RegExp, signedBy: string | undefined])[],
  machine: RegExp | undefined,
])[] = [
  ['keys', keyOf.user, [], undefined],
  ['process', keyOf.user, [], undefined],
  ['role', roleKey, [[/^AssumeRole$/, keyOf.user]], undefined],
  ['role-of-process', roleKey, [[/^AssumeRole$/, keyOf.user]], undefined],
  ['own-role', roleKey, [[/^AssumeRole$/, keyOf.user]], undefined],
  ['instance', roleKey, [[/^AssumeRole$/, keyOf.admin]], /security-credentials/],
  ['container', roleKey, [[/^AssumeRole$/, keyOf.admin]], /container/],
  ['environment', roleKey, [[/^AssumeRole$/, roleKey]], undefined],
  ['instance-alone', keyOf.admin, [], /security-credentials/],
  ['role-of-instance', roleKey, [[/^AssumeRole$/, keyOf.admin]], /security-credentials/],
  ['web', roleKey, [[/^AssumeRoleWithWebIdentity$/, undefined]], undefined],
  ['sso', roleKey, [[/^GET \/federation\/credentials/, undefined]], undefined],
  ['console', roleKey, [], undefined],
];

test('every way of a profile gives its own identity, whatever else is at hand', async (t) => {
  const world = await identityWorld(t, config);
  const service = await roleService(t, appDeployer);
  const { folder, machine, requests } = world;
  prepareHome(folder);
  for (const [profile, signer, asked, machineAsked] of ways) {
    await t.test(profile, async () => {
      for (const list of [requests, service.asked, machine.asked]) list.length = 0;
      const others = {
        ...service.environment,
        ...machine.instance,
        ...machine.container,
        ...environmentKeys('appDeployer'),
        AWS_PROFILE: 'keys',
      };
      const { status, stderr } = await world.run(['unfinished', '--profile', profile], others);
      assert.equal(status, 0, stderr);
      assert.deepEqual(world.signers(), [signer]);
      assert.deepEqual(
        service.asked.map(({ signedBy }) => signedBy),
        asked.map(([, signedBy]) => signedBy),
      );
      asked.forEach(([action], index) => {
        assert.match(service.asked[index]?.action ?? '', action);
      });
      if (machineAsked === undefined) assert.deepEqual(machine.asked, []);
      else assert.match(machine.asked.at(-1) ?? '', machineAsked);
    });
  }
});

/** The whole ceremony as an answers file has it. */
const answersOf = (folder: string, source: string, alias: string) =>
  answersFile(folder, exampleWith({ connect: { source }, 'describe-key': { alias: `alias/${alias}` } }));

test('the role of the machine is used where it was chosen, not the keys of the environment, nor AWS_PROFILE', async (t) => {
  const world = await identityWorld(t, config);
  const service = await roleService(t, appDeployer);
  const { folder, machine, requests } = world;
  prepareHome(folder);
  const others = { ...environmentKeys('secops1'), AWS_PROFILE: 'keys', ...machine.instance };
  const token = { AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'), AWS_ROLE_ARN: appDeployer.principal.arn };
  const roles = [
    ['instance', {}, keyOf.admin, /^GET \/latest\/meta-data\/iam\/security-credentials\/machine-role$/],
    ['container', machine.container, keyOf.admin, /^GET \/container$/],
    ['token-file', { ...machine.container, ...token, ...service.environment }, roleKey, undefined],
  ] as const;
  for (const [name, more, signer, machineAsked] of roles) {
    for (const list of [requests, machine.asked]) list.length = 0;
    const answers = answersOf(folder, 'instance-role', name);
    const { status, stderr } = await world.run(['run', answers, '--workdir', name], { ...others, ...more });
    assert.equal(status, 0, `${name}: ${stderr}`);
    assert.deepEqual(world.signers(), [signer], name);
    if (machineAsked === undefined) assert.deepEqual(machine.asked, []);
    else assert.match(machine.asked.at(-1) ?? '', machineAsked);
  }
  assert.deepEqual(
    service.asked.map(({ action, signedBy }) => [action, signedBy]),
    [['AssumeRoleWithWebIdentity', undefined]],
  );
});

test('the program of a profile runs once for a whole ceremony', async (t) => {
  const config = '[profile counted]\ncredential_process = sh -c "echo x >> runs; cat credentials.json"\n';
  const { run, folder, signers } = await identityWorld(t, config);
  prepareHome(folder);
  const answers = answersOf(folder, 'profile:counted', 'counted');
  const { status, stderr } = await run(['run', answers, '--workdir', 'w']);
  assert.equal(status, 0, stderr);
  assert.equal(readFileSync(join(folder, 'runs'), 'utf8'), 'x\n');
  assert.deepEqual(signers(), [keyOf.user]);
});

const refusals: readonly (readonly [profile: string, refusal: string | undefined, says: RegExp])[] = [
  ['role', undefined, / {2}STS, which profile role needs, cannot be reached: nothing listens there\./],
  ['web', undefined, /STS, which profile web needs, cannot be reached: nothing listens there\./],
  ['sso', undefined, /Single sign-on for profile sso cannot be reached: nothing listens there\./],
  ['role', 'AccessDenied', /AWS says: This role is not for you \[AccessDenied\]/],
  ['sso', 'ForbiddenException', /gives profile sso no access: role app-deployer in account 000000000000\./],
  ['sso', 'UnauthorizedException', /The single sign-on session of profile sso has ended/],
  [
    'sso',
    'InvalidRequestException',
    /Profile sso gave no credentials: InvalidRequestException: This role is not for you\./,
  ],
];

for (const [profile, refusal, says] of refusals) {
  test(`profile ${profile}, ${refusal ?? 'no connection'} from the service that gives the role: nobody else is used`, async (t) => {
    const { run, machine, requests, folder } = await identityWorld(t, config);
    const service = refusal === undefined ? undefined : await roleService(t, appDeployer, refusal);
    prepareHome(folder);
    const others = { ...service?.environment, ...machine.instance, ...environmentKeys('securityAdmin') };
    const { status, stderr } = await run(['unfinished', '--profile', profile], others);
    assert.equal(status, 1, stderr);
    assert.match(stderr, says);
    assert.deepEqual([machine.asked, requests], [[], []]);
  });
}
