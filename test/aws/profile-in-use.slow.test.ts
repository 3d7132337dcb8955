import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { openClients } from '../../source/aws/clients.ts';
import { readCaller } from '../../source/aws/identity.ts';
import { roleService } from '../e2e/role-service.ts';
import { serve } from '../loopback-server.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { accessKeyLines, configFile, setNetwork } from './network-settings.ts';
import { proxyServer } from './proxy-server.ts';
import { standIn } from './stand-in.ts';
import { makeAuthority, tlsFront } from './tls-front.ts';

const authority = makeAuthority();
const needsOpenssl = authority === undefined ? { skip: 'no openssl' } : {};

async function clientsOf(
  t: TestContext,
  { config, env = {}, flag }: { config: string; env?: Readonly<Record<string, string>>; flag?: string },
) {
  setNetwork(t, { ...configFile(config), ...env });
  const credentials = { from: 'profile', profile: 'ops' } as const;
  const given = { credentials, region: 'us-east-1', endpointUrl: flag, onCall: () => {}, pause: async () => {} };
  const clients = await openClients(given);
  t.after(() => clients.close());
  return clients;
}

for (const host of ['localhost', '127.0.0.1']) {
  for (const setting of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'endpoint_url', '--endpoint-url']) {
    test(`a bucket at ${host} by ${setting} is named in the path`, async (t) => {
      const aws = await standIn(t);
      const url = aws.endpoint.replace('127.0.0.1', host);
      const line = setting === 'endpoint_url' ? `endpoint_url = ${url}\n` : '';
      const clients = await clientsOf(t, {
        config: `[profile ops]\n${accessKeyLines}${line}`,
        env: setting.startsWith('AWS') ? { [setting]: url } : {},
        ...(setting.startsWith('--') ? { flag: url } : {}),
      });
      await clients.s3.send(new HeadBucketCommand({ Bucket: 'my-bucket' }));
      assert.deepEqual(
        aws.came.map(({ host: asked, path }) => `${asked}${path}`),
        [`${new URL(url).host}/my-bucket/`],
      );
    });
  }
}

for (const [style, asked] of [
  ['virtual', 'my-bucket.s3.us-east-1.amazonaws.com/'],
  ['path', 's3.us-east-1.amazonaws.com/my-bucket/'],
  ['auto', 's3.us-east-1.amazonaws.com/my-bucket/'],
] as const) {
  test(
    `with addressing_style = ${style} and an endpoint of one's own, a bucket is asked for by ${asked}`,
    needsOpenssl,
    async (t) => {
      assert.ok(authority);
      const aws = await standIn(t);
      const proxy = await proxyServer(t, { to: await tlsFront(t, aws.endpoint, authority) });
      const endpoint = 'https://s3.us-east-1.amazonaws.com';
      const clients = await clientsOf(t, {
        config: `[profile ops]\n${accessKeyLines}endpoint_url = ${endpoint}\ns3 =\n  addressing_style = ${style}\n`,
        env: { HTTPS_PROXY: `127.0.0.1:${proxy.port}`, AWS_CA_BUNDLE: authority.file },
      });
      await clients.s3.send(new HeadBucketCommand({ Bucket: 'my-bucket' }));
      assert.deepEqual(
        aws.came.map(({ host, path }) => `${host}${path}`),
        [asked],
      );
    },
  );
}

test('with addressing_style = path, a bucket of AWS is named in the path', needsOpenssl, async (t) => {
  assert.ok(authority);
  const aws = await standIn(t);
  const proxy = await proxyServer(t, { to: await tlsFront(t, aws.endpoint, authority) });
  const clients = await clientsOf(t, {
    config: `[profile ops]\n${accessKeyLines}s3 =\n  addressing_style = path\n`,
    env: { HTTPS_PROXY: `127.0.0.1:${proxy.port}`, AWS_CA_BUNDLE: authority.file },
  });
  await clients.s3.send(new HeadBucketCommand({ Bucket: 'my-bucket' }));
  assert.deepEqual(
    aws.came.map(({ host, path }) => `${host}${path}`),
    ['s3.us-east-1.amazonaws.com/my-bucket/'],
  );
});

