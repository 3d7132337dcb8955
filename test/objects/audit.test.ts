import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { auditObjects } from '../../source/objects/audit.ts';
import { clientsAt } from '../aws/clients-at.ts';
import { between } from '../faults/between.ts';
import { practise } from '../practice/practising.ts';

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
