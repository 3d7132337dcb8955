import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { md5Header, send } from '../signed-request.ts';
import { type Fact, refused, type World } from './fact.ts';
import { Body, Key } from './s3-facts.ts';

const failed = 'At least one of the pre-conditions you specified did not hold';
const notImplemented = 'A header you provided implies functionality that is not implemented';
const never = '"00000000000000000000000000000000"';
const long = Buffer.alloc(5 * 1024 * 1024, 'a');

async function stored(w: World) {
  const Bucket = await w.bucket();
  const { ETag = '' } = await w.s3('PutObject', { Bucket, Key, Body });
  return { Bucket, Key, ETag, CopySource: `${Bucket}/${Key}` };
}

const contentOf = async (w: World, where: Record<string, unknown>) =>
  (await w.s3('GetObject', where)).Body?.transformToString();

/** An upload of two parts, the first of 5 MiB. */
async function parts(w: World, more: object = {}) {
  const Bucket = await w.bucket();
  const { UploadId } = await w.s3('CreateMultipartUpload', { Bucket, Key, ...more });
  const uploaded = await Promise.all(
    [long, Body].map(async (body, index) => {
      const PartNumber = index + 1;
      const given = { Bucket, Key, UploadId, PartNumber, Body: body };
      const { ETag } = await w.s3('UploadPart', given);
      return { PartNumber, ETag, ChecksumCRC32: crcOf(body) };
    }),
  );
  const complete = { Bucket, Key, UploadId, MultipartUpload: { Parts: uploaded } };
  return { Bucket, Key, UploadId, uploaded, complete };
}

function crcOf(bytes: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
}

/** What refuses a write. Source: recorded answers, Feb 2026, and the S3 API reference for DeleteObject. */
const refusedWrites: ReadonlyArray<
  readonly [operation: string, input: object, code: string, text: string, status: number]
> = [
  ['PutObject', { Body, IfNoneMatch: never }, 'NotImplemented', notImplemented, 501],
  ['PutObject', { Body, IfMatch: '*' }, 'NotImplemented', notImplemented, 501],
  ['PutObject', { Body, IfMatch: never, IfNoneMatch: '*' }, 'NotImplemented', notImplemented, 501],
  ['PutObject', { Body, IfMatch: never }, 'PreconditionFailed', failed, 412],
  ['DeleteObject', { IfMatch: never }, 'PreconditionFailed', failed, 412],
  ['CopyObject', { CopySourceIfMatch: never }, 'PreconditionFailed', failed, 412],
  ['CopyObject', { CopySourceIfUnmodifiedSince: new Date(0) }, 'PreconditionFailed', failed, 412],
  ['CopyObject', { CopySourceIfModifiedSince: new Date(2100, 0) }, 'PreconditionFailed', failed, 412],
  ['CopyObject', { IfMatch: never }, 'PreconditionFailed', failed, 412],
  ['CopyObject', { IfNoneMatch: '*' }, 'PreconditionFailed', failed, 412],
];

