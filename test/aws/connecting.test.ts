import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { noSettings, type ServiceId } from '../../source/aws/client-settings.ts';
import { openClients } from '../../source/aws/clients.ts';
import { configureInnerClients } from '../../source/aws/connecting.ts';
import { credentialsOf } from '../../source/aws/credentials.ts';
import type { AwsSource } from '../../source/aws/environment.ts';
import type { ResolvedProfile } from '../../source/aws/profile-method.ts';
import { SignInError } from '../../source/aws/sign-in-error.ts';
import { roleService } from '../e2e/role-service.ts';
import { serve } from '../loopback-server.ts';
import { newFolder } from '../new-folder.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { clientsAt } from './clients-at.ts';
import { accessKeyLines, accessKeys, configFile, setNetwork } from './network-settings.ts';

/** Clients of an identity of this machine, as the variables are now. */
async function clientsOf(t: TestContext, source: AwsSource) {
  const clients = await openClients({ credentials: credentialsOf(source), region: 'us-east-1', onCall: () => {} });
  t.after(() => clients.close());
  return clients;
}

/** The same of this profile, or else of the environment, with these variables set. */
async function opened(env: Readonly<Record<string, string>>, t: TestContext, profile?: string) {
  setNetwork(t, { ...accessKeys, ...env });
  return clientsOf(t, profile === undefined ? 'environment' : `profile:${profile}`);
}

test('practice AWS is asked at its own address, whatever the environment says', async (t) => {
  const own = 'http://127.0.0.1:4599';
  setNetwork(t, {
    AWS_ENDPOINT_URL: 'https://elsewhere.test',
    AWS_USE_FIPS_ENDPOINT: 'true',
    HTTP_PROXY: 'http://proxy.test:3128',
    AWS_CA_BUNDLE: '/nowhere',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  });
  const { endpoints } = await clientsAt(t, own);
  for (const endpoint of Object.values(endpoints))
    assert.deepEqual(endpoint, { url: own, isOverride: true, isFips: false });
});

test('a proxy that cannot be used stops only who would use it', async (t) => {
  const proxy = { HTTPS_PROXY: 'socks5://proxy.test:1080' };
  await assert.rejects(opened(proxy, t), { name: 'SettingsError' });
  await opened({ ...proxy, NO_PROXY: '.us-east-1.amazonaws.com' }, t);
  await assert.rejects(opened({ ...proxy, NO_PROXY: '.eu-west-1.amazonaws.com' }, t), { name: 'SettingsError' });
  const corp = { ...proxy, AWS_ENDPOINT_URL: 'https://aws.corp.test' };
  await assert.rejects(opened({ ...corp, NO_PROXY: 'amazonaws.com' }, t), { name: 'SettingsError' });
  await opened({ ...corp, NO_PROXY: 'corp.test' }, t);
  // One service of another address is enough to need it.
  const mixed = { ...corp, NO_PROXY: 'corp.test', AWS_ENDPOINT_URL_IAM: 'https://iam.elsewhere.test' };
  await assert.rejects(opened(mixed, t), { name: 'SettingsError' });
});

test('what the SDK itself reads of a profile, it reads of the chosen one', async (t) => {
  const config = configFile(
    `[profile ops]\n${accessKeyLines}request_checksum_calculation = when_required\n[profile other]\n${accessKeyLines}`,
  );
  const chosen = await opened({ ...config, AWS_PROFILE: 'other' }, t, 'ops');
  const other = await opened({ ...config, AWS_PROFILE: 'ops' }, t, 'other');
  const words = [chosen, other].map(({ s3 }) => s3.config.requestChecksumCalculation());
  assert.deepEqual(await Promise.all(words), ['WHEN_REQUIRED', 'WHEN_SUPPORTED']);
});

test('a sign-in asks each service at its own endpoint: one that all share is set, of several the SDK reads each', () => {
  const configOf = (urls: Partial<Record<ServiceId, string>>, method: ResolvedProfile['method'], isRole: boolean) => {
    const innerSettings = { ...noSettings, useFips: true, endpointOf: (service: ServiceId) => urls[service] };
    const network = { agents: {}, proxyOf: () => undefined };
    const connection = { settings: noSettings, innerSettings, profile: 'ops', network };
    const inner = configureInnerClients(connection, {});
    assert.deepEqual(inner.ofWebIdentity, inner.ofProfile({ profile: 'ops', method: 'keys', settings: {} }, true));
    return inner.ofProfile({ profile: 'ops', method, settings: {} }, isRole);
  };
  const common = { profile: 'ops', useDualstackEndpoint: false, requestHandler: {} };
  const ofAws = { ...common, useFipsEndpoint: true, ignoreConfiguredEndpointUrls: true };
  const at = (endpoint: string) => ({ ...ofAws, useFipsEndpoint: false, endpoint });
  assert.deepEqual(configOf({}, 'sso', true), ofAws);
  assert.deepEqual(configOf({ STS: 'https://sts.test' }, 'keys', true), at('https://sts.test'));
  assert.deepEqual(configOf({ Signin: 'https://in.test' }, 'login', false), at('https://in.test'));
  const both = { SSO: 'https://sso.test', 'SSO OIDC': 'https://sso.test' };
  assert.deepEqual(configOf(both, 'sso', false), at('https://sso.test'));
  const read = { ...common, useFipsEndpoint: false };
  assert.deepEqual(configOf({ SSO: 'https://sso.test' }, 'sso', false), read);
  assert.deepEqual(configOf({ ...both, STS: 'https://sts.test' }, 'sso', true), { ...read });
  // Without a service to ask, nothing is set.
  assert.deepEqual(configOf({ STS: 'https://sts.test' }, 'keys', false), read);
});

