import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type CallerPrincipal, findCallerPrincipal } from '../../source/aws/caller-principal.ts';
import { findPrincipal, readCaller } from '../../source/aws/identity.ts';
import { checkIdentity } from '../../source/doctor/identity-check.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { identityNamed } from '../../source/practice/identities.ts';
import { practise } from '../practice/practising.ts';
import { clientsAt } from './clients-at.ts';
import { writeConfig } from './shared-config-file.ts';

/** Signed in through Identity Center at home in us-east-1, and in eu-central-1. */
const ofUsEast = 'AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071';
const ofEuCentral = 'AWSReservedSSO_SecurityOperations_9f8e7d6c5b4a3021';
const noGetRole = ['iam:GetRole', 'iam:ListRoles'];

const profile = (permissionSet: string, more: string) =>
  `[profile ops]\nsso_account_id = 000000000000\nsso_role_name = ${permissionSet}\n${more}\n`;
const inEuCentral = profile('SecurityOperations', 'sso_region = eu-central-1');
const inUsEast = `${profile('AdministratorAccess', 'sso_session = corp')}[sso-session corp]\nsso_region = us-east-1\n`;

/** Clients of somebody in practice AWS, whose profile is `ops`, and the calls that they make. */
async function clientsOf(t: TestContext, name: string, settings: Settings, region = 'us-west-2') {
  const { server } = await practise(t, { settings });
  const calls: string[] = [];
  const clients = await clientsAt(t, server.endpoint, {
    keys: server.credentialsOf(name),
    region,
    onCall: ({ operation }) => calls.push(operation),
    pause: async () => {},
  });
  return { clients: { ...clients, profile: 'ops' }, calls };
}

async function principalOf(t: TestContext, name: string, settings: Settings = {}, region?: string) {
  const { clients, calls } = await clientsOf(t, name, settings, region);
  const principal = await findCallerPrincipal(clients, await readCaller(clients));
  return { principal, calls };
}

const summary = (principal: CallerPrincipal) => [principal.is, 'arn' in principal ? principal.arn : principal.why];

for (const [name, config] of [
  [ofEuCentral, inEuCentral],
  [ofUsEast, inUsEast],
] as const) {
  test(`where IAM refuses, the ARN of ${name} follows from sso_region, not from the Region of KMS`, async (t) => {
    writeConfig(t, config);
    const { principal } = await principalOf(t, name, { deny: { [name]: noGetRole } });
    // Practice AWS, which shares no code with this, says where the role is.
    assert.deepEqual(summary(principal), ['derived', identityNamed(name).principal.arn]);
    assert.equal('why' in principal && principal.why, 'IAM refused the question');
  });
}

test('in GovCloud the derived ARN has its partition', async (t) => {
  writeConfig(t, profile('SecurityOperations', 'sso_region = us-gov-west-1'));
  const { principal } = await principalOf(t, ofEuCentral, { deny: { [ofEuCentral]: noGetRole } }, 'us-gov-east-1');
  const path = 'role/aws-reserved/sso.amazonaws.com/us-gov-west-1';
  assert.deepEqual(summary(principal), ['derived', `arn:aws-us-gov:iam::000000000000:${path}/${ofEuCentral}`]);
});

for (const [what, name, config, region] of [
  ['a role that no profile signed in to', 'app-deployer', inEuCentral, undefined],
  ['a profile of another permission set', ofEuCentral, inUsEast, undefined],
  ['a profile that does not say the home Region', ofEuCentral, profile('SecurityOperations', ''), undefined],
  ['a profile of another account', ofEuCentral, inEuCentral.replace('000000000000', '111122223333'), undefined],
  ['China, for which AWS documents no path', ofEuCentral, inEuCentral, 'cn-north-1'],
] as const) {
  test(`no ARN is made up for ${what}`, async (t) => {
    writeConfig(t, config);
    const { principal } = await principalOf(t, name, { deny: { [name]: noGetRole } }, region);
    assert.deepEqual(summary(principal), ['unknown', 'IAM refused the question']);
  });
}

test('who may list roles and not get one learns the ARN from the list', async (t) => {
  for (const name of [ofEuCentral, 'KeyCustodian']) {
    const settings = {
      policies: { [name]: [{ Statement: [{ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }] }] },
    };
    const { principal } = await principalOf(t, name, settings);
    assert.deepEqual(summary(principal), ['known', identityNamed(name).principal.arn]);
  }
});

test('root and users are known, and federated users have nobody to name, without a question to IAM', async (t) => {
  for (const [name, is] of [
    ['root', 'known'],
    ['secops-1', 'known'],
    ['federated-user/ana', 'unknown'],
  ] as const) {
    const { principal, calls } = await principalOf(t, name);
    assert.equal(principal.is, is);
    if (principal.is === 'known') assert.equal(principal.arn, identityNamed(name).principal.arn);
    assert.deepEqual(calls, ['STS.GetCallerIdentity']);
  }
});

test('a silent IAM is waited for five seconds, once', async (t) => {
  const { clients, calls } = await clientsOf(t, 'app-deployer', { faults: [{ operation: 'iam', do: 'silent' }] });
  const caller = await readCaller(clients);
  const start = performance.now();
  const principal = await findCallerPrincipal(clients, caller);
  assert.deepEqual(summary(principal), ['unknown', 'IAM did not answer within 5 seconds']);
  const arn = 'arn:aws:iam::000000000000:role/application/app-deployer';
  assert.deepEqual(await findPrincipal(clients, arn), { is: 'unknown', why: 'IAM did not answer within 5 seconds' });
  const seconds = (performance.now() - start) / 1000;
  assert.ok(seconds >= 4.9 && seconds < 9, `${seconds}`);
  assert.deepEqual(calls, ['STS.GetCallerIdentity', 'IAM.GetRole']);
});

test('doctor says what a key policy can name for the caller, where IAM did not say it', async (t) => {
  writeConfig(t, inEuCentral);
  for (const [name, line] of [
    [
      ofEuCentral,
      `In a key policy: ${identityNamed(ofEuCentral).principal.arn}, derived from the profile, not confirmed by IAM: IAM refused the question.`,
    ],
    ['app-deployer', 'The ARN that a key policy can name is not known: IAM refused the question.'],
  ] as const) {
    const { clients } = await clientsOf(t, name, { deny: { [name]: noGetRole } });
    const { state, details } = await checkIdentity(clients, new AbortController().signal);
    assert.deepEqual([state, details], ['fine', [identityNamed(name).arn, line]]);
  }
});
