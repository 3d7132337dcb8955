import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { must, practise, refused } from './practising.ts';

const Bucket = 'practice-bucket';

test('a bucket lives in the Region that makes it, and says so', async (t) => {
  const { s3 } = await practise(t);
  await s3('eu-west-1').send(new CreateBucketCommand({ Bucket }));
  await s3().send(new CreateBucketCommand({ Bucket: 'in-virginia' }));
  const { Buckets } = await s3().send(new ListBucketsCommand({}));
  assert.deepEqual(
    Buckets?.map((bucket) => [bucket.Name, bucket.BucketRegion]),
    [
      ['in-virginia', 'us-east-1'],
      [Bucket, 'eu-west-1'],
    ],
  );
  assert.equal((await s3('eu-west-1').send(new HeadBucketCommand({ Bucket }))).BucketRegion, 'eu-west-1');
  assert.equal((await s3().send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint, 'eu-west-1');
  const virginia = await s3().send(new GetBucketLocationCommand({ Bucket: 'in-virginia' }));
  assert.equal(virginia.LocationConstraint, undefined);
});

test('a bucket of another Region is refused, and named', async (t) => {
  const { s3 } = await practise(t);
  await s3('eu-west-1').send(new CreateBucketCommand({ Bucket }));
  await refused(
    s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('1') })),
    'AuthorizationHeaderMalformed',
    "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
  );
  await assert.rejects(
    s3().send(new HeadBucketCommand({ Bucket })),
    (error: { $response?: { statusCode: number; headers: Record<string, string> } }) => {
      assert.equal(error.$response?.statusCode, 400);
      assert.equal(error.$response?.headers['x-amz-bucket-region'], 'eu-west-1');
      return true;
    },
  );
});

test('CreateBucket refuses names, constraints and repetition as S3 does', async (t) => {
  const { s3 } = await practise(t);
  for (const name of ['Upper', 'a_b', '192.168.0.1', 'ab', `${'x'.repeat(64)}`])
    await refused(s3().send(new CreateBucketCommand({ Bucket: name })), 'InvalidBucketName');
  const constrained = (region: string) => ({ CreateBucketConfiguration: { LocationConstraint: region as never } });
  await refused(
    s3('eu-west-1').send(new CreateBucketCommand({ Bucket, ...constrained('us-west-2') })),
    'IllegalLocationConstraintException',
    'The us-west-2 location constraint is incompatible for the region specific endpoint this request was sent to.',
  );
  await refused(
    s3('eu-west-1').send(new CreateBucketCommand({ Bucket, ...constrained('nowhere') })),
    'InvalidLocationConstraint',
    'The specified location-constraint is not valid',
  );
  await s3('eu-west-1').send(new CreateBucketCommand({ Bucket }));
  await refused(s3('eu-west-1').send(new CreateBucketCommand({ Bucket })), 'BucketAlreadyOwnedByYou');
  await s3().send(new CreateBucketCommand({ Bucket: 'in-virginia' }));
  await s3().send(new CreateBucketCommand({ Bucket: 'in-virginia' }));
});

test('only an empty bucket can be deleted', async (t) => {
  const { s3 } = await practise(t);
  await s3().send(new CreateBucketCommand({ Bucket }));
  await s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('1') }));
  await refused(s3().send(new DeleteBucketCommand({ Bucket })), 'BucketNotEmpty');
  await refused(
    s3().send(new ListObjectsV2Command({ Bucket: 'no-such-bucket' })),
    'NoSuchBucket',
    'The specified bucket does not exist',
  );
  await refused(s3().send(new HeadBucketCommand({ Bucket: 'no-such-bucket' })), 'NotFound');
});

test('default encryption is kept as it was given, and the block of SSE-C comes back when it is left out', async (t) => {
  const { s3 } = await practise(t);
  await s3().send(new CreateBucketCommand({ Bucket }));
  const rule = async () => {
    const answer = await s3().send(new GetBucketEncryptionCommand({ Bucket }));
    return must(answer.ServerSideEncryptionConfiguration?.Rules?.[0]);
  };
  const put = async (...Rules: ServerSideEncryptionRule[]) =>
    s3().send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  const fresh = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
    BucketKeyEnabled: false,
    BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
  } as const;
  assert.deepEqual(await rule(), fresh);
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'not-looked-up' } as const;
  await put({
    ApplyServerSideEncryptionByDefault,
    BucketKeyEnabled: true,
    BlockedEncryptionTypes: { EncryptionType: ['NONE'] },
  });
  assert.deepEqual(await rule(), {
    ApplyServerSideEncryptionByDefault,
    BucketKeyEnabled: true,
    BlockedEncryptionTypes: { EncryptionType: ['NONE'] },
  });
  await put({ ApplyServerSideEncryptionByDefault });
  assert.deepEqual((await rule()).BlockedEncryptionTypes, { EncryptionType: ['SSE-C'] });
  await refused(put(), 'MalformedXML');
  await refused(put({ ApplyServerSideEncryptionByDefault }, { ApplyServerSideEncryptionByDefault }), 'MalformedXML');
  await refused(
    put({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256', KMSMasterKeyID: 'k' } }),
    'InvalidArgument',
    'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
  );
  await s3().send(new DeleteBucketEncryptionCommand({ Bucket }));
  assert.deepEqual(await rule(), fresh);
});

test('settings that nobody has made are answered as for a fresh bucket', async (t) => {
  const { s3 } = await practise(t);
  await s3().send(new CreateBucketCommand({ Bucket }));
  assert.equal((await s3().send(new GetBucketVersioningCommand({ Bucket }))).Status, undefined);
  await refused(s3().send(new GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy');
});
