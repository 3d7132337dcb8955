import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { send } from '../signed-request.ts';
import { type Fact, refused, there, type World } from './fact.ts';

const Key = 'k';
const Body = Buffer.from('the text');
const malformed = 'The XML you provided was not well-formed or did not validate against our published schema';

const rule = async (w: World, Bucket: string) =>
  (await w.s3('GetBucketEncryption', { Bucket })).ServerSideEncryptionConfiguration?.Rules?.[0];
const setRules = (w: World, Bucket: string, ...Rules: object[]) =>
  w.s3('PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules } });
const blocks = (...EncryptionType: string[]) => ({ BlockedEncryptionTypes: { EncryptionType } });
const byKms = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'not-looked-up' } };

/** A bucket that takes SSE-C. */
async function openBucket(w: World): Promise<string> {
  const Bucket = await w.bucket();
  await setRules(w, Bucket, blocks('NONE'));
  return Bucket;
}

const defaults: readonly Fact[] = [
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
        const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
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

/** Headers of SSE-C as they go over the wire. */
function customerHeaders(key: Buffer, more: Record<string, string | undefined> = {}): Record<string, string> {
  const start = 'x-amz-server-side-encryption-customer-';
  const headers = {
    [`${start}algorithm`]: 'AES256',
    [`${start}key`]: key.toString('base64'),
    [`${start}key-MD5`.toLowerCase()]: createHash('md5').update(key).digest('base64'),
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name.replace('*', start), value])),
  };
  return Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

const customerKey = randomBytes(32);
const needsAlgorithm =
  'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.';
const needsKey =
  'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.';

/** 3.4: what is wrong with the headers of an upload. */
const wrongHeaders: ReadonlyArray<
  readonly [what: string, headers: Record<string, string>, code: string, text: string]
> = [
  [
    'another encryption beside it',
    customerHeaders(customerKey, { 'x-amz-server-side-encryption': 'AES256' }),
    'InvalidArgument',
    'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
  ],
  [
    'another algorithm',
    customerHeaders(customerKey, { '*algorithm': 'AES128' }),
    'InvalidEncryptionAlgorithmError',
    'The Encryption request you specified is not valid. Supported value: AES256.',
  ],
  ['no algorithm', customerHeaders(customerKey, { '*algorithm': undefined }), 'InvalidArgument', needsAlgorithm],
  ['no key', customerHeaders(customerKey, { '*key': undefined }), 'InvalidArgument', needsKey],
  [
    'a wrong MD5, though the length is wrong too',
    customerHeaders(Buffer.alloc(5), { '*key-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
    'InvalidArgument',
    'The calculated MD5 hash of the key did not match the hash that was provided.',
  ],
  [
    'a wrong length',
    customerHeaders(Buffer.alloc(31)),
    'InvalidArgument',
    'The secret key was invalid for the specified algorithm.',
  ],
];

const customer: readonly Fact[] = [
  ...wrongHeaders.map(
    ([what, headers, code, text]): Fact => [
      '3.4',
      what,
      async (w) => {
        const path = `/${await openBucket(w)}/${Key}`;
        const answer = await send(w.practice.server, { service: 's3', method: 'PUT', path, headers, body: 'x' });
        assert.equal(answer.status, 400);
        assert.ok(answer.text.includes(`<Code>${code}</Code><Message>${text}</Message>`), answer.text);
      },
    ],
  ),
  [
    '3.4',
    'over plain HTTP, with the MD5 that the SDK makes, an object goes in and out',
    async (w) => {
      const [Bucket, more] = [await openBucket(w), { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey }];
      const put = await w.s3('PutObject', { Bucket, Key, Body, ...more });
      assert.equal(put.SSECustomerKeyMD5, createHash('md5').update(customerKey).digest('base64'));
      const got = await w.s3('GetObject', { Bucket, Key, ...more });
      assert.equal(await got.Body?.transformToString(), 'the text');
    },
  ],
  ...(['GetObject', 'HeadObject'] as const).map(
    (name): Fact => [
      '3.4',
      `${name}: no key, another key, and a key for an object that has none`,
      async (w) => {
        const [Bucket, more] = [await openBucket(w), { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey }];
        await w.s3('PutObject', { Bucket, Key, Body, ...more });
        await w.s3('PutObject', { Bucket, Key: 'plain', Body });
        const isGet = name === 'GetObject';
        // An answer to HEAD has no body, and so neither code nor words.
        const refuses = (input: object, code: string, text: string, status = 400) =>
          isGet
            ? refused(w.s3(name, { Bucket, ...input }), code, text, status)
            : assert.rejects(w.s3(name, { Bucket, ...input }), (error: { $metadata?: { httpStatusCode?: number } }) => {
                assert.equal(error.$metadata?.httpStatusCode, status);
                return true;
              });
        await refuses(
          { Key },
          'InvalidRequest',
          'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
        );
        await refuses(
          { Key, ...more, SSECustomerKey: randomBytes(32) },
          'AccessDenied',
          'Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.',
          403,
        );
        await refuses(
          { Key: 'plain', ...more },
          'InvalidRequest',
          'The encryption parameters are not applicable to this object.',
        );
      },
    ],
  ),
  [
    '3.4',
    'parts bring the key that the upload began with',
    async (w) => {
      const [Bucket, more] = [await openBucket(w), { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey }];
      const { UploadId } = await w.s3('CreateMultipartUpload', { Bucket, Key, ...more });
      const part = (input: object) => w.s3('UploadPart', { Bucket, Key, UploadId, PartNumber: 1, Body, ...input });
      await refused(
        part({}),
        'InvalidRequest',
        'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
      );
      await refused(
        part({ ...more, SSECustomerKey: randomBytes(32) }),
        'InvalidRequest',
        'The provided encryption parameters did not match the ones used originally.',
      );
      await part(more);
    },
  ],
  [
    '3.4',
    'it cannot be the default of a bucket',
    async (w) => {
      const byDefault = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'SSE-C' } };
      await refused(setRules(w, await w.bucket(), byDefault), 'MalformedXML', malformed);
    },
  ],
];

