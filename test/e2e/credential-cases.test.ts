import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { frontOf } from '../cases/front.ts';
import { newFolder } from '../new-folder.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { answersFile, exampleWith } from './answers.ts';
import { homeWith, identityWorld } from './identity-world.ts';
import { keyferry } from './program.ts';

/* What people have written into their shared config, and what they have to be told. */

const caseOf = (path: string) => readFileSync(new URL(`../cases/${path}`, import.meta.url), 'utf8');

const { accessKeyId, secretAccessKey } = practiceIdentities.secops1.credentials;

/** A config with the access keys of a practice identity. */
const configOf = (name: string) =>
  caseOf(`awsconfig/${name}/config`).replace('PRACTICE_ID', accessKeyId).replace('PRACTICE_SECRET', secretAccessKey);

for (const [name, says] of [
  ['no-profile-prefix', /The section \[ops\] of \S+config is no profile: there the word profile has to stand before/],
  ['source-profile-circle', /go in a circle by source_profile: ops, b, ops\./],
  ['source-profile-missing', /Profile ops takes its credentials from profile gone\. There is no profile gone\./],
  ['sso-session-mistyped', /Profile ops names the sso_session copr, and .* \[sso-session copr\]\. It has: corp\./],
] as const) {
  test(`the config ${name} is told as what it is, by the flag and in answers, and signing in again is not advised`, async (t) => {
    const { run, folder, requests, machine } = await identityWorld(t, configOf(name));
    const inAnswers = answersFile(folder, exampleWith({ connect: { source: 'profile:ops' } }));
    const looked = await run(['unfinished', '--profile', 'ops'], machine.instance);
    const ran = await run(['run', inAnswers, '--workdir', 'w'], machine.instance);
    assert.equal(looked.status, 1);
    assert.ok(ran.status === 2 || ran.status === 3, ran.stderr);
    for (const { stderr } of [looked, ran]) {
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /login|unforeseen|undefined/);
    }
    assert.deepEqual([requests, machine.asked], [[], []]);
  });
}

for (const name of ['bom', 'comments', 'duplicate-section', 'empty-value']) {
  test(`the config ${name} works`, async (t) => {
    const { run, signers } = await identityWorld(t, configOf(name));
    const { status, stdout, stderr } = await run(['unfinished', '--profile', 'ops']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /waits for its material in eu-central-1\./);
    assert.deepEqual(signers(), [accessKeyId]);
  });
}

test('a metadata service that never answers is named, with the hop limit of a container', async (t) => {
  const { run, requests } = await identityWorld(t, '');
  const silent = await frontOf(t, 'silent', 'http://127.0.0.1:9');
  const { status, stderr } = await run(['unfinished'], {
    AWS_EC2_METADATA_SERVICE_ENDPOINT: silent.endpoint,
    AWS_EC2_METADATA_DISABLED: 'false',
  });
  assert.equal(status, 1);
  assert.match(stderr, /The metadata service of this machine gave no role: no answer came in time\./);
  assert.match(stderr, /In a container, its hop limit may be 1: aws ec2 modify-instance-metadata-options/);
  assert.doesNotMatch(stderr, /login/);
  assert.deepEqual(requests, []);
});

test('a Region in quotes in the config is told as the Region of the profile, and no line of the answers is blamed', async (t) => {
  const { run, folder, machine } = await identityWorld(t, configOf('quoted-region'));
  const answers = exampleWith({ connect: { source: 'profile:ops', region: undefined } });
  const { status, stderr } = await run(['run', answersFile(folder, answers), '--workdir', 'w'], machine.instance);
  assert.equal(status, 2);
  assert.match(
    stderr,
    /\.yaml: connect\.region is not given, and its default "eu-central-1", the Region of profile ops, cannot be taken: .* Right would be: eu-central-1\n/,
  );
  assert.doesNotMatch(stderr, /\.yaml:\d+:/);
});

/** A home with this config, and a run of the program in it without settings of the environment but these. */
function runnerWith(config: string) {
  const folder = homeWith(config);
  const answers = exampleWith({ connect: { source: 'profile:ops', region: undefined } });
  const ways = {
    flag: ['doctor', '--profile', 'ops'],
    answers: ['run', answersFile(folder, answers), '--workdir', 'w'],
  };
  return { folder, run: (way: keyof typeof ways, env = {}) => keyferry(ways[way], folder, env) };
}

for (const [name, kms, s3, sts, iam] of [
  [
    'fips',
    'kms-fips.us-east-1.amazonaws.com',
    's3-fips.us-east-1.amazonaws.com',
    'sts-fips.us-east-1.amazonaws.com',
    'iam-fips.amazonaws.com',
  ],
  [
    'dualstack',
    'kms.eu-central-1.api.aws',
    's3.dualstack.eu-central-1.amazonaws.com',
    'sts.eu-central-1.api.aws',
    'iam.global.api.aws',
  ],
] as const)
  test(`the config ${name} chooses ${kms} and its kind, by the flag and in answers`, async (t) => {
    const proxy = await frontOf(t, 'logging-proxy', 'http://127.0.0.1:9');
    const { run } = runnerWith(caseOf(`awsconfig/${name}/config`));
    for (const way of ['flag', 'answers'] as const) {
      const { stderr } = await run(way, { HTTPS_PROXY: proxy.endpoint });
      const asked = new Set(proxy.asked.splice(0).map(({ path }) => path.replace(/:443$/, '')));
      asked.delete(iam);
      assert.deepEqual([...asked].sort(), [kms, s3, sts].sort(), stderr);
    }
  });

test('the config endpoint-url leads to its endpoint by the flag and in answers, and the commands name it', async (t) => {
  const aws = await startPracticeAws({ stateFolder: newFolder(), fixedCredentials: true });
  t.after(() => aws.close());
  const config = configOf('endpoint-url').replace('http://127.0.0.1:4599', aws.endpoint);
  const { run, folder } = runnerWith(config);
  const looked = await run('flag');
  assert.match(looked.stdout, /practice AWS/, looked.stdout);
  const { status, stdout, stderr } = await run('answers');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /is Enabled in eu-central-1/);
  assert.match(readFileSync(join(folder, 'w', 'record.md'), 'utf8'), /127\.0\.0\.1/);
});
