import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { justCreatedRole } from '../../source/practice/account.ts';
import { type PracticeAws, startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { answersFile, type Changes, exampleWith, ofEnvironment } from './answers.ts';
import { keyferry } from './program.ts';

let aws: PracticeAws;
before(async () => {
  aws = await startPracticeAws({ stateFolder: newFolder() });
});
after(() => aws.close());

/** What an AWS user has in the environment. */
function environmentOf(identity: string): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey, sessionToken } = aws.credentialsOf(identity);
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
  };
}

const kms = () => new KMSClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: aws.credentials });
const s3 = (region: string) =>
  new S3Client({ endpoint: aws.endpoint, region, credentials: aws.credentials, forcePathStyle: true });

/** Runs the ceremony as an AWS user would: keys in the environment, the endpoint overridden, no --practice. */
async function ceremony(identity: string, changes: Changes, environment: NodeJS.ProcessEnv = {}) {
  const folder = newFolder();
  const answers = answersFile(folder, exampleWith(changes, ofEnvironment));
  const args = ['run', answers, '--endpoint-url', aws.endpoint, '--workdir', 'w', '--json'];
  const result = await keyferry(args, folder, { ...environmentOf(identity), ...environment });
  return { ...result, folder: join(folder, 'w'), again: () => keyferry(args, folder, environmentOf(identity)) };
}

async function policyOf(keyId: string): Promise<string> {
  return (await kms().send(new GetKeyPolicyCommand({ KeyId: keyId, PolicyName: 'default' }))).Policy ?? '';
}

test("a session's role stands in the policy with its path", async () => {
  const { status, stdout, stderr } = await ceremony('app-deployer', { 'describe-key': { alias: 'alias/deployed' } });
  assert.equal(status, 0, stderr);
  const policy = await policyOf(JSON.parse(stdout).keyId);
  assert.match(policy, /arn:aws:iam::000000000000:role\/application\/app-deployer/);
  assert.doesNotMatch(policy, /assumed-role/);
});

test('a user with keys of their own goes through as well', async () => {
  const { status, stdout, stderr } = await ceremony('secops-1', { 'describe-key': { alias: 'alias/by-a-user' } });
  assert.equal(status, 0, stderr);
  assert.match(await policyOf(JSON.parse(stdout).keyId), /arn:aws:iam::000000000000:user\/secops-1/);
});

test('practice AWS that another program serves is told as practice, on the screen and in the record', async () => {
  const { status, stderr, folder } = await ceremony('SecurityAdmin', {
    'describe-key': { alias: 'alias/served-elsewhere' },
  });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^\+ Connected to practice AWS: account 000000000000, us-east-1, as role SecurityAdmin$/m);
  assert.equal(JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')).account.practice, true);
});

test('a principal that IAM has not spread yet is tried again, visibly', async () => {
  const { status, stdout, stderr } = await ceremony('SecurityAdmin', {
    'describe-key': { alias: 'alias/spreading' },
    permissions: { users: [justCreatedRole] },
  });
  assert.match(stderr, /KMS does not see all the people yet: IAM has them, .*, try 2 in 1 s/);
  assert.equal(status, 0, stderr);
  assert.match(await policyOf(JSON.parse(stdout).keyId), /just-created-role/);
});

test('an alias that is taken is told with what it points to, before anything is created', async () => {
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({}));
  await kms().send(new CreateAliasCommand({ AliasName: 'alias/taken', TargetKeyId: KeyMetadata?.KeyId }));
  const { status, stderr, folder } = await ceremony('SecurityAdmin', { 'describe-key': { alias: 'alias/taken' } });
  assert.equal(status, 2);
  assert.match(
    stderr,
    new RegExp(
      `describe-key\\.move-alias is missing\\. It takes true, which moves alias/taken from key ${KeyMetadata?.KeyId} \\(Enabled, origin AWS_KMS\\) to the new key; or give another alias`,
    ),
  );
  assert.deepEqual(
    readdirSync(folder).filter((name) => !name.startsWith('journal')),
    [],
  );
});

