import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { getCACertificates } from 'node:tls';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { listAuthorities, readAuthorities, suggestTrust } from '../../source/aws/authorities.ts';
import { type AwsClients, openClients } from '../../source/aws/clients.ts';
import { findPrincipal, readCaller } from '../../source/aws/identity.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import { SettingsError } from '../../source/aws/settings-error.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { roleService } from '../e2e/role-service.ts';
import { serve } from '../loopback-server.ts';
import { newFolder } from '../new-folder.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { configFile, setNetwork } from './network-settings.ts';
import { proxyServer } from './proxy-server.ts';
import { signOn, ssoProfile } from './signed-on.ts';
import { standIn } from './stand-in.ts';
import { makeAuthority, tlsFront } from './tls-front.ts';

const { accessKeyId, secretAccessKey, sessionToken = '' } = practiceIdentities.securityAdmin.credentials;
const keys = {
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken === '' ? {} : { AWS_SESSION_TOKEN: sessionToken }),
};
const authority = makeAuthority();
const needsOpenssl = authority === undefined ? { skip: 'no openssl' } : {};

async function practice(t: TestContext) {
  const aws = await startPracticeAws({ stateFolder: newFolder(), fixedCredentials: true });
  t.after(() => aws.close());
  return aws;
}

/** Something in the place of AWS, behind TLS of an authority that nobody knows yet. */
async function awsBehindTls(t: TestContext, { endpoint }: { endpoint: string }): Promise<number> {
  assert.ok(authority);
  return tlsFront(t, endpoint, authority);
}

async function clientsOf(t: TestContext, settings: Readonly<Record<string, string>>, profile?: string) {
  setNetwork(t, { ...keys, ...settings });
  const credentials =
    profile === undefined ? ({ from: 'environment' } as const) : ({ from: 'profile', profile } as const);
  const clients = await openClients({ credentials, region: 'us-east-1', onCall: () => {}, pause: async () => {} });
  t.after(() => clients.close());
  return clients;
}

const listKeys = ({ kms }: AwsClients) => kms.send(new ListKeysCommand({}));

async function problemOf(call: Promise<unknown>) {
  const error = await call.then(
    () => assert.fail('It was not refused.'),
    (thrown: unknown) => thrown,
  );
  return explainAwsError(error, { what: 'x' });
}

const trusted = () => ({ AWS_CA_BUNDLE: authority?.file ?? '' });

for (const [form, value] of [
  ['HTTPS_PROXY', 'http://127.0.0.1:PORT'],
  ['https_proxy', 'http://127.0.0.1:PORT'],
  ['HTTPS_PROXY', '127.0.0.1:PORT'],
  ['https_proxy', '//localhost:PORT'],
] as const) {
  test(`every service is asked through the proxy of ${form}=${value}`, needsOpenssl, async (t) => {
    const proxy = await proxyServer(t, { to: await awsBehindTls(t, await standIn(t)) });
    const clients = await clientsOf(t, { ...trusted(), [form]: value.replace('PORT', `${proxy.port}`) });
    await listKeys(clients);
    await clients.s3.send(new ListBucketsCommand({}));
    await readCaller(clients);
    await findPrincipal(clients, 'arn:aws:iam::000000000000:role/any');
    assert.deepEqual(
      [...new Set(proxy.asked)],
      [
        'CONNECT kms.us-east-1.amazonaws.com:443',
        'CONNECT s3.us-east-1.amazonaws.com:443',
        'CONNECT sts.us-east-1.amazonaws.com:443',
        'CONNECT iam.amazonaws.com:443',
      ],
    );
    assert.equal(
      clients.endpoints.kms.proxy,
      `${value.includes('localhost') ? 'localhost' : '127.0.0.1'}:${proxy.port}`,
    );
  });
}

for (const [name, written] of [
  ['as it is', 'p@ss%zz'],
  ['percent-encoded', 'p%40ss%25zz'],
] as const) {
  test(
    `the user and password of a proxy are given to it, written ${name}, and shown nowhere`,
    needsOpenssl,
    async (t) => {
      const proxy = await proxyServer(t, { to: await awsBehindTls(t, await standIn(t)), credentials: 'me:p@ss%zz' });
      const clients = await clientsOf(t, { ...trusted(), HTTPS_PROXY: `http://me:${written}@127.0.0.1:${proxy.port}` });
      await listKeys(clients);
      assert.doesNotMatch(JSON.stringify(clients.endpoints), /p@ss|p%40ss/);
    },
  );
}

