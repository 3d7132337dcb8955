import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { md5Header, send } from '../signed-request.ts';
import { type Fact, refused, type World } from './fact.ts';
import { Body, blocks, byKms, Key, malformed, openBucket, setRules } from './s3-facts.ts';

const rule = async (w: World, Bucket: string) =>
  (await w.s3('GetBucketEncryption', { Bucket })).ServerSideEncryptionConfiguration?.Rules?.[0];

/** Section 3.3. */
export const bucketDefaultFacts: readonly Fact[] = [
  [
    '3.3',
    'a new bucket has SSE-S3, no bucket key, and blocks SSE-C',
    async (w) =>
      assert.deepEqual(await rule(w, await w.bucket()), {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
        BucketKeyEnabled: false,
        ...blocks('SSE-C'),
      }),
  ],
  [
    '3.3',
    'the key of a default is neither looked up nor changed',
    async (w) => {
      const Bucket = await w.bucket();
      await setRules(w, Bucket, byKms);
      assert.equal((await rule(w, Bucket))?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID, 'not-looked-up');
      await refused(w.s3('PutObject', { Bucket, Key, Body }), 'KMS.NotFoundException', "Invalid keyId 'not-looked-up'");
    },
  ],
  [
    '3.3',
    'an upload that names no encryption gets the default of the bucket, its bucket key too',
    async (w) => {
      const [Bucket, { KeyId, Arn }] = [await w.bucket(), await w.imported()];
      const byDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyId };
      await setRules(w, Bucket, { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true });
      const put = await w.s3('PutObject', { Bucket, Key, Body });
      assert.deepEqual([put.ServerSideEncryption, put.SSEKMSKeyId, put.BucketKeyEnabled], ['aws:kms', Arn, true]);
    },
  ],
  ...[0, 2].map(
    (count): Fact => [
      '3.3',
      `${count} rules`,
      async (w) => {
        const Bucket = await w.bucket();
        await refused(setRules(w, Bucket, ...Array<object>(count).fill(byKms)), 'MalformedXML', malformed);
      },
    ],
  ),
  [
    '3.3',
    'a key without KMS',
    async (w) => {
      const byDefault = { SSEAlgorithm: 'AES256', KMSMasterKeyID: 'k' };
      await refused(
        setRules(w, await w.bucket(), { ApplyServerSideEncryptionByDefault: byDefault }),
        'InvalidArgument',
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      );
    },
  ],
  [
    '3.3',
    'a missing bucket comes first',
    async (w) => refused(setRules(w, 'no-such-bucket-here'), 'NoSuchBucket', undefined, 404),
  ],
  [
    '3.3',
    'DeleteBucketEncryption is idempotent and goes back to SSE-S3',
    async (w) => {
      const Bucket = await w.bucket();
      await setRules(w, Bucket, byKms);
      for (let times = 0; times < 2; times += 1) {
        const { $metadata } = await w.s3('DeleteBucketEncryption', { Bucket });
        assert.equal($metadata?.httpStatusCode, 204);
      }
      assert.equal((await rule(w, Bucket))?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'AES256');
    },
  ],
  [
    '3.3',
    'NONE unblocks and is kept; leaving the element out brings the block back',
    async (w) => {
      const Bucket = await openBucket(w);
      assert.deepEqual((await rule(w, Bucket))?.BlockedEncryptionTypes, { EncryptionType: ['NONE'] });
      await setRules(w, Bucket, byKms);
      assert.deepEqual((await rule(w, Bucket))?.BlockedEncryptionTypes, { EncryptionType: ['SSE-C'] });
    },
  ],
  [
    '3.3',
    'a rule may hold the block alone',
    async (w) => {
      const Bucket = await openBucket(w);
      assert.equal((await rule(w, Bucket))?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'AES256');
    },
  ],
  ...(
    [
      [[], 'InvalidArgument'],
      [['NONE', 'NONE'], 'InvalidArgument'],
      [['NONE', 'SSE-C'], 'InvalidArgument'],
      [['AES256'], 'MalformedXML'],
    ] as const
  ).map(
    ([types, code]): Fact => [
      '3.3',
      `BlockedEncryptionTypes of [${types.join(', ')}]`,
      async (w) => {
        const path = `/${await w.bucket()}`;
        const inner = types.map((type) => `<EncryptionType>${type}</EncryptionType>`).join('');
        const body = `<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><BlockedEncryptionTypes>${inner}</BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>`;
        const headers = md5Header(body);
        const put = { service: 's3', method: 'PUT', path, query: 'encryption=', headers, body };
        const answer = await send(w.practice.server, put);
        assert.equal(answer.status, 400);
        assert.match(answer.text, new RegExp(`<Code>${code}</Code>`));
      },
    ],
  ),
  ...(
    [
      ['PutObject', 's3:PutObject', { Body }],
      ['CreateMultipartUpload', 's3:PutObject', {}],
      ['CopyObject', 's3:CopyObject', {}],
    ] as const
  ).map(
    ([name, action, more]): Fact => [
      '3.3',
      `a blocked ${name} is denied before key and MD5 are looked at`,
      async (w) => {
        const Bucket = await w.bucket();
        await w.s3('PutObject', { Bucket, Key, Body });
        const customer = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'short', SSECustomerKeyMD5: 'wrong' };
        const CopySource = name === 'CopyObject' ? { CopySource: `${Bucket}/${Key}` } : {};
        await refused(
          w.s3(name, { Bucket, Key, ...more, ...customer, ...CopySource }),
          'AccessDenied',
          `User: arn:aws:sts::${w.account}:assumed-role/SecurityAdmin/you is not authorized to perform: ${action} on resource: "arn:aws:s3:::${Bucket}/${Key}" because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type`,
          403,
        );
      },
    ],
  ),
  [
    '3.3',
    'objects from before the block are still read',
    async (w) => {
      const Bucket = await openBucket(w);
      const customer = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: randomBytes(32) };
      await w.s3('PutObject', { Bucket, Key, Body, ...customer });
      await setRules(w, Bucket, byKms);
      const got = await w.s3('GetObject', { Bucket, Key, ...customer });
      assert.equal(await got.Body?.transformToString(), 'the text');
    },
  ],
];
