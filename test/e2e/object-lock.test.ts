import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { between } from '../faults/between.ts';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';
import { answersFile, type Changes, exampleWith, ofEnvironment } from './answers.ts';
import { keyferry } from './program.ts';

/** Practice AWS behind a proxy that gives `a-bucket` an Object Lock, which practice AWS does not have. */
async function lockedBucket(t: TestContext) {
  const practice = await practise(t);
  const s3 = practice.s3();
  await s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  const { endpoint, decide, close } = await between(practice.server.endpoint);
  t.after(close);
  const rule = '<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>90</Days></DefaultRetention></Rule>';
  const body = `<ObjectLockConfiguration>${rule}</ObjectLockConfiguration>`;
  const lock = (call: string) => (call.includes('?object-lock') ? { status: 200, body } : undefined);
  decide(lock);
  const folder = newFolder();
  const environment = environmentOf(practice.server.credentials);
  const run = (...words: readonly string[]) =>
    keyferry([...words, '--endpoint-url', endpoint, '--json'], folder, { ...environment, AWS_REGION: 'us-east-1' });
  const there = async () =>
    (await s3.send(new ListObjectsV2Command({ Bucket: 'a-bucket' }))).Contents?.map(({ Key }) => Key) ?? [];
  return { practice, folder, run, there, lock, decide };
}

test('without a person, a flag or an answer accepts that locked objects may outlive their key; else nothing is sent', async (t) => {
  const { practice, folder, run, there, lock, decide } = await lockedBucket(t);
  const { KeyMetadata } = await practice.kms().send(new CreateKeyCommand({}));
  const key = must(KeyMetadata?.Arn);
  // The keys that practice AWS makes itself have no expiry.
  decide((call) => {
    const found = lock(call);
    if (found !== undefined || call !== 'kms:DescribeKey') return found;
    return { changeBody: (text) => text.replace('"KeyId"', '"ValidTo":1798761600,"KeyId"') };
  });
  writeFileSync(join(folder, 'a.txt'), 'some bytes');
  writeFileSync(join(folder, 'b.txt'), 'other bytes');
  const words = ['encrypt', 'a.txt', '--to', 's3://a-bucket', '--key', key, '--workdir', 'w'];

  const refused = await run(...words);
  assert.equal(refused.status, 2, refused.stderr);
  assert.match(JSON.parse(refused.stdout).problem.next.join(), /--accept-object-lock a-bucket/);
  const other = await run(...words, '--accept-object-lock', 'another-bucket');
  assert.equal(other.status, 2, other.stderr);
  assert.deepEqual(await there(), []);

  const accepted = await run(...words, '--accept-object-lock', 'a-bucket');
  assert.equal(accepted.status, 0, accepted.stderr);
  assert.deepEqual(await there(), ['a.txt']);
  const record = readdirSync(join(folder, 'w')).find((name) => /^record-encrypt-.*\.json$/.test(name));
  const { sums } = JSON.parse(readFileSync(join(folder, 'w', must(record)), 'utf8'));
  assert.deepEqual(sums.acceptedLock, { period: '90 days', validTo: '2027-01-01T00:00:00.000Z' });

  const answers = (more = '') => `ceremony: encrypt
connect: { source: environment }
find-key: { key: ${key} }
encrypt-objects: { where: existing, bucket: a-bucket, what: files, files: [b.txt]${more} }
`;
  writeFileSync(join(folder, 'answers.yaml'), answers());
  assert.equal((await run('run', 'answers.yaml', '--workdir', 'v')).status, 2);
  assert.deepEqual(await there(), ['a.txt']);
  writeFileSync(join(folder, 'answers.yaml'), answers(', accept-object-lock: a-bucket'));
  const answered = await run('run', 'answers.yaml', '--workdir', 'v');
  assert.equal(answered.status, 0, answered.stderr);
  assert.deepEqual(await there(), ['a.txt', 'b.txt']);
});

test('a first import says before it makes anything that locked objects would outlive the material', async (t) => {
  const { practice, folder, run, there } = await lockedBucket(t);
  const answersWith = (...more: readonly Changes[]) =>
    answersFile(folder, exampleWith(ofEnvironment, expiring, intoBucket, ...more));
  const refused = await run('run', answersWith());
  assert.equal(refused.status, 2, refused.stderr);
  const { why } = JSON.parse(refused.stdout).problem;
  assert.match(why, /encrypt-objects: a-bucket has Object Lock in mode COMPLIANCE.*my-first-key expires at/);
  assert.match(why, /add this answer: encrypt-objects\.accept-object-lock: a-bucket/);
  assert.deepEqual((await practice.kms().send(new ListKeysCommand({}))).Keys, []);

  const accepted = await run('run', answersWith({ 'encrypt-objects': { 'accept-object-lock': 'a-bucket' } }));
  assert.equal(accepted.status, 0, accepted.stderr);
  assert.equal((await there()).length, 1);
});

const expiring: Changes = { import: { expiry: 'date', 'valid-to': '90d' } };
const intoBucket: Changes = { 'encrypt-objects': { where: 'existing', bucket: 'a-bucket' } };