const constrained = (LocationConstraint: string) => ({ CreateBucketConfiguration: { LocationConstraint } });
const fresh = () => `b-${randomBytes(8).toString('hex')}`;

const regions: readonly Fact[] = [
  [
    '3.5',
    'no constraint outside of us-east-1',
    async (w) => {
      const request = { service: 's3', method: 'PUT', path: `/${fresh()}`, region: 'eu-west-1' };
      const answer = await send(w.practice.server, request);
      assert.equal(answer.status, 400);
      assert.match(
        answer.text,
        /<Code>IllegalLocationConstraintException<.*<Message>The unspecified location constraint is incompatible for the region specific endpoint this request was sent to\.</,
      );
    },
  ],
  [
    '3.5',
    "another Region's constraint",
    async (w) =>
      refused(
        w.s3('CreateBucket', { Bucket: fresh(), ...constrained('us-west-2') }, there),
        'IllegalLocationConstraintException',
        'The us-west-2 location constraint is incompatible for the region specific endpoint this request was sent to.',
      ),
  ],
  [
    '3.5',
    'a constraint that is none',
    async (w) =>
      refused(
        w.s3('CreateBucket', { Bucket: fresh(), ...constrained('nowhere') }, there),
        'InvalidLocationConstraint',
        'The specified location-constraint is not valid',
      ),
  ],
  [
    '3.5',
    'a bucket of another Region: the Region is wrong, and the right one is named',
    async (w) => {
      const Bucket = await w.bucket('eu-west-1');
      const answer = await send(w.practice.server, { service: 's3', path: `/${Bucket}`, query: 'list-type=2' });
      assert.equal(answer.status, 400);
      assert.match(
        answer.text.replaceAll('&apos;', "'"),
        /<Code>AuthorizationHeaderMalformed<.*the region 'us-east-1' is wrong; expecting 'eu-west-1'<.*<Region>eu-west-1</,
      );
    },
  ],
  [
    '3.5',
    'HEAD says it in x-amz-bucket-region, without a body',
    async (w) => {
      const Bucket = await w.bucket('eu-west-1');
      await assert.rejects(
        w.s3('HeadBucket', { Bucket }),
        (error: { $response?: { headers: Record<string, string> } }) => {
          assert.equal(error.$response?.headers['x-amz-bucket-region'], 'eu-west-1');
          return true;
        },
      );
      assert.equal((await w.s3('HeadBucket', { Bucket }, there)).BucketRegion, 'eu-west-1');
    },
  ],
  [
    '3.5',
    'a bucket that is yours already: 409, and success in us-east-1',
    async (w) => {
      const Bucket = await w.bucket('eu-west-1');
      await refused(w.s3('CreateBucket', { Bucket }, there), 'BucketAlreadyOwnedByYou', undefined, 409);
      const here = await w.bucket();
      await w.s3('CreateBucket', { Bucket: here });
    },
  ],
  [
    '3.5',
    'a bucket of another account: 409, and 403 for what is in it',
    async (w) => {
      const Bucket = fresh();
      await w.control({ foreignBuckets: [Bucket] }, async () => {
        await refused(w.s3('CreateBucket', { Bucket }), 'BucketAlreadyExists', undefined, 409);
        await refused(w.s3('PutObject', { Bucket, Key, Body }), 'AccessDenied', 'Access Denied', 403);
      });
    },
  ],
];

