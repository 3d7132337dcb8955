import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { must, type Practice, practise, refused } from './practising.ts';
import { send } from './signed-request.ts';

const Bucket = 'practice-bucket';

test('an object comes back as it was put, with what was said about it', async (t) => {
  const s3 = await bucketOf(await practise(t));
  const Body = randomBytes(700_001);
  const Key = 'a folder/käse + "quotes" & <tags>.bin';
  const put = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body,
      ContentType: 'image/png',
      CacheControl: 'no-store',
      ContentEncoding: 'gzip',
      Metadata: { colour: 'blue' },
    }),
  );
  assert.equal(put.ETag, `"${createHash('md5').update(Body).digest('hex')}"`);
  assert.equal(put.ServerSideEncryption, 'AES256');
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  assert.ok(Buffer.from(await must(got.Body).transformToByteArray()).equals(Body));
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  for (const answer of [got, head]) {
    assert.equal(answer.ContentLength, Body.length);
    assert.equal(answer.ContentType, 'image/png');
    assert.equal(answer.CacheControl, 'no-store');
    assert.equal(answer.ContentEncoding, 'gzip');
    assert.deepEqual(answer.Metadata, { colour: 'blue' });
    assert.equal(answer.ETag, put.ETag);
  }
  const list = await s3.send(new ListObjectsV2Command({ Bucket }));
  assert.deepEqual(
    list.Contents?.map((object) => [object.Key, object.Size]),
    [[Key, Body.length]],
  );
});

test('user metadata has at most 2 KB, names and values together', async (t) => {
  const s3 = await bucketOf(await practise(t));
  const put = async (bytes: number) =>
    s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'b', Metadata: { ab: 'x'.repeat(bytes - 2) } }));
  await put(2048);
  await refused(put(2049), 'MetadataTooLarge');
});

test('a stream with a trailing checksum is stored without its framing', async (t) => {
  const s3 = await bucketOf(await practise(t));
  const Body = randomBytes(3_000_000);
  const pieces = [Body.subarray(0, 10), Body.subarray(10, 2_000_000), Body.subarray(2_000_000)];
  const put = await s3.send(
    new PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from(pieces), ContentLength: Body.length }),
  );
  assert.ok(put.ChecksumCRC32);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
  assert.ok(Buffer.from(await must(got.Body).transformToByteArray()).equals(Body));
  assert.equal(got.ChecksumCRC32, put.ChecksumCRC32);
  assert.equal(got.ContentEncoding, undefined);
});

test('every checksum that the client can make is verified and kept', async (t) => {
  const s3 = await bucketOf(await practise(t));
  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
    const put = s3.send(
      new PutObjectCommand({ Bucket, Key: algorithm, Body: Buffer.from('123456789'), ChecksumAlgorithm: algorithm }),
    );
    const field = `Checksum${algorithm}` as const;
    const expected = must((await put)[field]);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: algorithm, ChecksumMode: 'ENABLED' }));
    assert.equal(head[field], expected);
    const wrong = Buffer.from(expected, 'base64').fill(1).toString('base64');
    await refused(
      s3.send(new PutObjectCommand({ Bucket, Key: 'bad', Body: Buffer.from('123456789'), [field]: wrong })),
      'BadDigest',
      `The ${algorithm} you specified did not match the calculated checksum.`,
    );
  }
  await refused(s3.send(new HeadObjectCommand({ Bucket, Key: 'bad' })), 'NotFound');
});

test('a body that does not match its MD5 leaves nothing behind', async (t) => {
  const practice = await practise(t);
  const s3 = await bucketOf(practice);
  const ContentMD5 = createHash('md5').update('another').digest('base64');
  await refused(
    s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('body'), ContentMD5 })),
    'BadDigest',
  );
  await refused(
    s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('body'), ContentMD5: 'short' })),
    'InvalidDigest',
  );
  assert.deepEqual(readdirSync(join(practice.folder, 'objects')), []);
});

test('ranges give the bytes that they name, across frames', async (t) => {
  const s3 = await bucketOf(await practise(t));
  const Body = randomBytes(600_000);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body }));
  const rows = [
    ['bytes=0-0', 0, 1],
    ['bytes=262140-262150', 262_140, 262_151],
    ['bytes=100-', 100, 600_000],
    ['bytes=-7', 599_993, 600_000],
    ['bytes=599999-700000', 599_999, 600_000],
  ] as const;
  for (const [Range, start, end] of rows) {
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
    assert.ok(Buffer.from(await must(got.Body).transformToByteArray()).equals(Body.subarray(start, end)), Range);
    assert.equal(got.ContentRange, `bytes ${start}-${end - 1}/600000`);
    assert.equal(got.$metadata.httpStatusCode, 206);
  }
  await refused(s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=600000-' })), 'InvalidRange');
});

test('conditions on reads and writes hold', async (t) => {
  const s3 = await bucketOf(await practise(t));
  const put = async (more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('1'), ...more }));
  const { ETag } = await put({ IfNoneMatch: '*' });
  await refused(put({ IfNoneMatch: '*' }), 'PreconditionFailed');
  await refused(put({ IfMatch: '"0123"' }), 'PreconditionFailed');
  await put({ IfMatch: ETag });
  const get = async (more: object) => s3.send(new GetObjectCommand({ Bucket, Key: 'k', ...more }));
  await refused(get({ IfMatch: '"0123"' }), 'PreconditionFailed');
  await assert.rejects(get({ IfNoneMatch: ETag }), (error: { $metadata: { httpStatusCode: number } }) => {
    assert.equal(error.$metadata.httpStatusCode, 304);
    return true;
  });
  assert.equal((await get({ IfMatch: ETag })).ContentLength, 1);
});