/** Section 3.7. */
export const objectConditionFacts: readonly Fact[] = [
  ...refusedWrites.map(
    ([operation, input, code, text, status]): Fact => [
      '3.7',
      `${operation} with ${Object.keys(input).filter((name) => name !== 'Body')}: ${code}, and nothing is changed`,
      async (w) => {
        const { ETag, ...where } = await stored(w);
        await refused(w.s3(operation, { ...where, ...input }), code, text, status);
        assert.equal((await w.s3('HeadObject', where)).ETag, ETag);
      },
    ],
  ),
  [
    '3.7',
    'conditions that hold let a write through',
    async (w) => {
      const { ETag, ...where } = await stored(w);
      await w.s3('CopyObject', { ...where, Key: 'copy', CopySourceIfMatch: ETag, IfNoneMatch: '*' });
      await refused(w.s3('CopyObject', { ...where, CopySourceIfNoneMatch: ETag }), 'PreconditionFailed', failed, 412);
      await w.s3('DeleteObject', { ...where, IfMatch: ETag });
      await refused(w.s3('DeleteObject', { ...where, IfMatch: '*' }), 'NoSuchKey', undefined, 404);
      await w.s3('DeleteObject', where);
    },
  ],
  [
    '3.7',
    'UploadPartCopy with a condition on its source that does not hold: 412',
    async (w) => {
      const { ETag, ...where } = await stored(w);
      const { UploadId } = await w.s3('CreateMultipartUpload', where);
      const part = { ...where, UploadId, PartNumber: 1 };
      for (const condition of [{ CopySourceIfMatch: never }, { CopySourceIfNoneMatch: ETag }])
        await refused(w.s3('UploadPartCopy', { ...part, ...condition }), 'PreconditionFailed', failed, 412);
      await w.s3('UploadPartCopy', { ...part, CopySourceIfMatch: ETag });
    },
  ],
  [
    '3.7',
    'DeleteObjects keeps keys with white space apart, and an ETag that does not match',
    async (w) => {
      const { Bucket } = await stored(w);
      const keys = [' ', '_', '_ ', ' _', '\t', 'a  b'];
      await Promise.all(keys.map(async (one) => w.s3('PutObject', { Bucket, Key: one, Body })));
      const remove = async (...Objects: object[]) => w.s3('DeleteObjects', { Bucket, Delete: { Objects } });
      await remove({ Key: '_ ' }, { Key: ' ' });
      const left = async () => (await w.s3('ListObjectsV2', { Bucket })).Contents?.map((one) => one.Key);
      assert.deepEqual(await left(), ['\t', ' _', '_', 'a  b', Key]);
      const { Errors } = await remove(
        { Key: '\t' },
        { Key: ' _' },
        { Key: '_' },
        { Key: 'a  b' },
        { Key, ETag: never },
      );
      assert.deepEqual([Errors?.length, Errors?.[0]?.Key, Errors?.[0]?.Code], [1, Key, 'PreconditionFailed']);
      assert.deepEqual(await left(), [Key]);
    },
  ],
  [
    '3.7',
    'a version that is not there: NoSuchVersion, and nothing is deleted; null is the one that is',
    async (w) => {
      const { Bucket } = await stored(w);
      const VersionId = 'AaaHbAQitwiL_h47_44lRO2DDfLlBO5e';
      const { Errors } = await w.s3('DeleteObjects', { Bucket, Delete: { Objects: [{ Key, VersionId }] } });
      const text = 'The specified version does not exist.';
      assert.deepEqual(Errors, [{ Key, VersionId, Code: 'NoSuchVersion', Message: text }]);
      for (const operation of ['GetObject', 'DeleteObject'])
        await refused(w.s3(operation, { Bucket, Key, VersionId }), 'NoSuchVersion', text, 404);
      const CopySource = `${Bucket}/${Key}?versionId=${VersionId}`;
      await refused(w.s3('CopyObject', { Bucket, Key: 'copy', CopySource }), 'NoSuchVersion', text, 404);
      assert.equal(await contentOf(w, { Bucket, Key, VersionId: 'null' }), String(Body));
      await w.s3('DeleteObjects', { Bucket, Delete: { Objects: [{ Key, VersionId: 'null' }] } });
      await refused(w.s3('GetObject', { Bucket, Key }), 'NoSuchKey', undefined, 404);
    },
  ],
  [
    '3.7',
    'another owner than expected: 403, for the source of a copy too',
    async (w) => {
      const where = await stored(w);
      const denied = ['AccessDenied', 'Access Denied', 403] as const;
      await refused(w.s3('GetObject', { ...where, ExpectedBucketOwner: '111122223333' }), ...denied);
      await refused(w.s3('PutObject', { ...where, Body, ExpectedBucketOwner: '111122223333' }), ...denied);
      const copy = { ...where, Key: 'copy', ExpectedSourceBucketOwner: '111122223333' };
      await refused(w.s3('CopyObject', copy), ...denied);
      await w.s3('GetObject', { ...where, ExpectedBucketOwner: w.account });
    },
  ],
  [
    '3.7',
    'GET and HEAD with a part number: that part, 206 and PartsCount; 416 past the last, 400 beside a range',
    async (w) => {
      const { Bucket, complete } = await parts(w);
      await w.s3('CompleteMultipartUpload', complete);
      const part = await w.s3('GetObject', { Bucket, Key, PartNumber: 2 });
      assert.deepEqual(
        [part.$metadata?.httpStatusCode, part.PartsCount, part.ContentLength, part.ContentRange],
        [206, 2, Body.length, `bytes ${long.length}-${long.length + Body.length - 1}/${long.length + Body.length}`],
      );
      assert.equal(await part.Body?.transformToString(), String(Body));
      const head = await w.s3('HeadObject', { Bucket, Key, PartNumber: 1 });
      assert.deepEqual([head.PartsCount, head.ContentLength], [2, long.length]);
      const text = 'The requested partnumber is not satisfiable';
      await refused(w.s3('GetObject', { Bucket, Key, PartNumber: 3 }), 'InvalidPartNumber', text, 416);
      const both = w.s3('GetObject', { Bucket, Key, PartNumber: 1, Range: 'bytes=0-1' });
      await refused(both, 'InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
      await w.s3('PutObject', { Bucket, Key, Body });
      const whole = await w.s3('GetObject', { Bucket, Key, PartNumber: 1 });
      assert.deepEqual([whole.ContentLength, whole.PartsCount], [Body.length, undefined]);
      await refused(w.s3('GetObject', { Bucket, Key, PartNumber: 2 }), 'InvalidPartNumber', text, 416);
    },
  ],
  ...(
    [
      ['700000', /<Message>X-Amz-Expires must be less than a week \(in seconds\)/],
      ['-1', /<Message>X-Amz-Expires must be non-negative</],
      ['soon', /<Message>X-Amz-Expires should be a number</],
    ] as const
  ).map(
    ([expires, text]): Fact => [
      '3.7',
      `a presigned request that is to hold for ${expires} seconds`,
      async (w) => {
        const { accessKeyId } = w.practice.server.credentials;
        const moment = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
        const scope = encodeURIComponent(`${accessKeyId}/${moment.slice(0, 8)}/us-east-1/s3/aws4_request`);
        const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${scope}&X-Amz-Date=${moment}&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=${'0'.repeat(64)}`;
        const unsigned = { authorization: undefined, 'x-amz-date': undefined, 'x-amz-security-token': undefined };
        const answer = await send(w.practice.server, { service: 's3', query, after: unsigned });
        assert.equal(answer.status, 400);
        assert.match(answer.text, /<Code>AuthorizationQueryParametersError</);
        assert.match(answer.text, text);
      },
    ],
  ),
  [
    '3.7',
    "CompleteMultipartUpload takes the object's right checksum, of the whole and of the parts, and refuses a wrong one",
    async (w) => {
      const full = await parts(w, { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
      const ChecksumCRC32 = crcOf(Buffer.concat([long, Body]));
      const type = { ChecksumType: 'FULL_OBJECT' };
      const wrong = w.s3('CompleteMultipartUpload', { ...full.complete, ...type, ChecksumCRC32: 'AAAAAA==' });
      await refused(wrong, 'BadDigest');
      await w.s3('CompleteMultipartUpload', { ...full.complete, ...type, ChecksumCRC32 });
      const composite = await parts(w, { ChecksumAlgorithm: 'CRC32' });
      const sums = [long, Body].map((body) => Buffer.from(crcOf(body), 'base64'));
      const claim = `${crcOf(Buffer.concat(sums))}-2`;
      const wrongly = { ...composite.complete, ChecksumCRC32: 'AAAAAA==-2' };
      await refused(w.s3('CompleteMultipartUpload', wrongly), 'BadDigest');
      const done = await w.s3('CompleteMultipartUpload', { ...composite.complete, ChecksumCRC32: claim });
      assert.equal(done.ChecksumCRC32, claim);
    },
  ],
  [
    '3.7',
    'CompleteMultipartUpload without the checksums of a COMPOSITE upload, with a wrong size or a condition: refused',
    async (w) => {
      const { Bucket, uploaded, complete } = await parts(w, { ChecksumAlgorithm: 'CRC32' });
      const bare = { Parts: uploaded.map(({ ChecksumCRC32: _, ...part }) => part) };
      await refused(
        w.s3('CompleteMultipartUpload', { ...complete, MultipartUpload: bare }),
        'InvalidRequest',
        'The upload was created using a crc32 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.',
      );
      await refused(w.s3('CompleteMultipartUpload', { ...complete, MpuObjectSize: 10 }), 'InvalidRequest');
      await w.s3('PutObject', { Bucket, Key, Body });
      const conditional = w.s3('CompleteMultipartUpload', { ...complete, IfMatch: never });
      await refused(conditional, 'PreconditionFailed', failed, 412);
      const MpuObjectSize = long.length + Body.length;
      await w.s3('CompleteMultipartUpload', { ...complete, MpuObjectSize });
    },
  ],
  [
    '3.7',
    'CompleteMultipartUpload sent again after success: 200 and the same answer, until the object is another (reports)',
    async (w) => {
      const { Bucket, UploadId, complete } = await parts(w);
      const first = await w.s3('CompleteMultipartUpload', complete);
      const again = await w.s3('CompleteMultipartUpload', complete);
      assert.deepEqual([again.ETag, again.$metadata?.httpStatusCode], [first.ETag, 200]);
      await refused(w.s3('ListParts', { Bucket, Key, UploadId }), 'NoSuchUpload', undefined, 404);
      await w.s3('PutObject', { Bucket, Key, Body });
      await refused(w.s3('CompleteMultipartUpload', complete), 'NoSuchUpload', undefined, 404);
      assert.equal(await contentOf(w, { Bucket, Key }), String(Body));
    },
  ],
  [
    '3.7',
    'Requester Pays: 403 without the header, and whoever says that they pay is let in',
    async (w) => {
      const { Bucket } = await stored(w);
      await w.control({ requesterPays: [Bucket] }, async () => {
        await refused(w.s3('GetObject', { Bucket, Key }), 'AccessDenied', 'Access Denied', 403);
        await w.s3('GetObject', { Bucket, Key, RequestPayer: 'requester' });
      });
      const pays = w.s3('PutBucketRequestPayment', { Bucket, RequestPaymentConfiguration: { Payer: 'Requester' } });
      const text =
        'Practice AWS does not do PutBucketRequestPayment: a bucket keeps this setting as a new bucket has it.';
      await refused(pays, 'NotImplemented', text, 501);
    },
  ],
  [
    '3.6',
    'Object Lock: parameters on a bucket without it, an upload without a checksum and another encryption with it',
    async (w) => {
      const { Bucket } = await stored(w);
      const { Arn } = await w.key({ Origin: 'AWS_KMS' });
      const locked = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(2100, 0) };
      const missing = 'Bucket is missing Object Lock Configuration';
      await refused(w.s3('PutObject', { Bucket, Key, Body, ...locked }), 'InvalidRequest', missing);
      await w.control({ objectLock: [Bucket] }, async () => {
        await w.s3('PutObject', { Bucket, Key, Body, ...locked });
        const headers = { 'x-amz-content-sha256': createHash('sha256').update(Body).digest('hex') };
        const bare = { service: 's3', method: 'PUT', path: `/${Bucket}/${Key}`, headers, body: Body };
        const answer = await send(w.practice.server, bare);
        assert.equal(answer.status, 400);
        const text = /Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock/;
        assert.match(answer.text, text);
        const { UploadId } = await w.s3('CreateMultipartUpload', { Bucket, Key });
        const part = { ...bare, query: `partNumber=1&uploadId=${UploadId}` };
        assert.match((await send(w.practice.server, part)).text, /header is required for Put Part requests/);
        const md5 = { ...headers, ...md5Header(Body) };
        assert.equal((await send(w.practice.server, { ...bare, headers: md5 })).status, 200);
        const update = { Bucket, Key, ObjectEncryption: { SSEKMS: { KMSKeyArn: Arn } } };
        const protectedBy =
          "The encryption type for the specified object can't be updated because that object is protected by S3 Object Lock.";
        await refused(w.s3('UpdateObjectEncryption', update), 'AccessDenied', protectedBy, 403);
      });
    },
  ],
];