const reEncryption: readonly Fact[] = [
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
      const body = '<ObjectEncryption><SSE-S3/></ObjectEncryption>';
      const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
      const path = `/${Bucket}/${Key}`;
      const request = { service: 's3', method: 'PUT', path, query: 'encryption=', headers, body };
      const answer = await send(w.practice.server, request);
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

const sha256Of = (body: string) => createHash('sha256').update(body).digest('hex');

const misc: readonly Fact[] = [
  [
    '3.7',
    'NoSuchBucket',
    async (w) =>
      refused(w.s3('GetObject', { Bucket: fresh(), Key }), 'NoSuchBucket', 'The specified bucket does not exist', 404),
  ],
  [
    '3.7',
    'NoSuchKey',
    async (w) =>
      refused(
        w.s3('GetObject', { Bucket: await w.bucket(), Key }),
        'NoSuchKey',
        'The specified key does not exist.',
        404,
      ),
  ],
  ...(
    [
      ['BadDigest', 'AAAAAAAAAAAAAAAAAAAAAA=='],
      ['InvalidDigest', 'short'],
    ] as const
  ).map(
    ([code, ContentMD5]): Fact => [
      '3.7',
      code,
      async (w) => refused(w.s3('PutObject', { Bucket: await w.bucket(), Key, Body, ContentMD5 }), code),
    ],
  ),
  [
    '3.7',
    'EntityTooSmall',
    async (w) => {
      const Bucket = await w.bucket();
      const { UploadId } = await w.s3('CreateMultipartUpload', { Bucket, Key });
      const Parts = await Promise.all(
        [1, 2].map(async (PartNumber) => {
          const { ETag } = await w.s3('UploadPart', { Bucket, Key, UploadId, PartNumber, Body });
          return { PartNumber, ETag };
        }),
      );
      const complete = w.s3('CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload: { Parts } });
      await refused(complete, 'EntityTooSmall');
    },
  ],
  [
    '3.7',
    'PreconditionFailed',
    async (w) => {
      const Bucket = await w.bucket();
      await w.s3('PutObject', { Bucket, Key, Body, IfNoneMatch: '*' });
      const again = w.s3('PutObject', { Bucket, Key, Body, IfNoneMatch: '*' });
      await refused(again, 'PreconditionFailed', undefined, 412);
    },
  ],
  [
    '3.7',
    'HEAD errors have no body',
    async (w) => {
      const path = `/${await w.bucket()}/missing`;
      const answer = await send(w.practice.server, { service: 's3', method: 'HEAD', path });
      assert.deepEqual(answer, { status: 404, text: '' });
    },
  ],
  ...(
    [
      ['a trailer that was announced and does not come', 'MalformedTrailerError', '8\r\nthe text\r\n0\r\n\r\n', {}],
      ['a checksum that cannot be one', 'InvalidRequest', 'the text', { 'x-amz-checksum-crc32': 'abc' }],
      ['an upload of more than 5 GiB', 'EntityTooLarge', '0\r\n\r\n', { 'x-amz-decoded-content-length': '5368709121' }],
      ['metadata of more than 2 KB', 'MetadataTooLarge', 'the text', { 'x-amz-meta-a': 'x'.repeat(2048) }],
    ] as const
  ).map(
    ([what, code, body, more]): Fact => [
      '3.7',
      `${what} (unverified)`,
      async (w) => {
        const framed = {
          'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'x-amz-decoded-content-length': '8',
          'x-amz-trailer': 'x-amz-checksum-crc32',
        };
        const headers = { ...(body.includes('\r\n') ? framed : { 'x-amz-content-sha256': sha256Of(body) }), ...more };
        const path = `/${await w.bucket()}/${Key}`;
        const answer = await send(w.practice.server, { service: 's3', method: 'PUT', path, headers, body });
        assert.equal(answer.status, 400);
        assert.match(answer.text, new RegExp(`<Code>${code}</Code>`));
      },
    ],
  ),
];

/** Sections 3.3 to 3.7. */
export const bucketFacts: readonly Fact[] = [...defaults, ...customer, ...regions, ...reEncryption, ...misc];
