import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { send } from '../signed-request.ts';
import { type Fact, hasExactly, refused } from './fact.ts';
import { policyFor } from './policy-for.ts';
import { Body, Key } from './s3-facts.ts';
import { kmsEncrypted, text, underKey } from './under-key.ts';

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

/** Section 3.1. */
export const uploadFacts: readonly Fact[] = [
  ...(
    [
      ['its id', (key: { KeyId: string; Arn: string; alias: string }) => key.KeyId],
      ['its ARN', (key: { Arn: string }) => key.Arn],
      ['an alias', (key: { alias: string }) => key.alias],
    ] as const
  ).map(
    ([by, named]): Fact => [
      '3.1',
      `a key is named by ${by}, and answers carry its full ARN`,
      async (w) => {
        const [Bucket, { KeyId, Arn }] = [await w.bucket(), await w.imported()];
        const alias = `alias/${KeyId}`;
        await w.kms('CreateAlias', { AliasName: alias, TargetKeyId: KeyId });
        const SSEKMSKeyId = named({ KeyId, Arn, alias });
        const put = await w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId });
        const got = await w.s3('GetObject', { Bucket, Key });
        const head = await w.s3('HeadObject', { Bucket, Key });
        for (const answer of [put, got, head]) {
          assert.deepEqual(
            [answer.ServerSideEncryption, answer.SSEKMSKeyId, answer.BucketKeyEnabled, answer.SSEKMSEncryptionContext],
            ['aws:kms', Arn, undefined, undefined],
          );
        }
        assert.equal(await got.Body?.transformToString(), 'the text');
      },
    ],
  ),
  [
    '3.1',
    'without a key, the key aws/s3',
    async (w) => {
      const Bucket = await w.bucket();
      const put = await w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted });
      const managed = await w.describe('alias/aws/s3');
      assert.deepEqual([put.SSEKMSKeyId, managed.KeyManager], [managed.Arn, 'AWS']);
    },
  ],
  [
    '3.1',
    'the bucket key shows only when it is used',
    async (w) => {
      const { put, Bucket } = await underKey(w, { BucketKeyEnabled: true });
      assert.equal(put.BucketKeyEnabled, true);
      assert.equal((await w.s3('HeadObject', { Bucket, Key })).BucketKeyEnabled, true);
    },
  ],
  [
    '3.1',
    'an object may have an encryption context, which is not shown',
    async (w) => {
      const SSEKMSEncryptionContext = Buffer.from('{"team":"red"}').toString('base64');
      const { Bucket, put } = await underKey(w, { SSEKMSEncryptionContext });
      assert.equal(put.SSEKMSEncryptionContext, undefined);
      assert.equal(await text(w, { Bucket, Key }), 'the text');
    },
  ],
  [
    '3.1',
    'the encryption is not named again on reads',
    async (w) => {
      const { Bucket } = await underKey(w);
      for (const method of ['GET', 'HEAD']) {
        const headers = { 'x-amz-server-side-encryption': 'aws:kms' };
        const { status } = await send(w.practice.server, { service: 's3', method, path: `/${Bucket}/${Key}`, headers });
        assert.equal(status, 400);
      }
    },
  ],
  [
    '3.1',
    'the ETag of a single upload is its MD5 with SSE-S3, and is not with SSE-KMS, twice different',
    async (w) => {
      const { Bucket, KeyId, put } = await underKey(w);
      const again = await w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
      const plain = await w.s3('PutObject', { Bucket, Key, Body });
      const digest = `"${md5(Body).toString('hex')}"`;
      assert.equal(plain.ETag, digest);
      assert.equal(new Set([digest, put.ETag, again.ETag]).size, 3);
    },
  ],
  [
    '3.1',
    'HeadObject of an object under a key has the captured members',
    async (w) => {
      const [Bucket, { KeyId }] = [await w.bucket(), await w.imported()];
      const start = 'x-amz-server-side-encryption';
      const headers = { [start]: 'aws:kms', [`${start}-aws-kms-key-id`]: KeyId };
      // The SDK would name a content type of its own.
      await send(w.practice.server, { service: 's3', method: 'PUT', path: `/${Bucket}/${Key}`, headers, body: 'x' });
      const { $metadata: _, ...head } = (await w.s3('HeadObject', { Bucket, Key })) as Record<string, unknown>;
      hasExactly(
        Object.fromEntries(Object.entries(head).filter(([, value]) => value !== undefined)),
        'AcceptRanges ContentLength ContentType ETag LastModified Metadata ServerSideEncryption SSEKMSKeyId',
      );
      assert.equal(head.ContentType, 'binary/octet-stream');
    },
  ],
  [
    '3.1',
    'checksums come with checksum mode only, and then need the key',
    async (w) => {
      const { Bucket, KeyId, Arn } = await underKey(w);
      assert.equal((await w.s3('HeadObject', { Bucket, Key })).ChecksumCRC32, undefined);
      assert.ok((await w.s3('HeadObject', { Bucket, Key, ChecksumMode: 'ENABLED' })).ChecksumCRC32);
      await w.kms('DisableKey', { KeyId });
      await w.s3('HeadObject', { Bucket, Key });
      await assert.rejects(w.s3('HeadObject', { Bucket, Key, ChecksumMode: 'ENABLED' }));
      await refused(text(w, { Bucket, Key }), 'KMS.DisabledException', `${Arn} is disabled.`);
    },
  ],
  [
    '3.1',
    'an upload in parts: the encryption is chosen at its start, shown on each answer, and its ETag is made of the parts',
    async (w) => {
      const [Bucket, { KeyId, Arn }] = [await w.bucket(), await w.imported()];
      const created = await w.s3('CreateMultipartUpload', { Bucket, Key, ...kmsEncrypted, SSEKMSKeyId: KeyId });
      const { UploadId } = created;
      const part = await w.s3('UploadPart', { Bucket, Key, UploadId, PartNumber: 1, Body });
      assert.notEqual(part.ETag, `"${md5(Body).toString('hex')}"`);
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };
      const completed = await w.s3('CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload });
      for (const answer of [created, part, completed])
        assert.deepEqual([answer.ServerSideEncryption, answer.SSEKMSKeyId], ['aws:kms', Arn]);
      const digest = md5(Buffer.from(part.ETag?.replaceAll('"', '') ?? '', 'hex')).toString('hex');
      assert.equal(completed.ETag, `"${digest}-1"`);
    },
  ],
  [
    '3.1',
    'an upload in parts needs the key for each part and at its end',
    async (w) => {
      const [Bucket, { KeyId, Arn }] = [await w.bucket(), await w.imported()];
      const upload = { Bucket, Key, ...kmsEncrypted, SSEKMSKeyId: KeyId };
      const { UploadId } = await w.s3('CreateMultipartUpload', upload);
      const part = () => w.s3('UploadPart', { Bucket, Key, UploadId, PartNumber: 1, Body });
      const Parts = [{ PartNumber: 1, ETag: (await part()).ETag }];
      const complete = () => w.s3('CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload: { Parts } });
      await w.kms('DisableKey', { KeyId });
      await refused(part(), 'KMS.DisabledException', `${Arn} is disabled.`);
      await refused(complete(), 'KMS.DisabledException', `${Arn} is disabled.`);
      await w.kms('EnableKey', { KeyId });
      await complete();
    },
  ],
  ...[false, true].map(
    (BucketKeyEnabled): Fact => [
      '3.1',
      `${BucketKeyEnabled ? 'with' : 'without'} a bucket key, KMS sees the ARN of the ${BucketKeyEnabled ? 'bucket' : 'object'} in the context, and that S3 asks`,
      async (w) => {
        const [Bucket, user] = [await w.bucket(), `arn:aws:iam::${w.account}:user/secops-1`];
        const seen = `arn:aws:s3:::${Bucket}${BucketKeyEnabled ? '' : `/${Key}`}`;
        const StringEquals = {
          'kms:EncryptionContext:aws:s3:arn': seen,
          'kms:ViaService': 's3.us-east-1.amazonaws.com',
          'aws:ViaAWSService': 'true',
        };
        const own = JSON.parse(policyFor(w, `arn:aws:iam::${w.account}:role/SecurityAdmin`)) as { Statement: object[] };
        const other = JSON.parse(policyFor(w, user)) as { Statement: object[] };
        const Statement = [...own.Statement, { ...other.Statement[0], Condition: { StringEquals } }];
        const { KeyId } = await w.key({ Policy: JSON.stringify({ Statement }) });
        await w.import(KeyId, randomBytes(32));
        const as = w.practice.server.credentialsOf('secops-1');
        const put = (more: object) =>
          w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId, ...more }, { as });
        await put({ BucketKeyEnabled });
        await w.s3('GetObject', { Bucket, Key }, { as });
        await refused(put({ BucketKeyEnabled: !BucketKeyEnabled }), 'AccessDenied', undefined, 403);
        await refused(w.kms('GenerateDataKey', { KeyId, KeySpec: 'AES_256' }, { as }), 'AccessDeniedException');
      },
    ],
  ),
  ...(
    [
      ['PutObject', ['kms:GenerateDataKey']],
      ['GetObject', ['kms:Decrypt']],
      ['CopyObject', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ] as const
  ).map(
    ([name, needed]): Fact => [
      '3.1',
      `${name} needs ${needed.join(' and ')}`,
      async (w) => {
        const { Bucket, KeyId } = await underKey(w);
        const inputs = {
          PutObject: { Body, ...kmsEncrypted, SSEKMSKeyId: KeyId },
          GetObject: {},
          CopyObject: { CopySource: `${Bucket}/${Key}`, ...kmsEncrypted, SSEKMSKeyId: KeyId },
        };
        const act = () => w.s3(name, { Bucket, Key, ...inputs[name] });
        for (const action of needed) {
          await w.control({ deny: { SecurityAdmin: [action] } }, async () =>
            refused(act(), 'AccessDenied', undefined, 403),
          );
        }
        await w.control({ deny: { SecurityAdmin: ['kms:Encrypt', 'kms:ReEncrypt*'] } }, act);
      },
    ],
  ),
];
