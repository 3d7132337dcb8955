import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { between } from '../faults/between.ts';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';
import { keyferry } from './program.ts';

test('without a person, a flag or an answer accepts that locked objects may outlive their key; else nothing is sent', async (t) => {
  const practice = await practise(t);
  const s3 = practice.s3();
  await s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  const { KeyMetadata } = await practice.kms().send(new CreateKeyCommand({}));
  const key = must(KeyMetadata?.Arn);
  const { endpoint, decide, close } = await between(practice.server.endpoint);
  t.after(close);
  // Practice AWS has neither Object Lock nor, for keys that it makes itself, an expiry.
  const lock = '<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>90</Days></DefaultRetention></Rule>';
  decide((call) => {
    if (call.includes('?object-lock'))
      return { status: 200, body: `<ObjectLockConfiguration>${lock}</ObjectLockConfiguration>` };
    if (call !== 'kms:DescribeKey') return undefined;
    return { changeBody: (body) => body.replace('"KeyId"', '"ValidTo":1798761600,"KeyId"') };
  });
  const folder = newFolder();
  writeFileSync(join(folder, 'a.txt'), 'some bytes');
  writeFileSync(join(folder, 'b.txt'), 'other bytes');
  const environment = environmentOf(practice.server.credentials);
  const run = (...words: readonly string[]) =>
    keyferry([...words, '--endpoint-url', endpoint, '--region', 'us-east-1', '--json'], folder, environment);
  const there = async () =>
    (await s3.send(new ListObjectsV2Command({ Bucket: 'a-bucket' }))).Contents?.map(({ Key }) => Key) ?? [];
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
