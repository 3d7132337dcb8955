import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { explained } from './explained.ts';

/* What people pasted into issues and questions, a file each, and what they have to be told of it. */

const folder = new URL('../cases/explain/', import.meta.url);

/** What every explanation of the case says, and what it never says. */
type Case = readonly [name: string, says: readonly RegExp[], neverSays?: RegExp];

const lockOut = [
  /could not change the policy again/,
  /Add the account root, or the role that you are in, with kms:PutKeyPolicy/,
];
const checksum = [/Object Lock/, /Content-MD5 or x-amz-checksum-\*/, /Update the client/, /switch its checksum on/];

const cases: readonly Case[] = [
  ['cfn-lockout', lockOut, /\bS3\b/],
  ['cfn-java-lockout', [...lockOut, /AWS says: The new key policy will not allow/], /\bS3\b/],
  [
    'js-self-signed',
    [/certificate of the endpoint is not trusted/, /AWS_CA_BUNDLE/, /NODE_EXTRA_CA_CERTS/],
    /[Ss]ign in|login|AWS says/,
  ],
  [
    'iam-partition',
    [
      /AWS says: Partition "aws" is not valid for resource "arn:aws:kms:us-gov-west-1:111122223333:key\/\*"\./,
      /arn:aws-us-gov/,
    ],
    /does not exist|deleted/,
  ],
  [
    'php-object-lock-md5',
    [...checksum, /AWS says: Content-MD5 HTTP header is required for Put Object requests with Object Lock parameters/],
  ],
  ['s3cmd-object-lock-part', [...checksum, /AWS says: Content-MD5 OR x-amz-checksum- HTTP header/]],
  ['go-web-identity', [/trust policy of the role does not let this web identity in/], /key policy|kms:/],
  [
    'head-403-forbidden',
    [/AccessDenied/, /HEAD has no body/, /s3:GetObject/, /s3:ListBucket.*absent/, /The object was not looked up/],
  ],
  ['cli-unable-to-parse-config', [/a section stands twice in it, or a line is no setting/], /login/],
  ['source-profile-missing', [/\[profile NAME\] of that name is missing in ~\/\.aws\/config/], /login/],
  ['region-format', [/quotes stand around it in the config file/], /login/],
  [
    'scp-deny',
    [/forbids this to you/, /explicit deny in a service control policy/],
    /Likely causes|[Nn]o IAM policy of yours|key policy/,
  ],
  [
    'js-sso-expired',
    [/single sign-on session of this profile has ended.*--use-device-code/, /aws sso login/],
    /Nothing is set up|AWS says|sudo/,
  ],
  ['cli-invalid-keyid-aws-s3', [/aws\/s3.*another account it can never be used/, /full ARN/, /leave out the key/]],
  ['js-mfa-no-callback', [/code of your MFA device/], /AWS says|Nothing is set up/],
  ['js-invalid-ciphertext-null', [/could not unwrap the material/], /says:/],
  ['sops-no-imds-role', [/metadata service of this machine gives no role/], /login|AWS says/],
  ['no-identity-policy', [/No policy of yours allows this action/], /key policy|service control policy/],
  ['boto3-sigv4-multipart', [/client is too old for SSE-KMS/]],
  ['boto-sso-refresh', [/single sign-on session has ended/]],
  ['generate-data-key-no-resource', [/key is in another account or Region, or its policy does not let you in/]],
  ['jets3t-signature-xml', [/secret access key does not fit the access key id, or the clock/]],
  ['java1-signature', [/secret access key does not fit the access key id, or the clock/]],
  ['go-x509-unknown-authority', [/not trusted here/, /authority/]],
];

for (const [name, says, neverSays] of cases) {
  test(`the pasted text ${name} is explained rightly`, async () => {
    const { status, shown } = await explained(readFileSync(new URL(`${name}.txt`, folder)));
    assert.equal(status, 0, shown);
    for (const pattern of says) assert.match(shown, pattern);
    if (neverSays !== undefined) assert.doesNotMatch(shown, neverSays);
  });
}

test('each pasted text has its right answer here', () => {
  const names = readdirSync(folder).map((file) => file.replace(/\.txt$/, ''));
  assert.deepEqual(cases.map(([name]) => name).sort(), names.sort());
});
