import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '../../source/practice/control-settings.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { frontOf } from '../cases/front.ts';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { answersFile, type Changes, exampleWith, ofEnvironment } from './answers.ts';
import { environmentKeys } from './identity-world.ts';
import { keyferry } from './program.ts';

/* What stands before AWS where people work, and who they are there. */

/** Practice AWS behind a front, and a first import by way of it. */
async function behind(t: TestContext, name: string, settings: Settings = {}) {
  const aws = await startPracticeAws({ stateFolder: newFolder(), settings });
  t.after(() => aws.close());
  const { endpoint, asked } = await frontOf(t, name, aws.endpoint);
  const folder = newFolder();
  return {
    aws,
    endpoint,
    asked,
    folder,
    record: () => JSON.parse(readFileSync(join(folder, 'w', 'record.json'), 'utf8')),
    run: (changes: Changes = {}) => {
      const answers = answersFile(folder, exampleWith(ofEnvironment, changes));
      const args = ['run', answers, '--endpoint-url', endpoint, '--workdir', 'w'];
      return keyferry(args, folder, environmentOf(aws.credentials));
    },
  };
}

/** The requests that made a KMS key. */
const createdBy = ({ asked }: Pick<Awaited<ReturnType<typeof behind>>, 'asked'>) =>
  asked.filter(({ headers }) => headers['x-amz-target'] === 'TrentService.CreateKey');

test('a proxy that only notes what it is asked is told with its status, and saw where Keyferry goes', async (t) => {
  const { endpoint, asked } = await frontOf(t, 'logging-proxy', 'http://127.0.0.1:9');
  const { status, stderr } = await keyferry(['unfinished', '--region', 'us-east-1'], newFolder(), {
    ...environmentKeys('secops1'),
    HTTPS_PROXY: endpoint,
  });
  assert.equal(status, 1);
  const targets = asked.map(({ method, path }) => `${method} ${path}`);
  assert.ok(targets.includes('CONNECT kms.us-east-1.amazonaws.com:443'), targets.join());
  assert.match(stderr, /the proxy answered with status 503/);
});

test('the account root imports a key without naming anybody', async (t) => {
  const { run, record } = await behind(t, 'root');
  const { status, stderr } = await run();
  assert.equal(status, 0, stderr);
  assert.match(JSON.stringify(record().account), /arn:aws:iam::000000000000:root/);
});

for (const [name, who, says] of [
  [
    'federated-user',
    'federated-user/bob',
    /\.yaml:\d+: permissions\.administrators is missing\. It takes .*, or \[\] for the account root alone: a federated user has no user or role of its own/,
  ],
  [
    'govcloud',
    'assumed-role/SecurityAdmin/you',
    /permissions\.administrators is not given, and its default .* cannot be taken: .* is not of aws-us-gov, the part of AWS in which this account is/,
  ],
] as const) {
  test(`as ${who} of the front ${name}, nothing is created where the people of the key cannot be told`, async (t) => {
    const { status, stderr } = await (await behind(t, name)).run();
    assert.equal(status, 2, stderr);
    assert.ok(stderr.includes('You are arn:') && stderr.includes(who), stderr);
    assert.match(stderr, says);
    assert.match(stderr, /nothing was created/);
  });
}

/** Whoever stands between says who else answers there, as a person who runs it would. */
const trusting = ({ endpoint }: { readonly endpoint: string }): Changes => ({
  connect: { 'trust-endpoint': new URL(endpoint).host },
  policy: { 'despite-missing-permissions': true },
});

test('a role of an Identity Center at home elsewhere is found in the list of roles where IAM does not show it', async (t) => {
  const front = await behind(t, 'sso-home-elsewhere');
  const { status, stderr } = await front.run(trusting(front));
  assert.equal(status, 0, stderr);
  const role = 'AWSReservedSSO_ReadOnlyAccess_1122334455667788';
  const named = `arn:aws:iam::000000000000:role/aws-reserved/sso.amazonaws.com/eu-central-1/${role}`;
  const inRecord = JSON.stringify(front.record()).match(/arn:aws:iam:[^"\\]*AWSReservedSSO[^"\\]*/g) ?? [];
  assert.deepEqual([...new Set(inRecord)], [named]);
});

