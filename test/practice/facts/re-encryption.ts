import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { send, updateEncryption } from '../signed-request.ts';
import { type Fact, refused } from './fact.ts';
import { Body, Key, openBucket, setRules } from './s3-facts.ts';

/** Section 3.6, and 0.12. */
export const reEncryptionFacts: readonly Fact[] = [
  [
    '3.6',
    'UpdateObjectEncryption: from SSE-S3 to a key, from key to key, the bucket key; ETag, date and checksum stay',
    async (w) => {
      const [Bucket, one, other] = [await w.bucket(), await w.imported(), await w.imported()];
      await w.s3('PutObject', { Bucket, Key, Body });
      const before = await w.s3('HeadObject', { Bucket, Key, ChecksumMode: 'ENABLED' });
      w.pass(60_000);
      for (const [KMSKeyArn, BucketKeyEnabled] of [
        [one.Arn, undefined],
        [other.Arn, undefined],
        [other.Arn, true],
      ] as const) {
        await w.s3('UpdateObjectEncryption', {
          Bucket,
          Key,
          ObjectEncryption: { SSEKMS: { KMSKeyArn, BucketKeyEnabled } },
        });
        const after = await w.s3('HeadObject', { Bucket, Key, ChecksumMode: 'ENABLED' });
        assert.deepEqual([after.SSEKMSKeyId, after.BucketKeyEnabled], [KMSKeyArn, BucketKeyEnabled]);
        const same = (head: typeof after) => [head.ETag, head.LastModified, head.ChecksumCRC32];
        assert.deepEqual(same(after), same(before));
      }
      await w.kms('DisableKey', { KeyId: one.KeyId });
      assert.equal(await (await w.s3('GetObject', { Bucket, Key })).Body?.transformToString(), 'the text');
    },
  ],
  ...(
    [
      [
        'a key that is not named by its ARN',
        () => 'alias/mine',
        'InvalidRequest',
        "Requests that modify an object's encryption type to SSE-KMS require an Amazon Web Services KMS key Amazon Resource Name (ARN). Modify the request to specify a KMS key ARN, and then try again.",
        400,
      ],
      [
        "another account's key",
        () => 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000',
        'AccessDenied',
        'The Amazon Web Services KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again.',
        403,
      ],
    ] as const
  ).map(
    ([what, arn, code, text, status]): Fact => [
      '3.6',
      `UpdateObjectEncryption with ${what} (wording on the wire unverified)`,
      async (w) => {
        const Bucket = await w.bucket();
        await w.s3('PutObject', { Bucket, Key, Body });
        const ObjectEncryption = { SSEKMS: { KMSKeyArn: arn() } };
        await refused(w.s3('UpdateObjectEncryption', { Bucket, Key, ObjectEncryption }), code, text, status);
      },
    ],
  ),
  [
    '3.6',
    'UpdateObjectEncryption is not for objects under SSE-C or DSSE',
    async (w) => {
      const [Bucket, { Arn }] = [await openBucket(w), await w.imported()];
      const ObjectEncryption = { SSEKMS: { KMSKeyArn: Arn } };
      for (const more of [
        { SSECustomerAlgorithm: 'AES256', SSECustomerKey: randomBytes(32) },
        { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: Arn },
      ]) {
        await w.s3('PutObject', { Bucket, Key, Body, ...more });
        await refused(w.s3('UpdateObjectEncryption', { Bucket, Key, ObjectEncryption }), 'InvalidRequest');
      }
    },
  ],
  [
    '3.6',
    'UpdateObjectEncryption of what is not there',
    async (w) => {
      const [Bucket, { Arn }] = [await w.bucket(), await w.imported()];
      const ObjectEncryption = { SSEKMS: { KMSKeyArn: Arn } };
      await refused(w.s3('UpdateObjectEncryption', { Bucket, Key, ObjectEncryption }), 'NoSuchKey', undefined, 404);
    },
  ],
  [
    '0.12',
    'UpdateObjectEncryption goes to SSE-KMS only',
    async (w) => {
      const Bucket = await w.bucket();
      await w.s3('PutObject', { Bucket, Key, Body });
      const answer = await updateEncryption(w.practice.server, `/${Bucket}/${Key}`, '<SSE-S3/>');
      assert.equal(answer.status, 400);
      assert.match(answer.text, /<Code>InvalidRequest</);
    },
  ],
  [
    '3.6',
    'a copy onto itself must change something',
    async (w) => {
      const Bucket = await w.bucket();
      await w.s3('PutObject', { Bucket, Key, Body });
      await refused(
        w.s3('CopyObject', { Bucket, Key, CopySource: `${Bucket}/${Key}` }),
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    },
  ],
  [
    '3.6',
    'naming an encryption counts as a change: new ETag and date, metadata kept',
    async (w) => {
      const [Bucket, { KeyId, Arn }] = [await w.bucket(), await w.imported()];
      await w.s3('PutObject', { Bucket, Key, Body, Metadata: { colour: 'blue' } });
      const before = await w.s3('HeadObject', { Bucket, Key });
      w.pass(2000);
      const CopySource = `${Bucket}/${Key}`;
      await w.s3('CopyObject', { Bucket, Key, CopySource, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyId });
      const after = await w.s3('HeadObject', { Bucket, Key });
      assert.deepEqual([after.SSEKMSKeyId, after.Metadata], [Arn, { colour: 'blue' }]);
      assert.notEqual(after.ETag, before.ETag);
      assert.ok((after.LastModified ?? 0) > (before.LastModified ?? 0));
    },
  ],
  [
    '3.6',
    'a copy that names no encryption gets the default of the bucket',
    async (w) => {
      const [Bucket, { Arn }] = [await w.bucket(), await w.imported()];
      await w.s3('PutObject', { Bucket, Key, Body });
      await setRules(w, Bucket, {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Arn },
      });
      const copied = await w.s3('CopyObject', { Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` });
      assert.equal(copied.SSEKMSKeyId, Arn);
    },
  ],
  [
    '3.6',
    'lists never show the encryption',
    async (w) => {
      const [Bucket, { Arn }] = [await w.bucket(), await w.imported()];
      await w.s3('PutObject', { Bucket, Key, Body, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: Arn });
      const { text } = await send(w.practice.server, { service: 's3', path: `/${Bucket}`, query: 'list-type=2' });
      assert.match(text, /<Key>k<\/Key>/);
      assert.doesNotMatch(text, /kms|encryption/i);
    },
  ],
  [
    '3.6',
    'after a rotation inside the key nothing needs re-encryption',
    async (w) => {
      const [Bucket, { KeyId, Arn }] = [await w.bucket(), await w.imported()];
      await w.s3('PutObject', { Bucket, Key, Body, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: Arn });
      await w.import(KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(200_000);
      assert.equal(await (await w.s3('GetObject', { Bucket, Key })).Body?.transformToString(), 'the text');
    },
  ],
];
