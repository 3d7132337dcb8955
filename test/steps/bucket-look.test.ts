import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketEncryptionCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { explainRefusedUpload } from '../../source/steps/refused-upload.ts';
import { unattendedInterviewer } from '../../source/ui/unattended/unattended.ts';
import { nothingGiven } from '../bare-step.ts';
import { s3Error } from '../faults/between.ts';
import { connectionOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { denyCaller, must, type Practice, practise } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { writtenAnswers } from '../ui/written-answers.ts';
import { bucket, bucketPolicyOf, wantsKey } from './bucket-policies.ts';
import { beginImport, problemOf, proxyBefore, refusalOf } from './ceremony.ts';
import { beginEncrypt } from './encrypting.ts';

/* What a bucket demands is looked at before a key is made and before anything is sent, where the caller may look. */

const theirs = 'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** A statement of a bucket policy that leaves only one key free. */
const onlyKey = (arn: string, conditions: object = {}) => wantsKey(arn, conditions, { Sid: 'OnlyTheirKey' });

/** Practice AWS with a bucket that has this policy. */
async function withPolicy(t: TestContext, ...statements: readonly object[]): Promise<Practice> {
  const practice = await practise(t);
  const s3 = practice.s3();
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const Policy = bucketPolicyOf(...statements);
  if (statements.length > 0) await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  return practice;
}

/** A file and a KMS key of practice AWS; and an encryption of that file under that key, into the bucket. */
async function encrypting(t: TestContext, practice: Practice, answers: Answers = {}, endpoint?: string) {
  const { KeyMetadata } = await practice.kms().send(new CreateKeyCommand({}));
  const file = join(newFolder(), 'a.txt');
  writeFileSync(file, 'some bytes');
  const ceremony = await beginEncrypt(t, {
    practice,
    key: must(KeyMetadata?.KeyId),
    answers: { where: 'existing', bucket, what: 'files', files: [file], ...answers },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return { ceremony, keyArn: must(KeyMetadata?.Arn) };
}

/** What the question after that of the bucket says beside itself. */
const helpIn = (ceremony: Awaited<ReturnType<typeof encrypting>>['ceremony']) =>
  ceremony.questionsOf('encrypt-objects', { where: 'existing', bucket }).find(({ id }) => id === 'what')?.help ?? '';

test('a bucket whose policy wants another key is refused before anything is sent, with the statement and the way on', async (t) => {
  const { ceremony, keyArn } = await encrypting(t, await withPolicy(t, onlyKey(theirs)));
  const refusal = await refusalOf(ceremony.upTo());
  assert.match(refusal, /denies uploads under any other key than .*key\/1234abcd.* \(statement "OnlyTheirKey"\)/);
  assert.ok(refusal.includes(`name ${keyArn} as well`), refusal);
  assert.equal(ceremony.countOf('S3.PutObject'), 0);
});

test('a bucket whose policy wants this very key, or encrypts by default under another, takes the upload', async (t) => {
  const practice = await withPolicy(t);
  const { ceremony, keyArn } = await encrypting(t, practice);
  const Policy = bucketPolicyOf(onlyKey(keyArn));
  await practice.s3().send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const byDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: theirs } as const;
  await practice.s3().send(
    new PutBucketEncryptionCommand({
      Bucket: bucket,
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] },
    }),
  );
  const { objects } = await ceremony.upTo();
  assert.equal(objects?.objects[0]?.kmsKeyArn, keyArn);
  assert.match(
    helpIn(ceremony),
    /encrypts under arn:.*1234abcd.* where an upload asks for no encryption\. These uploads name yours/,
  );
});

test('a statement that cannot be judged here warns and stops nothing', async (t) => {
  const elsewhere = { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } };
  const { ceremony } = await encrypting(t, await withPolicy(t, onlyKey(theirs, elsewhere)));
  assert.equal((await ceremony.upTo()).objects?.objects[0]?.verified, true);
  assert.match(
    helpIn(ceremony),
    /may deny uploads under any other key than .*statement "OnlyTheirKey".*The upload will tell/,
  );
});

test('what the caller may not look at is said with its permissions, and the upload goes on', async (t) => {
  const practice = await withPolicy(t);
  const { ceremony } = await encrypting(t, practice);
  const permissions = [
    's3:ListBucket',
    's3:GetBucketPolicy',
    's3:GetEncryptionConfiguration',
    's3:GetBucketObjectLockConfiguration',
  ];
  denyCaller(practice, ...permissions);
  assert.equal((await ceremony.upTo()).objects?.objects[0]?.verified, true);
  const help = helpIn(ceremony);
  for (const permission of permissions) assert.ok(help.includes(permission), help);
});

