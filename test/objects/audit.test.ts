import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { auditObjects } from '../../source/objects/audit.ts';
import { answeringS3, refusal } from '../aws/answering-clients.ts';
import { clientsAt } from '../aws/clients-at.ts';
import { between } from '../faults/between.ts';
import { practise } from '../practice/practising.ts';

test('an audit tells of each object under the prefix how it is encrypted, or that S3 does not show it', async () => {
  const asked: string[] = [];
  const s3 = answeringS3((input, command) => {
    const { Key, Prefix, Bucket, ExpectedBucketOwner } = input as Readonly<Record<string, string>>;
    asked.push([command, Bucket, ExpectedBucketOwner, Key ?? Prefix].join(' '));
    if (Key === undefined)
      return { Contents: ['in/a', 'in/b', 'in/c'].map((name) => ({ Key: name, Size: name.charCodeAt(3) })) };
    if (Key === 'in/b') throw refusal('AccessDenied', 403);
    return Key === 'in/c' ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'arn', BucketKeyEnabled: true };
  });
  const seen: unknown[] = [];
  const place = { bucket: 'a-bucket', prefix: 'in/', owner: '111122223333' };
  const { signal } = new AbortController();
  await auditObjects(s3, place, { onObject: (object) => void seen.push(object), signal });
  assert.equal(asked[0], 'ListObjectsV2 a-bucket 111122223333 in/');
  assert.ok(asked.includes('HeadObject a-bucket 111122223333 in/c'));
  const byKey = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
  assert.deepEqual(seen.toSorted(byKey), [
    { key: 'in/a', size: 97, seen: 'shown', sseAlgorithm: 'aws:kms', kmsKeyArn: 'arn', bucketKey: true },
    { key: 'in/b', size: 98, seen: 'not shown' },
    { key: 'in/c', size: 99, seen: 'shown', sseAlgorithm: 'none', kmsKeyArn: 'none', bucketKey: false },
  ]);
});

test('an audit leaves out an object that was removed after S3 listed it, and stops when the person does', async (t) => {
  const practice = await practise(t);
  const { endpoint, decide, close } = await between(practice.server.endpoint);
  t.after(close);
  const { s3 } = await clientsAt(t, endpoint, { keys: practice.server.credentials });
  await s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  for (const Key of ['gone', 'here']) await s3.send(new PutObjectCommand({ Bucket: 'a-bucket', Key, Body: Key }));
  decide((call) => (call.startsWith('s3:HEAD /a-bucket/gone') ? { status: 404, body: '' } : undefined));
  const names: string[] = [];
  const place = { bucket: 'a-bucket', prefix: '', owner: '000000000000' };
  const onObject = ({ key }: { readonly key: string }) => void names.push(key);
  await auditObjects(s3, place, { onObject, signal: new AbortController().signal });
  assert.deepEqual(names, ['here']);
  const stopped = auditObjects(s3, place, { onObject, signal: AbortSignal.abort(new Error('stopped by the person')) });
  await assert.rejects(stopped, /stopped by the person/);
  assert.deepEqual(names, ['here']);
});
