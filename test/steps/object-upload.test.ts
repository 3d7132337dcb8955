import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createBucket, headObject } from '../../source/aws/s3.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { encryptObject } from '../../source/steps/object-upload.ts';
import { uploading } from './uploading.ts';

test('a file that is in one bucket is uploaded to another one too', async (t) => {
  const { clients, context, path, keyArn } = await uploading(t);
  for (const bucket of ['first-bucket', 'second-bucket']) {
    await createBucket(clients.s3, bucket);
    const object = await encryptObject(context, bucket, path);
    assert.equal(object.verified, true);
    assert.equal((await headObject(clients.s3, bucket, 'ledger.txt')).kmsKeyArn, keyArn);
  }
});

test('an object under another key is told as such, and trying again uploads it again', async (t) => {
  const { clients, context, path, keyArn } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  const otherKey = { ...context, facts: { key: { keyArn: `${keyArn.slice(0, -4)}beef` } } as Facts };
  await assert.rejects(encryptObject(otherKey, 'a-bucket', path), ProblemError);
  assert.equal((await encryptObject(context, 'a-bucket', path)).verified, true);
});

test('an empty file goes through', async (t) => {
  const { clients, context, path } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  writeFileSync(path, '');
  assert.equal((await encryptObject(context, 'a-bucket', path)).size, 0);
});
