import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { endpointName, findUnreachable, vpcEndpointName } from '../../source/aws/reachability.ts';

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
