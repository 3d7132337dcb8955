import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { answersFile, exampleWith } from './answers.ts';
import { keyferry } from './program.ts';

const config = `
[profile corp]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[sso-session corp]
sso_start_url = https://example.com/start
sso_region = eu-west-1
[profile careful]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/me
[profile base]
aws_access_key_id = AKIAKEYFERRYSECOPS01
aws_secret_access_key = x
[profile made]
credential_process = /bin/false
[profile bare]
region = eu-west-1
[profile console]
login_session = arn:aws:iam::111122223333:user/x
`;

/** What the SDK's own providers end in, profile by profile, and what a person is told. Nothing answers at the endpoint. */
const cases: readonly (readonly [profile: string, why: RegExp, next: RegExp])[] = [
  ['corp', /single sign-on session of this profile has ended, or was never begun/, /Run: aws sso login --profile corp/],
  ['careful', /asks for a code of your MFA device/, /aws sts get-session-token/],
  ['made', /The program that profile made names as credential_process gave no credentials/, /Run that program by hand/],
  ['bare', /Profile bare names no way to sign in/, /aws configure --profile bare/],
  ['console', /The sign-in of profile console has ended/, /aws login --profile console/],
  ['absent', /The shared config has no profile absent\. It has: /, /Check the name/],
];

for (const [profile, why, next] of cases) {
  test(`profile ${profile}: the sign-in that failed is told by its cause, and nothing is made`, async () => {
    const folder = newFolder();
    mkdirSync(join(folder, '.aws'));
    writeFileSync(join(folder, '.aws', 'config'), config);
    const answers = answersFile(folder, exampleWith({}));
    const args = ['run', answers, '--profile', profile, '--endpoint-url', 'http://127.0.0.1:9', '--workdir', 'w'];
    const { status, stderr } = await keyferry(args, folder);
    assert.equal(status, 3, stderr);
    assert.match(stderr, /x Can't connect to AWS\./);
    assert.match(stderr, why);
    assert.match(stderr, next);
    assert.match(stderr, /\[CredentialsProviderError\]\n {2}Nothing was made or changed\./);
    assert.doesNotMatch(stderr, /\n\s+at |undefined|AWS says/);
  });
}
