import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { practiceIdentities } from '../../../source/practice/identities.ts';
import { send } from '../signed-request.ts';
import { type Fact, hasExactly, refused, type World } from './fact.ts';
import { policyFor } from './names.ts';

const Key = 'k';
const Body = Buffer.from('the text');
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();
const kmsEncrypted = { ServerSideEncryption: 'aws:kms' };

const text = async (w: World, input: object) =>
  (await w.s3('GetObject', input as Record<string, unknown>)).Body?.transformToString();

/** A bucket, a key with material, and an object under it. */
async function underKey(w: World, more: object = {}) {
  const [Bucket, key] = [await w.bucket(), await w.imported()];
  const put = await w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: key.KeyId, ...more });
  return { Bucket, ...key, put };
}

const writes: readonly Fact[] = [
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
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };
      const completed = await w.s3('CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload });
      for (const answer of [created, part, completed]) {
        assert.deepEqual([answer.ServerSideEncryption, answer.SSEKMSKeyId], ['aws:kms', Arn]);
      }
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

const errors: readonly Fact[] = [
  [
    '3.2',
    'key disabled',
    async (w) => {
      const { Bucket, KeyId, Arn } = await underKey(w);
      await w.kms('DisableKey', { KeyId });
      const put = w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
      await refused(put, 'KMS.DisabledException', `${Arn} is disabled.`);
      await refused(text(w, { Bucket, Key }), 'KMS.DisabledException', `${Arn} is disabled.`);
    },
  ],
  ...(
    [
      ['pending deletion', 'ScheduleKeyDeletion'],
      ['pending import (unverified)', 'DeleteImportedKeyMaterial'],
    ] as const
  ).map(
    ([what, change]): Fact => [
      '3.2',
      what,
      async (w) => {
        const { Bucket, KeyId, Arn } = await underKey(w);
        await w.kms(change, { KeyId });
        const expected = `${Arn} is ${what.replace(' (unverified)', '')}.`;
        const put = w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
        await refused(put, 'KMS.KMSInvalidStateException', expected);
        await refused(text(w, { Bucket, Key }), 'KMS.KMSInvalidStateException', expected);
      },
    ],
  ),
  ...(
    [
      ['an id that is none', () => 'fake-key-id', () => "Invalid keyId 'fake-key-id'"],
      [
        'a key that is not there',
        (w: World) => `arn:aws:kms:us-east-1:${w.account}:key/00000000-0000-4000-8000-000000000000`,
        (w: World) =>
          `Key 'arn:aws:kms:us-east-1:${w.account}:key/00000000-0000-4000-8000-000000000000' does not exist`,
      ],
      [
        'a key of another Region',
        (w: World) => `arn:aws:kms:us-west-2:${w.account}:key/00000000-0000-4000-8000-000000000000`,
        () => 'Invalid arn us-west-2',
      ],
    ] as const
  ).map(
    ([what, named, message]): Fact => [
      '3.2',
      what,
      async (w) => {
        const Bucket = await w.bucket();
        const put = w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: named(w) });
        await refused(put, 'KMS.NotFoundException', message(w));
      },
    ],
  ),
  [
    '3.2',
    'a key for something else (text unverified)',
    async (w) => {
      const [Bucket, { KeyId }] = [
        await w.bucket(),
        await w.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
      ];
      const put = w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
      await refused(put, 'KMS.InvalidKeyUsageException');
    },
  ],
  [
    '3.2',
    'no permission for the key: 403, in the words of KMS',
    async (w) => {
      const { Bucket, KeyId, Arn } = await underKey(w);
      const put = () => w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId });
      const user = `arn:aws:sts::${w.account}:assumed-role/SecurityAdmin/you`;
      await w.control({ deny: { SecurityAdmin: ['kms:GenerateDataKey'] } }, async () =>
        refused(
          put(),
          'AccessDenied',
          `User: ${user} is not authorized to perform: kms:GenerateDataKey on resource: ${Arn} because no identity-based policy allows the kms:GenerateDataKey action`,
          403,
        ),
      );
    },
  ],
  [
    '3.2',
    "another account's key: 403",
    async (w) => {
      const Bucket = await w.bucket();
      const SSEKMSKeyId = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000';
      await refused(
        w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId }),
        'AccessDenied',
        `User: arn:aws:sts::${w.account}:assumed-role/SecurityAdmin/you is not authorized to perform: kms:GenerateDataKey on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
        403,
      );
    },
  ],
  [
    '3.2',
    'a key policy that does not name the writer: 403',
    async (w) => {
      const Bucket = await w.bucket();
      const { KeyId } = await w.key({ Policy: policyFor(w, `arn:aws:iam::${w.account}:role/SecurityAdmin`) });
      await w.import(KeyId, randomBytes(32));
      const as = practiceIdentities.secops1.credentials;
      const input = { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: KeyId };
      await w.s3('PutObject', input);
      await refused(w.s3('PutObject', input, { as }), 'AccessDenied', undefined, 403);
      await refused(w.s3('GetObject', { Bucket, Key }, { as }), 'AccessDenied', undefined, 403);
    },
  ],
  [
    '3.2',
    'a key without an algorithm',
    async (w) =>
      refused(
        w.s3('PutObject', { Bucket: await w.bucket(), Key, Body, SSEKMSKeyId: 'any' }),
        'InvalidArgument',
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      ),
  ],
  [
    '3.2',
    'an algorithm that is none',
    async (w) => {
      const headers = { 'x-amz-server-side-encryption': '' };
      const path = `/${await w.bucket()}/${Key}`;
      const answer = await send(w.practice.server, { service: 's3', method: 'PUT', path, headers, body: 'x' });
      assert.equal(answer.status, 400);
      assert.match(answer.text, /<Code>InvalidArgument<.*<Message>The encryption method specified is not supported</);
    },
  ],
  [
    '3.2',
    'Signature Version 2',
    async (w) => {
      const path = `/${await w.bucket()}/${Key}`;
      const after = { authorization: 'AWS AKIAKEYFERRYSECOPS01:c2lnbmF0dXJl' };
      const put = (headers: Record<string, string>) =>
        send(w.practice.server, { service: 's3', method: 'PUT', path, headers, body: 'x', after });
      const answer = await put({ 'x-amz-server-side-encryption': 'aws:kms' });
      assert.equal(answer.status, 400);
      assert.match(
        answer.text,
        /<Code>InvalidArgument<.*<Message>Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4\.</,
      );
    },
  ],
  [
    '3.2',
    'an encryption context that is no JSON (code unverified)',
    async (w) =>
      refused(
        w.s3('PutObject', { Bucket: await w.bucket(), Key, Body, ...kmsEncrypted, SSEKMSEncryptionContext: 'bm8=' }),
        'InvalidArgument',
        "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
      ),
  ],
];

/** Sections 3.1 and 3.2. */
export const encryptionFacts: readonly Fact[] = [...writes, ...errors];