for (const [mode, isSlower] of [
  ['legacy', false],
  ['standard', false],
  ['adaptive', true],
] as const) {
  test(`retry_mode = ${mode} with max_attempts = 2 ${isSlower ? 'waits' : 'does not wait'} with what follows a throttled request`, async (t) => {
    let asked = 0;
    const server = createServer((request, answer) => {
      asked += 1;
      const isThrottled = asked === 1;
      const body = isThrottled ? '{"__type":"ThrottlingException"}' : '{"Keys":[]}';
      request.resume().on('end', () => answer.writeHead(isThrottled ? 400 : 200).end(body));
    });
    const { endpoint } = await serve(t, server);
    const config = `[profile ops]\n${accessKeyLines}endpoint_url = ${endpoint}\nretry_mode = ${mode}\nmax_attempts = 2\n`;
    const clients = await clientsOf(t, { config });
    const before = performance.now();
    for (let calls = 0; calls < 2; calls += 1) await clients.kms.send(new ListKeysCommand({}));
    assert.equal(asked, 3);
    // One request in two seconds is the slowest that the SDK sends then; its pauses are not made here.
    assert.equal(performance.now() - before > 1500, isSlower);
  });
}

test('the role of a profile is asked for at the endpoint of that profile, and at that of no other one or of a flag', async (t) => {
  const [right, wrong] = [
    await roleService(t, practiceIdentities.securityAdmin),
    await roleService(t, practiceIdentities.securityAdmin),
  ];
  const endpointOf = ({ environment }: typeof right) => environment.AWS_ENDPOINT_URL_STS;
  const role = `[profile ops]\nrole_arn = arn:aws:iam::000000000000:role/Admin\nsource_profile = base\nendpoint_url = ${endpointOf(right)}\n`;
  const config = `${role}[profile base]\n${accessKeyLines}[profile other]\n${accessKeyLines}endpoint_url = ${endpointOf(wrong)}\n`;
  const clients = await clientsOf(t, { config, env: { AWS_PROFILE: 'other' }, flag: endpointOf(wrong) });
  await clients.signIn();
  assert.deepEqual([right.asked.map(({ action }) => action), wrong.asked], [['AssumeRole'], []]);
});

/** Answers every request with a fault of its own. */
async function faulty(t: TestContext) {
  let asked = 0;
  const server = createServer((request, answer) => {
    asked += 1;
    request.resume().on('end', () => answer.writeHead(500).end());
  });
  const { endpoint } = await serve(t, server);
  return { endpoint, asked: () => asked };
}

for (const [name, line, env, tries] of [
  ['nothing', '', {}, 6],
  ['max_attempts = 2', 'max_attempts = 2\n', {}, 2],
  ['AWS_MAX_ATTEMPTS=1', 'max_attempts = 2\n', { AWS_MAX_ATTEMPTS: '1' }, 1],
] as const) {
  test(`where ${name} is set, a service with a fault is asked ${tries} times`, async (t) => {
    const aws = await faulty(t);
    const clients = await clientsOf(t, {
      config: `[profile ops]\n${accessKeyLines}endpoint_url = ${aws.endpoint}\n${line}`,
      env,
    });
    await assert.rejects(clients.kms.send(new ListKeysCommand({})));
    assert.equal(aws.asked(), tries);
  });
}

test('a deadline that ends the tries leaves what the service has answered', async (t) => {
  const aws = await faulty(t);
  setNetwork(t, { ...configFile(`[profile ops]\n${accessKeyLines}endpoint_url = ${aws.endpoint}\n`) });
  const ended = new AbortController();
  const clients = await openClients({
    credentials: { from: 'profile', profile: 'ops' },
    region: 'us-east-1',
    onCall: () => {},
    pause: async () => ended.abort(),
  });
  t.after(() => clients.close());
  const error = await readCaller(clients, ended.signal).catch((thrown: unknown) => thrown);
  assert.equal((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode, 500);
  assert.equal(clients.serviceOf(error), 'sts');
  assert.equal(aws.asked(), 1);
});

for (const variant of ['use_fips_endpoint', 'use_dualstack_endpoint']) {
  test(`an endpoint of one's own is asked beside ${variant}, which counts for those of AWS`, async (t) => {
    const aws = await standIn(t);
    const config = `[profile ops]\n${accessKeyLines}endpoint_url = ${aws.endpoint}\n${variant} = true\n`;
    const clients = await clientsOf(t, { config });
    await clients.kms.send(new ListKeysCommand({}));
    await clients.s3.send(new HeadBucketCommand({ Bucket: 'my-bucket' }));
    assert.equal(aws.came.length, 2);
  });
}