test('an alias on a key that is to be deleted is told with the day on which it is free', async () => {
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({}));
  await kms().send(new CreateAliasCommand({ AliasName: 'alias/going', TargetKeyId: KeyMetadata?.KeyId }));
  await kms().send(new ScheduleKeyDeletionCommand({ KeyId: KeyMetadata?.KeyId }));
  const { status, stderr } = await ceremony('SecurityAdmin', { 'describe-key': { alias: 'alias/going' } });
  assert.equal(status, 2);
  assert.match(
    stderr,
    /moves alias\/going from key [0-9a-f-]{36} \(to be deleted on \d{4}-.* UTC, origin AWS_KMS\) to the new key/,
  );
});

test('a principal of another partition is refused before KMS is asked', async () => {
  const other = await ceremony('SecurityAdmin', {
    'describe-key': { alias: 'alias/partition' },
    permissions: { users: ['arn:aws-cn:iam::111122223333:role/x'] },
  });
  assert.equal(other.status, 2);
  assert.match(other.stderr, /permissions\.users: arn:aws-cn:iam::111122223333:role\/x is not of aws/);
});

test('a bucket of another Region is explained, not attempted', async () => {
  await s3('eu-west-1').send(new CreateBucketCommand({ Bucket: 'elsewhere-bucket' }));
  const { status, stderr } = await ceremony('SecurityAdmin', {
    'describe-key': { alias: 'alias/elsewhere' },
    'encrypt-objects': { where: 'existing', bucket: 'elsewhere-bucket' },
  });
  assert.equal(status, 2);
  assert.match(stderr, /elsewhere-bucket is in eu-west-1, and the key is in us-east-1/);
});

test('files of the person go into a bucket that they have, and are read back', async () => {
  await s3('us-east-1').send(new CreateBucketCommand({ Bucket: 'bucket-i-have' }));
  const { status, stdout, stderr } = await ceremony('SecurityAdmin', {
    'describe-key': { alias: 'alias/files' },
    'encrypt-objects': {
      where: 'existing',
      bucket: 'bucket-i-have',
      what: 'files',
      files: [import.meta.filename, process.execPath],
    },
  });
  assert.equal(status, 0, stderr);
  const { objects } = JSON.parse(stdout);
  assert.deepEqual(
    objects.map(({ key, verified }: { key: string; verified: boolean }) => [key, verified]),
    [
      ['account.test.ts', true],
      ['node', true],
    ],
  );
});

test('wrong credentials are told as such, and nothing is made', async () => {
  const { status, stderr } = await ceremony('SecurityAdmin', {}, { AWS_SECRET_ACCESS_KEY: 'wrong' });
  assert.equal(status, 3);
  assert.match(stderr, /Can't connect to AWS\./);
  assert.match(stderr, /SignatureDoesNotMatch/);
});

test('an endpoint that does not answer is named', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  silent.close();
  const folder = newFolder();
  const answers = answersFile(folder, exampleWith(ofEnvironment));
  const result = await keyferry(
    ['run', answers, '--endpoint-url', `http://127.0.0.1:${port}`, '--workdir', 'w'],
    folder,
    environmentOf('SecurityAdmin'),
  );
  assert.equal(result.status, 3);
  assert.match(result.stderr, new RegExp(`http://127\\.0\\.0\\.1:${port} does not answer`));
});

test('a run that was stopped by a problem goes on with the same command', async () => {
  const first = await ceremony(
    'SecurityAdmin',
    { 'describe-key': { alias: 'alias/goes-on' } },
    { AWS_SECRET_ACCESS_KEY: 'wrong' },
  );
  assert.equal(first.status, 3);
  const second = await first.again();
  assert.equal(second.status, 0, second.stderr);
  const steps = readFileSync(join(first.folder, 'journal.jsonl'), 'utf8');
  assert.match(steps, /"kind":"continued"/);
});