test('an object was not changed after its own date, which has whole seconds; an ETag outweighs a date', async (t) => {
  const practice = await practise(t);
  practice.clock.now = new Date(Math.floor(Date.now() / 1000) * 1000 + 700);
  const s3 = await bucketOf(practice);
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('1') }));
  const { LastModified = new Date(0) } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
  const earlier = new Date(LastModified.getTime() - 1000);
  const statusOf = (more: object) =>
    s3.send(new GetObjectCommand({ Bucket, Key: 'k', ...more })).then(
      ({ $metadata }) => $metadata.httpStatusCode,
      ({ $metadata }: { readonly $metadata: { readonly httpStatusCode?: number } }) => $metadata.httpStatusCode,
    );
  for (const [conditions, status] of [
    [{ IfUnmodifiedSince: LastModified }, 200],
    [{ IfUnmodifiedSince: earlier }, 412],
    [{ IfModifiedSince: LastModified }, 304],
    [{ IfModifiedSince: earlier }, 200],
    [{ IfMatch: ETag, IfUnmodifiedSince: earlier }, 200],
    [{ IfNoneMatch: '"0123"', IfModifiedSince: LastModified }, 200],
  ] as const)
    assert.equal(await statusOf(conditions), status, JSON.stringify(conditions));
});

test('a date that cannot be read is no condition', async (t) => {
  const practice = await practise(t);
  const s3 = await bucketOf(practice);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('1') }));
  const statusWith = async (headers: Readonly<Record<string, string>>, method = 'GET') =>
    (await send(practice.server, { service: 's3', method, path: `/${Bucket}/k`, headers })).status;
  for (const name of ['if-modified-since', 'if-unmodified-since'])
    assert.equal(await statusWith({ [name]: 'yesterday' }), 200, name);
  const copied = {
    'x-amz-copy-source': `${Bucket}/k`,
    'x-amz-metadata-directive': 'REPLACE',
    'x-amz-copy-source-if-modified-since': 'yesterday',
  };
  assert.equal(await statusWith(copied, 'PUT'), 200);
});

test('lists go by prefix and delimiter, page by page', async (t) => {
  const s3 = await bucketOf(await practise(t));
  const keys = ['a/1', 'a/2', 'a/b/3', 'b', 'c/4', 'd', 'é', '\u{1F511}'];
  await Promise.all(keys.map(async (Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(0) }))));
  const found: Array<string | undefined> = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket,
        Delimiter: '/',
        MaxKeys: 2,
        ...(ContinuationToken ? { ContinuationToken } : {}),
      }),
    );
    found.push(
      ...[
        ...(page.Contents ?? []).map((object) => object.Key),
        ...(page.CommonPrefixes ?? []).map((one) => one.Prefix),
      ].sort(),
    );
    assert.equal(page.IsTruncated, page.NextContinuationToken !== undefined);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  assert.deepEqual(found, ['a/', 'b', 'c/', 'd', 'é', '\u{1F511}']);
  const inside = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/', Delimiter: '/' }));
  assert.deepEqual(
    inside.Contents?.map((object) => object.Key),
    ['a/1', 'a/2'],
  );
  assert.deepEqual(inside.CommonPrefixes, [{ Prefix: 'a/b/' }]);
  const beyond = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: '\u{1F511}' }));
  assert.equal(beyond.KeyCount, 1);
  const first = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 3, Marker: 'a/1' }));
  assert.deepEqual(
    first.Contents?.map((object) => object.Key),
    ['a/2', 'a/b/3', 'b'],
  );
});

test('what is deleted is gone, bytes and all, and deleting it again succeeds', async (t) => {
  const practice = await practise(t);
  const s3 = await bucketOf(practice);
  for (const Key of ['1', '2', '3']) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from('old') }));
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from('new') }));
  }
  assert.equal(readdirSync(join(practice.folder, 'objects')).length, 3);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: '1' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: '1' }));
  const Objects = [{ Key: '2' }, { Key: '3' }, { Key: 'never' }];
  const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.deepEqual(deleted.Deleted, Objects);
  await refused(s3.send(new GetObjectCommand({ Bucket, Key: '2' })), 'NoSuchKey', 'The specified key does not exist.');
  const quietly = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  assert.deepEqual([quietly.Deleted, quietly.Errors], [undefined, undefined]);
  const failing = { Objects: [{ Key: '1', VersionId: 'unknown' }], Quiet: true };
  const { Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: failing }));
  assert.equal(Errors?.length, 1);
  assert.deepEqual(readdirSync(join(practice.folder, 'objects')), []);
});

test('a copy has bytes of its own, and a copy onto itself must change something', async (t) => {
  const s3 = await bucketOf(await practise(t));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a b', Body: Buffer.from('text'), Metadata: { m: '1' } }));
  const CopySource = `${Bucket}/a%20b`;
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ServerSideEncryption: 'aws:kms' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'never' }));
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'copy' }));
  assert.equal(await must(got.Body).transformToString(), 'text');
  assert.deepEqual([got.ServerSideEncryption, got.Metadata], ['aws:kms', { m: '1' }]);
  await refused(s3.send(new CopyObjectCommand({ Bucket, Key: 'a b', CopySource })), 'InvalidRequest');
});

async function bucketOf({ s3 }: Practice): Promise<S3Client> {
  await s3().send(new CreateBucketCommand({ Bucket }));
  return s3();
}