test('the identity that was chosen is the one that signs, with its session', async (t) => {
  assert.deepEqual((['environment', 'instance-role', 'profile:my profile:x'] as const).map(credentialsOf), [
    { from: 'environment' },
    { from: 'instance-role' },
    { from: 'profile', profile: 'my profile:x' },
  ]);
  const tokens: unknown[] = [];
  const server = createServer(({ headers }, answer) => {
    tokens.push(headers['x-amz-security-token']);
    answer.end('{"Keys":[]}');
  });
  const { endpoint } = await serve(t, server);
  const pair = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' };
  for (const given of [{ ...pair, sessionToken: 'session' }, pair]) {
    const { kms } = await clientsAt(t, endpoint, { keys: given });
    await kms.send(new ListKeysCommand({}));
  }
  assert.deepEqual(tokens, ['session', undefined]);
});

test('a sign-in that lacks a variable is told with it, and what STS refuses is told as its refusal', async (t) => {
  const failure = async (env: Readonly<Record<string, string>>, profile?: string) => {
    const clients = await opened(env, t, profile);
    return clients.signIn().then(
      () => assert.fail('somebody signed in'),
      (error: unknown) => error as SignInError & { $metadata?: { httpStatusCode?: number } },
    );
  };
  const missing = await failure({ AWS_SECRET_ACCESS_KEY: '' });
  assert.ok(missing instanceof SignInError);
  assert.equal(missing.failure.why, 'The environment has AWS_ACCESS_KEY_ID and no AWS_SECRET_ACCESS_KEY.');
  const sts = await roleService(t, practiceIdentities.securityAdmin, 'AccessDenied');
  const role = 'role_arn = arn:aws:iam::000000000000:role/Admin\nsource_profile = base\n';
  const config = configFile(`[profile ops]\n${role}[profile base]\n${accessKeyLines}`);
  const refused = await failure({ ...config, ...sts.environment }, 'ops');
  assert.deepEqual([refused.name, refused.$metadata?.httpStatusCode], ['AccessDenied', 403]);
});

/** A server that gives keys to a machine, by its paths, and what it was asked. */
async function keyServer(t: TestContext, answers: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    request.resume();
    asked.push(`${request.method} ${request.url}`);
    const body = answers[request.url ?? ''];
    answer.writeHead(body === undefined ? 404 : 200).end(body);
  });
  const { endpoint } = await serve(t, server);
  return { endpoint, asked };
}

const machineKeys = JSON.stringify({
  Code: 'Success',
  AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  SecretAccessKey: 'x',
  Token: 'of the machine',
  Expiration: new Date(Date.now() + 3_600_000).toISOString(),
});

test('the role of a machine is that of its container where the environment names one, else that of its metadata', async (t) => {
  const path = '/latest/meta-data/iam/security-credentials/';
  const metadata = await keyServer(t, {
    '/latest/api/token': 'token',
    [path]: 'TheRole',
    [`${path}TheRole`]: machineKeys,
  });
  const container = await keyServer(t, { '/keys': machineKeys });
  const tokenOf = async (env: Readonly<Record<string, string>>) => {
    setNetwork(t, { AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.endpoint, AWS_EC2_METADATA_DISABLED: 'false', ...env });
    const clients = await clientsOf(t, 'instance-role');
    return (await clients.sts.config.credentials()).sessionToken;
  };
  assert.equal(await tokenOf({}), 'of the machine');
  assert.deepEqual([metadata.asked.at(-1), container.asked], [`GET ${path}TheRole`, []]);
  metadata.asked.length = 0;
  const uri = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.endpoint}/keys` };
  assert.equal(await tokenOf(uri), 'of the machine');
  assert.deepEqual([metadata.asked, container.asked], [[], ['GET /keys']]);
  const config = `[profile ops]\ncredential_source = EcsContainer\n`;
  const clients = await opened({ ...uri, ...configFile(config) }, t, 'ops');
  assert.equal((await clients.sts.config.credentials()).sessionToken, 'of the machine');
});

test('a web identity of the environment gets its role from STS, by the token in its file', async (t) => {
  const sts = await roleService(t, practiceIdentities.securityAdmin);
  const file = join(newFolder(), 'token');
  writeFileSync(file, 'the-token');
  setNetwork(t, {
    ...sts.environment,
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
    AWS_ROLE_ARN: 'arn:aws:iam::000000000000:role/Admin',
  });
  const clients = await clientsOf(t, 'instance-role');
  await clients.signIn();
  assert.deepEqual(sts.asked, [{ action: 'AssumeRoleWithWebIdentity', signedBy: undefined }]);
});
