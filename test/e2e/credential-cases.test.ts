import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { frontOf } from '../cases/front.ts';
import { newFolder } from '../new-folder.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { answersFile, exampleWith } from './answers.ts';
import { identityWorld } from './identity-world.ts';
import { bareEnvironment, program } from './program.ts';

/* What people have written into their shared config or pasted, and what they have to be told. */

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

for (const [name, says, neverSays] of [
  ['js-mfa-no-callback', /code of your MFA device/],
  ['js-sso-expired', /single sign-on session of this profile has ended[\s\S]*--use-device-code/],
  ['boto-sso-refresh', /single sign-on/],
  ['sops-no-imds-role', /metadata service/],
  ['source-profile-missing', /section \[profile NAME\] of that name is missing in\s+~\/\.aws\/config/, /login/],
  ['go-web-identity', /trust policy of the role does not let this web identity in/, /key policy|kms:/],
  ['cli-unable-to-parse-config', /a section stands twice\s+in it, or a line is no setting/, /login/],
  ['region-format', /quotes stand around\s+it in the config file/, /login/],
  ['no-identity-policy', /No policy of yours allows this action/, /key policy|service control policy/],
] as const) {
  test(`the pasted text ${name} is read rightly`, async () => {
    const folder = newFolder();
    const child = spawn(process.execPath, [program, 'explain'], { cwd: folder, env: bareEnvironment(folder) });
    child.stdin.end(caseOf(`explain/${name}.txt`));
    const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
    assert.match(stdout, says);
    if (neverSays !== undefined) assert.doesNotMatch(stdout, neverSays);
  });
}
