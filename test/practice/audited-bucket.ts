import type { TestContext } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { between } from '../faults/between.ts';
import { must, practise } from './practising.ts';

/** An empty bucket for an audit, two keys for objects, and the endpoint of a proxy that can change answers. */
export async function auditedBucket(t: TestContext) {
  const practice = await practise(t);
  const { endpoint, decide, close } = await between(practice.server.endpoint);
  t.after(close);
  const s3 = practice.s3();
  await s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  const makeKey = async () => must((await practice.kms().send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  const put = (Key: string, SSEKMSKeyId?: string, BucketKeyEnabled = false) =>
    s3.send(
      new PutObjectCommand({
        ...{ Bucket: 'a-bucket', Key, Body: 'abc' },
        ...(SSEKMSKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId, BucketKeyEnabled }),
      }),
    );
  return { practice, s3, put, endpoint, decide, key: await makeKey(), other: await makeKey() };
}