test('a bucket with Object Lock, or that keeps every version, is told so before anything is sent', async (t) => {
  const practice = await withPolicy(t);
  const proxy = await proxyBefore(t, practice);
  const rule = '<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>7</Years></DefaultRetention></Rule>';
  proxy.decide((call) => {
    if (call.includes('?object-lock'))
      return { status: 200, body: `<ObjectLockConfiguration>${rule}</ObjectLockConfiguration>` };
    if (call.includes('?policy')) return { status: 200, body: 'no policy' };
    if (!call.includes('?versioning')) return undefined;
    return { status: 200, body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' };
  });
  const { ceremony } = await encrypting(t, practice, {}, proxy.endpoint);
  await ceremony.upTo();
  const help = helpIn(ceremony);
  assert.match(help, / has Object Lock \(COMPLIANCE\): no object can be removed for 7 years\./);
  assert.match(help, /keeps every version of an object, and each is billed\./);
  assert.match(help, /The policy of a-bucket cannot be read as a policy, so it may want another key\./);
});

test('a bucket that is not there is told also by who may not list it', async (t) => {
  const practice = await withPolicy(t);
  const { ceremony } = await encrypting(t, practice, { bucket: 'nowhere-at-all' });
  denyCaller(practice, 's3:ListBucket');
  assert.match(await refusalOf(ceremony.upTo()), /There is no bucket nowhere-at-all\./);
});

test("a new bucket is called another account's only where S3 shows that", async (t) => {
  const practice = await practise(t, {
    settings: { foreignBuckets: ['taken-by-others'] },
  });
  await practice.s3().send(new CreateBucketCommand({ Bucket: 'my-own-bucket' }));
  const { ceremony } = await encrypting(t, practice, { where: 'new', bucket: 'taken-by-others' });
  assert.match(await refusalOf(ceremony.upTo()), /taken-by-others belongs to another account/);
  denyCaller(practice, 's3:ListBucket');
  ceremony.answer('encrypt-objects', { bucket: 'my-own-bucket' });
  assert.match(await refusalOf(ceremony.upTo()), /my-own-bucket exists already/);
  ceremony.answer('encrypt-objects', { bucket: 'taken-by-others' });
  const { what, why } = await problemOf(ceremony.upTo());
  assert.match(`${what} ${why}`, /Can't make the bucket taken-by-others.*/);
  ceremony.answer('encrypt-objects', { bucket: 'a-free-name' });
  assert.equal((await ceremony.upTo()).objects?.bucket, 'a-free-name');
});

const deniedBy = (message: string) => s3Error('AccessDenied', 403, message);
const explicitDeny =
  'User: arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::a-bucket/a.txt" with an explicit deny in a resource-based policy';

for (const message of [explicitDeny, 'Access Denied'])
  test(`an upload refused with "${message.slice(0, 20)}" leads to the policy of the bucket first`, async (t) => {
    const practice = await withPolicy(t);
    const proxy = await proxyBefore(t, practice);
    const { ceremony, keyArn } = await encrypting(t, practice, {}, proxy.endpoint);
    proxy.decide((call) => (call.startsWith('s3:PUT') ? deniedBy(message) : undefined));
    const read = await problemOf(ceremony.upTo());
    assert.match(read.why ?? '', /suspect first .*policy .*wants another key/);
    assert.match(read.next.join(), /has read the policy of a-bucket, and found no statement that denies this upload/);
    assert.doesNotMatch(read.next.join(), /named above/);
    assert.equal(/kms:GenerateDataKey/.test(read.next.join()), message !== explicitDeny);

    denyCaller(practice, 's3:GetBucketPolicy');
    const hidden = await problemOf(ceremony.upTo());
    assert.match(
      hidden.next.join(),
      /You may not read that policy \(s3:GetBucketPolicy\).*name the full ARN of your key/,
    );

    denyCaller(practice);
    // Whether this statement is about the file is known only when the file is.
    const ofOneFile = { ...onlyKey(theirs), Resource: `arn:aws:s3:::${bucket}/a.txt` };
    const Policy = bucketPolicyOf(ofOneFile);
    await practice.s3().send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    const named = await problemOf(ceremony.upTo());
    assert.match(named.why ?? '', /denies uploads under any other key than .* \(statement "OnlyTheirKey"\)/);
    assert.ok(named.next.join().includes(keyArn));
  });

test('where S3 denies an upload for a permission of the key, nobody is sent to the policy of the bucket', async (t) => {
  const { services } = await makeServices(t);
  const connection = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');
  const key = { keyId: 'one', keyArn: theirs, alias: 'alias/a', createdAt: '2026-11-24' };
  const target = { bucket, key: 'a.txt', path: 'a.txt' };
  const nextAfter = async (sentence: string) => {
    const error = Object.assign(new Error(sentence), { name: 'AccessDenied' });
    const words = { what: "Can't upload a.txt.", state: 'Nothing was sent.' };
    return (await explainRefusedUpload(error, { facts: { connection, key }, services }, target, words)).next.join(' ');
  };
  const ofKey =
    'User: arn:aws:iam::000000000000:role/SecurityAdmin is not authorized to perform: kms:GenerateDataKey on this resource';
  assert.doesNotMatch(await nextAfter(ofKey), /s3:GetBucketPolicy/);
  // The session is not connected, so the policy cannot be read.
  const hidden = await nextAfter('Access Denied');
  assert.match(hidden, /^You may not read that policy \(s3:GetBucketPolicy\): ask who may\./);
  assert.match(hidden, /Or a-bucket belongs to another account: each request names yours, 000000000000\.$/);
});

test('before a key is made, a person may look at the bucket; that bucket is suggested at the end', async (t) => {
  const practice = await withPolicy(t, onlyKey(theirs));
  await practice.s3().send(new CreateBucketCommand({ Bucket: 'a-free-bucket' }));
  const ceremony = await beginImport(t, { practice, answers: { policy: { proceed: 'look', bucket } } });
  const refusal = await refusalOf(ceremony.upTo('policy'));
  assert.match(
    refusal,
    /denies uploads under any other key than .*Have that statement name the ARN of your key as well/,
  );
  assert.equal(ceremony.countOf('KMS.CreateKey'), 0);
  ceremony.answer('policy', { bucket: 'a-free-bucket' });
  await ceremony.upTo('prove');
  const [where, which] = ceremony.questionsOf('encrypt-objects', { where: 'existing' });
  assert.deepEqual(
    [where, which].map((question) => (question as { default?: string }).default),
    ['existing', 'a-free-bucket'],
  );
});

/** The rehearsal of an answers file that names the bucket: what it says, and with which error it ends. */
async function rehearsed(t: TestContext, practice: Practice, name = bucket) {
  const ceremony = await beginImport(t, { practice });
  const facts = await ceremony.upTo('connect');
  const given = writtenAnswers(
    `secret-key: { keep: memory }
describe-key: { alias: alias/of-the-file, acknowledge: true }
backup: { how: none, confirm-none: no backup }
import: { without-copy: true }
encrypt-objects: { where: existing, bucket: ${name} }
`,
  );
  const said: string[] = [];
  const { steps } = firstImport;
  const interviewer = unattendedInterviewer(steps, given, { say: (line) => void said.push(line) });
  const context = { facts, answers: {}, services: ceremony.services };
  const error = await interviewer.interview(must(steps[1]), context, nothingGiven).then(
    () => undefined,
    (thrown: unknown) => String((thrown as Error).message),
  );
  return { said: said.join('\n'), error, keys: ceremony.countOf('KMS.CreateKey') };
}

test('the rehearsal refuses a bucket that wants another key, and says what it may not look at', async (t) => {
  const practice = await withPolicy(t, onlyKey(theirs));
  const { error } = await rehearsed(t, practice);
  assert.match(
    error ?? '',
    /answers\.yaml:5: encrypt-objects\.bucket: The policy of a-bucket denies uploads .*the ARN of your key/,
  );
  denyCaller(practice, 's3:GetBucketPolicy');
  const blind = await rehearsed(t, practice);
  assert.equal(blind.error, undefined);
  assert.match(blind.said, /does not show you the policy of a-bucket \(s3:GetBucketPolicy\); it may want another key/);
});

test('a directory bucket is refused by its name', async (t) => {
  const practice = await withPolicy(t);
  const { error } = await rehearsed(t, practice, 'fast--use1-az4--x-s3');
  assert.match(error ?? '', /fast--use1-az4--x-s3 is a directory bucket .*another API, and only one KMS key/);
});