for (const [status, reason, help] of [
  [407, /the proxy wants a user and password, or others than it was given \(407\)/, /HTTPS_PROXY=http:\/\/USER/],
  [401, /the proxy wants a user and password, or others than it was given \(401\)/, /HTTPS_PROXY=http:\/\/USER/],
  [403, /the proxy does not let it through \(403\)/, /ask those who run the proxy/],
  [502, /the proxy answered with status 502/, /ask those who run the proxy/],
] as const) {
  test(`a proxy that answers ${status} is told as the proxy, once, without its password`, async (t) => {
    const proxy = await proxyServer(t, { to: 9, status });
    const clients = await clientsOf(t, { HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxy.port}` });
    const problem = await problemOf(listKeys(clients));
    assert.match(problem.why ?? '', reason);
    assert.match(problem.next.join('\n'), help);
    assert.doesNotMatch(JSON.stringify(problem), /secret/);
    assert.equal(proxy.asked.length, 1);
  });
}

test('a page of a proxy is told as that, and not as an answer of AWS', async (t) => {
  const { endpoint } = await standIn(t);
  const page = createServer((_, answer) => answer.writeHead(403, { 'content-type': 'text/html' }).end('<html>'));
  const front = await serve(t, page);
  const clients = await clientsOf(t, { AWS_ENDPOINT_URL: front.endpoint });
  assert.match((await problemOf(listKeys(clients))).why ?? '', /not AWS: a proxy/);
  await listKeys(await clientsOf(t, { AWS_ENDPOINT_URL: endpoint }));
});

for (const [name, settings, why] of [
  ['plain HTTP to another machine', { AWS_ENDPOINT_URL: 'http://198.51.100.7' }, /plain HTTP to another machine/],
  ['switched-off checks of certificates', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /Node checks no certificate/],
] as const)
  test(`${name} is refused before anything is sent`, async (t) => {
    const proxy = await proxyServer(t, { to: 9 });
    const proxies = { HTTP_PROXY: `127.0.0.1:${proxy.port}`, HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const opening = clientsOf(t, { ...proxies, ...settings });
    await assert.rejects(opening, (error) => error instanceof SettingsError && why.test(error.failure.why));
    assert.deepEqual(proxy.asked, []);
  });

test('what is on this machine is asked without the proxy, and so is practice AWS', async (t) => {
  const { endpoint, credentials } = await practice(t);
  const dead = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };
  for (const host of ['127.0.0.1', 'localhost'])
    await listKeys(await clientsOf(t, { ...dead, AWS_ENDPOINT_URL: endpoint.replace('127.0.0.1', host) }));
  setNetwork(t, {
    HTTP_PROXY: 'socks5://127.0.0.1:9',
    AWS_CA_BUNDLE: '/nowhere.pem',
    AWS_ENDPOINT_URL_KMS: dead.HTTP_PROXY,
  });
  const given = { credentials: { from: 'fixed', ...credentials }, region: 'us-east-1', onCall: () => {} } as const;
  const practising = await openClients({ ...given, endpointUrl: endpoint });
  t.after(() => practising.close());
  await listKeys(practising);
});

test('a socks proxy is refused in words before anything is sent, unless no request would use it', async (t) => {
  const problem = await problemOf(clientsOf(t, { HTTPS_PROXY: 'socks5h://me:secret@127.0.0.1:1080' }));
  assert.match(problem.why ?? '', /^HTTPS_PROXY names a SOCKS proxy/);
  assert.match(problem.next.join('\n'), /export HTTPS_PROXY=http:\/\/HOST:PORT/);
  assert.doesNotMatch(JSON.stringify(problem), /secret/);
  await clientsOf(t, { HTTPS_PROXY: 'socks5://127.0.0.1:1080', NO_PROXY: 'amazonaws.com' });
  await clientsOf(t, { HTTP_PROXY: 'socks5://127.0.0.1:1080' });
});

test('single sign-on is asked through the proxy too', needsOpenssl, async (t) => {
  assert.ok(authority);
  const service = await roleService(t, practiceIdentities.securityAdmin);
  const to = await tlsFront(t, service.environment.AWS_ENDPOINT_URL_SSO, authority);
  const proxy = await proxyServer(t, { to });
  signOn(t);
  const settings = { ...trusted(), ...configFile(ssoProfile), HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
  const clients = await clientsOf(t, settings, 'sso');
  await clients.signIn();
  assert.deepEqual(proxy.asked, ['CONNECT portal.sso.us-east-1.amazonaws.com:443']);
});

for (const setting of ['AWS_CA_BUNDLE', 'ca_bundle'] as const) {
  test(`an authority that ${setting} names is trusted, beside those of Node`, needsOpenssl, async (t) => {
    assert.ok(authority);
    const endpoint = `https://127.0.0.1:${await awsBehindTls(t, await practice(t))}`;
    const section = `[default]\nendpoint_url = ${endpoint}\n`;
    const untrusting = await clientsOf(t, configFile(section));
    const problem = await problemOf(listKeys(untrusting));
    assert.match(problem.why ?? '', /certificate is not trusted here/);
    for (const way of [/AWS_CA_BUNDLE=FILE/, /NODE_EXTRA_CA_CERTS=FILE/, /NODE_USE_SYSTEM_CA=1/])
      assert.match(problem.next.join('\n'), way);
    const clients =
      setting === 'AWS_CA_BUNDLE'
        ? await clientsOf(t, { ...configFile(section), AWS_CA_BUNDLE: authority.file })
        : await clientsOf(t, configFile(`${section}ca_bundle = ${authority.file}\n`));
    await listKeys(clients);
  });
}

test('a bundle without authorities is named with the reason before anything is sent', async (t) => {
  const folder = newFolder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  for (const [path, reason] of [
    [join(folder, 'gone.pem'), /There is no such file/],
    [folder, /It is a folder/],
    [file('empty.pem', ''), /It holds no certificate/],
    [file('broken.pem', broken), /Certificate 1 of 1 in it cannot be read/],
  ] as const) {
    const { why = '', kind } = await problemOf(clientsOf(t, { AWS_CA_BUNDLE: path }));
    assert.ok(why.startsWith(`AWS_CA_BUNDLE names ${path} `), why);
    assert.match(why, reason);
    assert.equal(kind, 'fixable');
  }
  const profile = configFile('[default]\nca_bundle = /nowhere/ca.pem\n');
  const { why = '' } = await problemOf(clientsOf(t, profile));
  assert.match(why, /^ca_bundle of profile default names \/nowhere\/ca\.pem /);
});

test('an object goes through the proxy whole', needsOpenssl, async (t) => {
  const aws = await standIn(t);
  const proxy = await proxyServer(t, { to: await awsBehindTls(t, aws) });
  const clients = await clientsOf(t, { ...trusted(), HTTPS_PROXY: `127.0.0.1:${proxy.port}` });
  const Body = Buffer.alloc(3_000_000, 'x');
  await clients.s3.send(new PutObjectCommand({ Bucket: 'b-bucket', Key: 'a', Body }));
  const host = 'b-bucket.s3.us-east-1.amazonaws.com';
  assert.deepEqual(proxy.asked, [`CONNECT ${host}:443`]);
  assert.deepEqual(
    aws.came.map((each) => [each.host, each.path.split('?')[0], each.bytes >= Body.length]),
    [[host, '/a', true]],
  );
});

test('with a profile chosen, the endpoint of the profile in AWS_PROFILE gets nothing', needsOpenssl, async (t) => {
  const proxy = await proxyServer(t, { to: await awsBehindTls(t, await standIn(t)) });
  const base = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  const config = configFile(`[profile ops]\n${base}[profile other]\n${base}endpoint_url = https://other.test\n`);
  const settings = { ...trusted(), ...config, AWS_PROFILE: 'other', HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
  await listKeys(await clientsOf(t, settings, 'ops'));
  assert.deepEqual(proxy.asked, ['CONNECT kms.us-east-1.amazonaws.com:443']);
});

test('the authorities of a bundle come beside those that Node trusts already', needsOpenssl, () => {
  const all = readAuthorities({ path: authority?.file ?? '', from: 'AWS_CA_BUNDLE' });
  const before = getCACertificates('default');
  assert.ok(before.length > 100);
  assert.deepEqual(all.slice(0, -1), before);
  // A file that Node has read is not named as one that it has ignored.
  assert.doesNotMatch(suggestTrust({ NODE_EXTRA_CA_CERTS: authority?.file }).join(' '), /ignored/);
});

test('the authorities of the machine count only where NODE_USE_SYSTEM_CA is 1', () => {
  const sourcesWith = (value: string) =>
    listAuthorities(undefined, { NODE_USE_SYSTEM_CA: value, NODE_EXTRA_CA_CERTS: '' }).map(({ from }) => from);
  assert.deepEqual(sourcesWith('1'), ['Node', 'this machine']);
  for (const value of ['0', '']) assert.deepEqual(sourcesWith(value), ['Node']);
});

test('where a certificate is not trusted, a file in NODE_EXTRA_CA_CERTS that Node has ignored is named', () => {
  assert.match(
    suggestTrust({ NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' })[0] ?? '',
    /\/nowhere\/ca\.pem, which Node has ignored/,
  );
  assert.doesNotMatch(suggestTrust({}).join(' '), /ignored/);
});

for (const [name, status, reason, help] of [
  ['lets nobody through', 407, /cannot be reached: the proxy wants a user and password/, /HTTPS_PROXY=/],
  ['inspects TLS', undefined, /cannot be reached: its certificate is not trusted here/, /AWS_CA_BUNDLE=FILE/],
] as const) {
  test(`a proxy that ${name} on the way to single sign-on is told as that`, needsOpenssl, async (t) => {
    const to = await awsBehindTls(t, await standIn(t));
    const { port } = await proxyServer(t, { to, ...(status === undefined ? {} : { status }) });
    signOn(t);
    const settings = { ...configFile(ssoProfile), HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}` };
    const problem = await problemOf((await clientsOf(t, settings, 'sso')).signIn());
    assert.match(problem.why ?? '', reason);
    assert.match(problem.next.join(' '), help);
    assert.doesNotMatch(JSON.stringify(problem), /secret/);
  });
}
