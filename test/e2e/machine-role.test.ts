import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { identityWorld } from './identity-world.ts';

const role = 'role_arn = arn:aws:iam::000000000000:role/application/app-deployer';
const config = `
[profile instance]
${role}
credential_source = Ec2InstanceMetadata
[profile alone]
credential_source = Ec2InstanceMetadata
[profile container]
${role}
credential_source = EcsContainer
[profile environment]
${role}
credential_source = Environment
`;
const tokenPath = '/latest/api/token';
const rolesPath = '/latest/meta-data/iam/security-credentials/';
const ofContainer = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9/x' };

/** What is wrong with the machine's role, what a person is told, and the only path that may be asked. */
const cases: readonly (readonly [
  name: string,
  says: RegExp,
  given: {
    readonly statuses?: Readonly<Record<string, number>>;
    readonly environment?: Readonly<Record<string, string>>;
    readonly container?: boolean;
    readonly profile?: string;
    readonly asks: RegExp;
  },
])[] = [
  ['no role is attached', /answers, and no role is attached/, { statuses: { [rolesPath]: 404 }, asks: /latest/ }],
  [
    'a hop limit of 1',
    /wants a session token \(IMDSv2\).*hop limit is 1/,
    { statuses: { [tokenPath]: 404 }, asks: /latest/ },
  ],
  ['metadata is switched off', /is switched off/, { statuses: { [tokenPath]: 403, [rolesPath]: 403 }, asks: /latest/ }],
  [
    'metadata is forbidden here',
    /AWS_EC2_METADATA_DISABLED is set/,
    { environment: { AWS_EC2_METADATA_DISABLED: 'true' }, asks: /^$/ },
  ],
  [
    'this is no instance',
    /gave no role: nothing listens there\./,
    { environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:9' }, asks: /^$/ },
  ],
  [
    'the container may not have one',
    /this container gave no credentials: it answered with status 403 \(NotAllowed: no role here\)\./,
    { container: true, statuses: { '/container': 403 }, asks: /container/ },
  ],
  [
    'the endpoint of the container is dead',
    /this container gave no credentials: nothing listens there\./,
    { environment: ofContainer, asks: /^$/ },
  ],
  [
    'the token file is gone',
    /STS gave no role for the token file .*: gone cannot be read\. There is no such file or folder\./,
    {
      container: true,
      environment: { AWS_WEB_IDENTITY_TOKEN_FILE: 'gone', AWS_ROLE_ARN: 'arn:aws:iam::000000000000:role/x' },
      asks: /^$/,
    },
  ],
  [
    'the token file has no role',
    /AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not\./,
    { container: true, environment: { AWS_WEB_IDENTITY_TOKEN_FILE: 'token' }, asks: /^$/ },
  ],
  [
    'STS does not answer',
    /STS gave no role for the token file .*: nothing listens there\./,
    {
      container: true,
      environment: { AWS_WEB_IDENTITY_TOKEN_FILE: 'token', AWS_ROLE_ARN: 'arn:aws:iam::000000000000:role/x' },
      asks: /^$/,
    },
  ],
  [
    'a profile names a role that is not attached',
    /Profile instance takes its credentials from Ec2InstanceMetadata\. .* no role is attached/,
    { profile: 'instance', container: true, statuses: { [rolesPath]: 404 }, asks: /latest/ },
  ],
  [
    'a profile names metadata that is forbidden',
    /from Ec2InstanceMetadata\. AWS_EC2_METADATA_DISABLED is set/,
    { profile: 'instance', container: true, environment: { AWS_EC2_METADATA_DISABLED: 'true' }, asks: /^$/ },
  ],
  [
    'a profile names metadata alone, and that is forbidden',
    /Profile alone takes its credentials from Ec2InstanceMetadata\. AWS_EC2_METADATA_DISABLED is set/,
    { profile: 'alone', environment: { AWS_EC2_METADATA_DISABLED: 'true' }, asks: /^$/ },
  ],
  [
    'a profile names a container, and there is none',
    /from EcsContainer\. The environment names no endpoint/,
    { profile: 'container', asks: /^$/ },
  ],
  [
    'a profile names the environment, which has no keys',
    /from Environment\. The environment has no AWS_ACCESS_KEY_ID/,
    { profile: 'environment', container: true, asks: /^$/ },
  ],
];

for (const [name, says, { statuses, environment, container, profile, asks }] of cases) {
  test(`${name}: the cause is told, and no other role is looked for`, async (t) => {
    const { run, machine, requests, folder } = await identityWorld(t, config, statuses);
    writeFileSync(join(folder, 'token'), 'a.web.identity');
    const { status, stderr } = await run(['unfinished', ...(profile === undefined ? [] : ['--profile', profile])], {
      ...machine.instance,
      ...(container === true ? machine.container : {}),
      ...environment,
    });
    assert.equal(status, 1, stderr);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /aws sso login|undefined|\n\s+at /);
    for (const page of machine.asked) assert.match(page, asks);
    assert.deepEqual(requests, []);
  });
}
