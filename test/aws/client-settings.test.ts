import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import type { CredentialSource } from '../../source/aws/credentials.ts';
import { SettingsError } from '../../source/aws/settings-error.ts';
import { accessKeyLines, accessKeys, configFile, setNetwork } from './network-settings.ts';

const own = {
  kms: 'https://kms.us-east-1.amazonaws.com',
  s3: 'https://s3.us-east-1.amazonaws.com',
  iam: 'https://iam.amazonaws.com',
  sts: 'https://sts.us-east-1.amazonaws.com',
};
const all = (url: string) => ({ kms: url, s3: url, iam: url, sts: url });
const away = 'https://of-ops.test';
const ops = `[profile ops]\n${accessKeyLines}endpoint_url = ${away}\n[profile plain]\n${accessKeyLines}`;
const services = `[profile ops]\n${accessKeyLines}services = mine\nendpoint_url = ${away}
[services mine]\nkms =\n  endpoint_url = https://kms-of-mine.test\ns3 =\n  endpoint_url = https://s3-of-mine.test\n`;
const variant = (line: string) => `[profile ops]\n${accessKeyLines}${line}\n`;
const fips = { ...own, kms: 'https://kms-fips.us-east-1.amazonaws.com', s3: 'https://s3-fips.us-east-1.amazonaws.com' };
const withFips = { ...fips, iam: 'https://iam-fips.amazonaws.com', sts: 'https://sts-fips.us-east-1.amazonaws.com' };
const withDualstack = {
  kms: 'https://kms.us-east-1.api.aws',
  s3: 'https://s3.dualstack.us-east-1.amazonaws.com',
  iam: 'https://iam.global.api.aws',
  sts: 'https://sts.us-east-1.api.aws',
};

type Row = {
  readonly name: string;
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given by flag, answers or on screen; without it the environment's keys are used. */
  readonly profile?: string;
  readonly flag?: string;
  readonly endpoints: Readonly<Record<string, string>>;
};

/** Settings, and the endpoint of each service as aws-cli has it. */
const table: readonly Row[] = [
  { name: 'nothing is set', endpoints: own },
  {
    name: 'AWS_ENDPOINT_URL with a port and a path',
    env: { AWS_ENDPOINT_URL: 'https://e.test:8443/below' },
    endpoints: all('https://e.test:8443/below'),
  },
  { name: 'endpoint_url of the chosen profile', config: ops, profile: 'ops', endpoints: all(away) },
  {
    name: 'endpoint_url of the profile in AWS_PROFILE',
    config: ops,
    env: { AWS_PROFILE: 'ops' },
    endpoints: all(away),
  },
  {
    name: 'endpoint_url of the profile in AWS_PROFILE, where another one is chosen',
    config: ops,
    env: { AWS_PROFILE: 'ops' },
    profile: 'plain',
    endpoints: own,
  },
  {
    name: 'endpoint_url of the default profile, where another one is chosen',
    config: `[default]\nendpoint_url = ${away}\n[profile plain]\n${accessKeyLines}`,
    profile: 'plain',
    endpoints: own,
  },
  {
    name: 'AWS_ENDPOINT_URL',
    config: ops,
    profile: 'plain',
    env: { AWS_ENDPOINT_URL: 'https://e.test' },
    endpoints: all('https://e.test'),
  },
  {
    name: 'AWS_ENDPOINT_URL before the profile',
    config: ops,
    profile: 'ops',
    env: { AWS_ENDPOINT_URL: 'https://e.test' },
    endpoints: all('https://e.test'),
  },
  {
    name: 'AWS_ENDPOINT_URL_S3 and the profile',
    config: ops,
    profile: 'ops',
    env: { AWS_ENDPOINT_URL_S3: 'https://s.test' },
    endpoints: { ...all(away), s3: 'https://s.test' },
  },
  {
    name: 'AWS_ENDPOINT_URL_KMS, _STS and _IAM',
    env: {
      AWS_ENDPOINT_URL_KMS: 'https://k.test',
      AWS_ENDPOINT_URL_STS: 'https://t.test',
      AWS_ENDPOINT_URL_IAM: 'https://i.test',
    },
    endpoints: { kms: 'https://k.test', s3: own.s3, iam: 'https://i.test', sts: 'https://t.test' },
  },
  {
    name: 'a services section before endpoint_url',
    config: services,
    profile: 'ops',
    endpoints: { ...all(away), kms: 'https://kms-of-mine.test', s3: 'https://s3-of-mine.test' },
  },
  {
    name: 'the flag before everything',
    config: services,
    profile: 'ops',
    env: { AWS_ENDPOINT_URL_KMS: 'https://k.test' },
    flag: 'https://flag.test',
    endpoints: all('https://flag.test'),
  },
  {
    name: 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    config: services,
    profile: 'ops',
    env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_ENDPOINT_URL: 'https://e.test' },
    endpoints: own,
  },
  {
    name: 'ignore_configured_endpoint_urls',
    config: variant(`endpoint_url = ${away}\nignore_configured_endpoint_urls = true`),
    profile: 'ops',
    endpoints: own,
  },
  { name: 'use_fips_endpoint', config: variant('use_fips_endpoint = true'), profile: 'ops', endpoints: withFips },
  {
    name: 'use_fips_endpoint = True',
    config: variant('use_fips_endpoint = True'),
    profile: 'ops',
    endpoints: withFips,
  },
  { name: 'AWS_USE_FIPS_ENDPOINT', env: { AWS_USE_FIPS_ENDPOINT: 'true' }, endpoints: withFips },
  {
    name: 'AWS_USE_FIPS_ENDPOINT before the profile',
    config: variant('use_fips_endpoint = true'),
    profile: 'ops',
    env: { AWS_USE_FIPS_ENDPOINT: 'false' },
    endpoints: own,
  },
  {
    name: 'AWS_USE_FIPS_ENDPOINT that is empty, and the profile',
    config: variant('use_fips_endpoint = true'),
    profile: 'ops',
    env: { AWS_USE_FIPS_ENDPOINT: '' },
    endpoints: withFips,
  },
  {
    name: 'use_fips_endpoint of another profile',
    config: `${variant('use_fips_endpoint = true')}[profile plain]\n${accessKeyLines}`,
    env: { AWS_PROFILE: 'ops' },
    profile: 'plain',
    endpoints: own,
  },
  {
    name: 'use_dualstack_endpoint below s3',
    config: variant('s3 =\n  use_dualstack_endpoint = true'),
    profile: 'ops',
    endpoints: { ...own, s3: withDualstack.s3 },
  },
  {
    name: 'use_dualstack_endpoint = false below s3, and true for all',
    config: variant('use_dualstack_endpoint = true\ns3 =\n  use_dualstack_endpoint = false'),
    profile: 'ops',
    endpoints: withDualstack,
  },
  {
    name: 'use_dualstack_endpoint below s3, and an endpoint',
    config: variant(`endpoint_url = ${away}\ns3 =\n  use_dualstack_endpoint = true`),
    profile: 'ops',
    endpoints: all(away),
  },
  {
    name: 'use_dualstack_endpoint',
    config: variant('use_dualstack_endpoint = true'),
    profile: 'ops',
    endpoints: withDualstack,
  },
  { name: 'AWS_USE_DUALSTACK_ENDPOINT', env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, endpoints: withDualstack },
  {
    name: 'FIPS beside an endpoint, which has none',
    config: variant(`use_fips_endpoint = true\nendpoint_url = ${away}`),
    profile: 'ops',
    endpoints: all(away),
  },
];

