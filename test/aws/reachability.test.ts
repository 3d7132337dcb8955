import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { endpointName, findUnreachable, vpcEndpointName } from '../../source/aws/reachability.ts';
import { setNetwork } from './network-settings.ts';
import { proxyServer } from './proxy-server.ts';

const credentials = { from: 'fixed', accessKeyId: 'a', secretAccessKey: 'b' } as const;
const clientsOf = (region: string, endpointUrl?: string) =>
  openClients({ credentials, region, endpointUrl, onCall: () => {} });

for (const [region, host, vpc] of [
  ['eu-west-1', 'kms.eu-west-1.amazonaws.com', 'com.amazonaws.eu-west-1.kms'],
  ['cn-north-1', 'kms.cn-north-1.amazonaws.com.cn', 'com.amazonaws.cn-north-1.kms'],
  ['us-gov-west-1', 'kms.us-gov-west-1.amazonaws.com', 'com.amazonaws.us-gov-west-1.kms'],
  ['eusc-de-east-1', 'kms.eusc-de-east-1.amazonaws.eu', 'eu.amazonaws.eusc-de-east-1.kms'],
] as const) {
  test(`endpoints of ${region} are named as its partition names them`, async (t) => {
    const clients = await clientsOf(region);
    t.after(() => clients.close());
    assert.equal(endpointName(clients, 'kms'), host);
    assert.equal(vpcEndpointName(clients, 'kms'), vpc);
    assert.match(endpointName(clients, 'sts'), new RegExp(`^sts\\.${region}\\.`));
    assert.equal(vpcEndpointName(clients, 's3'), vpc.replace(/kms$/, 's3'));
    // China has both forms: com.amazonaws.cn-north-1.kms, and cn.com.amazonaws.cn-north-1.sts.
    const ofSts = vpc.replace(/kms$/, 'sts').replace(/^(?=com\.amazonaws\.cn-)/, 'cn.');
    assert.equal(vpcEndpointName(clients, 'sts'), ofSts);
  });
}

test('what does not answer is named with its reason, and an override has no VPC endpoint', async (t) => {
  const clients = await clientsOf('us-east-1', 'http://127.0.0.1:9');
  t.after(() => clients.close());
  const found = await findUnreachable(clients, { signal: new AbortController().signal });
  assert.deepEqual(
    found.map(({ service, endpoint, vpcEndpoint, reason }) => [service, endpoint, vpcEndpoint, reason]),
    [
      ['KMS', 'http://127.0.0.1:9', undefined, 'nothing listens there'],
      ['S3', 'http://127.0.0.1:9', undefined, 'nothing listens there'],
    ],
  );
});

for (const [setting, host, vpc] of [
  ['AWS_USE_FIPS_ENDPOINT', 'kms-fips.us-gov-west-1.amazonaws.com', 'com.amazonaws.us-gov-west-1.kms-fips'],
  ['AWS_USE_DUALSTACK_ENDPOINT', 'kms.us-gov-west-1.api.aws', 'com.amazonaws.us-gov-west-1.kms'],
] as const) {
  test(`with ${setting} the host that is really asked is named, and its VPC endpoint`, async (t) => {
    setNetwork(t, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', [setting]: 'true' });
    const clients = await openClients({
      credentials: { from: 'environment' },
      region: 'us-gov-west-1',
      onCall: () => {},
    });
    t.after(() => clients.close());
    assert.equal(endpointName(clients, 'kms'), host);
    assert.equal(vpcEndpointName(clients, 'kms'), vpc);
    // S3 has one name for both.
    assert.equal(vpcEndpointName(clients, 's3'), 'com.amazonaws.us-gov-west-1.s3');
  });
}

test('behind a proxy the proxy is named and no VPC endpoint, and its refusal is told with what to do', async (t) => {
  const { port } = await proxyServer(t, { to: 9, status: 407 });
  const proxy = { HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}` };
  setNetwork(t, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', ...proxy });
  const clients = await openClients({ credentials: { from: 'environment' }, region: 'us-east-1', onCall: () => {} });
  t.after(() => clients.close());
  const [found] = await findUnreachable(clients, { signal: new AbortController().signal });
  assert.equal(found?.endpoint, `kms.us-east-1.amazonaws.com through the proxy 127.0.0.1:${port}`);
  assert.equal(found.vpcEndpoint, undefined);
  assert.match(found.reason, /the proxy wants a user and password/);
  assert.match(found.help?.().join(' ') ?? '', /HTTPS_PROXY/);
});
