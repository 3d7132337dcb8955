import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { send } from '../signed-request.ts';
import { type Fact, refused } from './fact.ts';
import { Body, fresh, Key } from './s3-facts.ts';

const sha256Of = (body: string) => createHash('sha256').update(body).digest('hex');

/** Section 3.7. */
export const s3ErrorFacts: readonly Fact[] = [
  [
    '3.7',
    'a bucket is unknown for a while after CreateBucket',
    async (w) =>
      w.control({ newBucketTries: 1 }, async () => {
        const Bucket = await w.bucket();
        const put = () => w.s3('PutObject', { Bucket, Key, Body });
        await refused(put(), 'NoSuchBucket', 'The specified bucket does not exist', 404);
        await put();
      }),
  ],
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
      const { status, text } = await send(w.practice.server, { service: 's3', method: 'HEAD', path });
      assert.deepEqual({ status, text }, { status: 404, text: '' });
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