test('where the roles are not listed either, no ARN is made up, and nothing is created before one is given', async (t) => {
  const front = await behind(t, 'sso-home-elsewhere', { deny: { SecurityAdmin: ['iam:ListRoles'] } });
  const { status, stderr } = await front.run(trusting(front));
  assert.equal(status, 2, stderr);
  assert.match(stderr, /permissions\.administrators is missing\. It takes .*, or \[\] for the account root alone/);
  assert.doesNotMatch(stderr, /role\/aws-reserved/);
  assert.deepEqual(createdBy(front), []);
});

/** A first import behind a front, with an upload of a file of that many bytes into a bucket that is there. */
async function uploadBehind(t: TestContext, name: string, { bucket, size = 100 }: { bucket: string; size?: number }) {
  const front = await behind(t, name);
  const { endpoint, credentials } = front.aws;
  const s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const file = join(front.folder, 'notthere.txt');
  writeFileSync(file, Buffer.alloc(size, 'ledger '));
  const chosen = { where: 'existing', bucket, what: 'files', files: [file] } as const;
  return { ...front, ...(await front.run({ 'encrypt-objects': chosen })) };
}

for (const [bucket, hidden] of [
  ['nolist-bucket', /S3 does not let you look at nolist-bucket: s3:ListBucket would show whether it exists/],
  ['nolist2-bucket', /S3 does not show you whether notthere\.txt exists: .* s3:ListBucket that there is none\./],
] as const)
  test(`who may not list ${bucket} uploads all the same, and is told what was not looked at`, async (t) => {
    const { status, stderr, record } = await uploadBehind(t, 's3-may-not-list', { bucket });
    assert.equal(status, 0, stderr);
    assert.equal(stderr.match(new RegExp(hidden, 'g'))?.length, 1, stderr);
    assert.equal(record().objects.length, 1);
  });

for (const size of [100, 20_000_000])
  test(`each request that brings ${size} bytes into a bucket with Object Lock has a checksum`, async (t) => {
    const { status, stderr, asked } = await uploadBehind(t, 's3-object-lock', { bucket: 'lockbucket-a', size });
    assert.equal(status, 0, stderr);
    const sent = asked.filter(({ method, path }) => method === 'PUT' && path.startsWith('/lockbucket-a/notthere'));
    assert.equal(sent.length, size > 8_388_608 ? 3 : 1);
    for (const { headers, path } of sent)
      assert.ok(
        Object.keys(headers).some((header) => header.startsWith('x-amz-checksum-')),
        path,
      );
  });

for (const [bucket, why] of [
  [
    'wrongkey-bucket',
    /The bucket policy forbids this upload\. For a new key, suspect first that the policy wants another/,
  ],
  ['oldpolicy-bucket', /does not say why\. For a new key, suspect first a bucket policy that wants another key\./],
] as const)
  test(`where ${bucket} refuses the upload, its policy is suspected first, and was read before there was a key`, async (t) => {
    const front = await uploadBehind(t, 's3-policy-wants-other-key', { bucket });
    assert.equal(front.status, 3, front.stderr);
    assert.match(front.stderr, why);
    const [created] = createdBy(front);
    assert.ok(created !== undefined);
    const before = front.asked.slice(0, front.asked.indexOf(created)).map(({ method, path }) => `${method} ${path}`);
    for (const setting of ['policy', 'encryption']) assert.ok(before.includes(`GET /${bucket}/?${setting}=`), setting);
  });

test('a bucket in another Region is told with both Regions before anything is made', async (t) => {
  const front = await behind(t, 's3-moved-bucket');
  const chosen = { where: 'existing', bucket: 'moved-bucket', what: 'sample' } as const;
  const { status, stderr } = await front.run({ 'encrypt-objects': chosen });
  assert.equal(status, 2, stderr);
  assert.match(stderr, /moved-bucket is in eu-west-1, and the key is in us-east-1\./);
  assert.match(stderr, /nothing was created/);
  assert.deepEqual(createdBy(front), []);
});