async function clientsOf(t: TestContext, { config = '', env = {}, profile, flag }: Omit<Row, 'name' | 'endpoints'>) {
  setNetwork(t, { ...accessKeys, ...configFile(config), ...env });
  const credentials: CredentialSource = profile === undefined ? { from: 'environment' } : { from: 'profile', profile };
  const clients = await openClients({ credentials, region: 'us-east-1', endpointUrl: flag, onCall: () => {} });
  t.after(() => clients.close());
  return clients;
}

const isElsewhere = (url = '') => !/\.amazonaws\.com$|\.api\.aws$/.test(url);

for (const { name, endpoints, ...given } of table) {
  test(`endpoints as in aws-cli: ${name}`, async (t) => {
    const clients = await clientsOf(t, given);
    const used = Object.fromEntries(Object.entries(clients.endpoints).map(([service, { url }]) => [service, url]));
    assert.deepEqual(used, endpoints);
    for (const service of ['kms', 's3', 'iam', 'sts'] as const)
      assert.equal(clients.endpoints[service].isOverride, isElsewhere(endpoints[service]));
  });
}

test('what cannot be followed is told with its setting', async (t) => {
  for (const [given, why] of [
    [
      { config: `[profile ops]\n${accessKeyLines}services = gone\n`, profile: 'ops' },
      /^Profile ops names the services section gone/,
    ],
    [{ env: { AWS_ENDPOINT_URL: 'kms.test' } }, /^The endpoint "kms\.test" is no address/],
    [{ flag: 'localhost:4599' }, /^The endpoint "localhost:4599" is no address/],
    [
      { env: { AWS_RETRY_MODE: 'banana' } },
      /retry_mode of the profile is "banana", and must be one of: legacy, standard/,
    ],
    [
      { config: `[profile ops]\n${accessKeyLines}s3 =\n  addressing_style = paths\n`, profile: 'ops' },
      /^addressing_style below "s3 =" in profile ops is "paths"/,
    ],
    [
      { config: `[profile ops]\n${accessKeyLines}s3 =\n  addressing_style = xpath\n`, profile: 'ops' },
      /^addressing_style below "s3 =" in profile ops is "xpath"/,
    ],
    [{ env: { AWS_MAX_ATTEMPTS: 'many' } }, /max_attempts of the profile is "many"/],
    [
      { config: `[profile ops]\n${accessKeyLines}max_attempts = 0\n`, profile: 'ops' },
      /max_attempts of the profile is "0"/,
    ],
    [
      {
        config: `[profile ops]\n${accessKeyLines}ca_bundle = /nowhere/ca.pem\n`,
        profile: 'ops',
        env: { AWS_CA_BUNDLE: '' },
      },
      /^ca_bundle of profile ops names \/nowhere\/ca\.pem/,
    ],
    [{ env: { AWS_MAX_ATTEMPTS: '2.5' } }, /max_attempts of the profile is "2\.5"/],
  ] as const)
    await assert.rejects(clientsOf(t, given), (error: Error) => {
      assert.ok(error instanceof SettingsError);
      assert.match(error.message, why);
      // The way out is to set it rightly, or not at all.
      assert.match(error.failure.next.join(' '), /, or take |^Check /);
      return true;
    });
});
