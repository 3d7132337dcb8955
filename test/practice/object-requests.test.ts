import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import fs, { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { removeChunkFraming } from '../../source/practice/s3/aws-chunked.ts';
import { keepBody, openBodyFolder } from '../../source/practice/s3/body-folder.ts';
import { watchCiphers } from '../crypto-log.ts';
import { openIn } from '../disk/open-in.ts';
import { newFolder } from '../new-folder.ts';
import { pausedBody } from './paused-body.ts';
import { denyCaller, enabledKey, refused, setControl } from './practising.ts';
import { md5Header, outcomeOf, send } from './signed-request.ts';
import { Bucket, type Input, Key, withBucket } from './with-bucket.ts';

const mebibyte = 1024 * 1024;
const customer = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32, 5) };
const openForCustomers = {
  ServerSideEncryptionConfiguration: { Rules: [{ BlockedEncryptionTypes: { EncryptionType: ['NONE'] } }] },
};

test('an object keeps every header that S3 keeps, and a read can ask for others', async (t) => {
  const { s3, server } = await withBucket(t);
  const Expires = new Date(Date.UTC(2030, 0, 1));
  const kept = {
    CacheControl: 'no-store',
    ContentDisposition: 'attachment',
    ContentLanguage: 'de',
    ContentType: 'text/plain',
    WebsiteRedirectLocation: '/there',
    Metadata: { colour: 'blue' },
  };
  await s3('PutObject', { Key, Body: 'text', ...kept, Expires });
  const { UploadId } = await s3('CreateMultipartUpload', {
    Key: 'parts',
    ...kept,
    Expires,
    StorageClass: 'GLACIER_IR',
  });
  const { ETag } = await s3('UploadPart', { Key: 'parts', UploadId, PartNumber: 1, Body: 'text' });
  assert.equal((await s3('ListParts', { Key: 'parts', UploadId })).StorageClass, 'GLACIER_IR');
  assert.equal((await s3('ListMultipartUploads')).Uploads[0].StorageClass, 'GLACIER_IR');
  await s3('CompleteMultipartUpload', {
    Key: 'parts',
    UploadId,
    MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
  });
  assert.equal((await s3('HeadObject', { Key: 'parts' })).StorageClass, 'GLACIER_IR');
  for (const name of [Key, 'parts']) {
    const head = await s3('HeadObject', { Key: name });
    for (const [member, value] of Object.entries(kept)) assert.deepEqual(head[member], value, `${name}: ${member}`);
    assert.equal(head.ExpiresString, Expires.toUTCString());
  }
  const overriding = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type'];
  const query = [...overriding, 'expires'].map((name) => `response-${name}=x-${name}`).join('&');
  for (const method of ['GET', 'HEAD']) {
    const { headers } = await send(server, { service: 's3', method, path: `/${Bucket}/a%20key`, query });
    for (const name of [...overriding, 'expires']) assert.equal(headers[name], `x-${name}`, `${method} ${name}`);
  }
});

test('a copy has the metadata of its source or those of the request, and never its redirection', async (t) => {
  const { s3, folder } = await withBucket(t);
  const WebsiteRedirectLocation = '/there';
  const given = { ContentType: 'text/plain', Metadata: { colour: 'blue' }, WebsiteRedirectLocation };
  await s3('PutObject', { Key: 'tagged', Body: 'text', Tagging: 'a=b', ...given });
  const copy = async (more: Input) => {
    await s3('CopyObject', { Key: 'copy', CopySource: `/${Bucket}/tagged?versionId=null`, ...more });
    const { Metadata, ContentType, WebsiteRedirectLocation: redirect, ETag } = await s3('HeadObject', { Key: 'copy' });
    assert.equal(ETag, `"${createHash('md5').update('text').digest('hex')}"`);
    return [Metadata, ContentType, redirect];
  };
  assert.deepEqual(await copy({}), [{ colour: 'blue' }, 'text/plain', undefined]);
  const replaced = { MetadataDirective: 'REPLACE', Metadata: { size: 'l' }, ContentType: 'image/png' };
  assert.deepEqual(await copy(replaced), [{ size: 'l' }, 'image/png', undefined]);
  for (const CopySource of ['nothing', '%zz/key', '/bucket-alone'])
    await refused(copy({ CopySource }), 'InvalidArgument');
  denyCaller({ folder }, 's3:PutObjectTagging');
  const denied = /perform: s3:PutObjectTagging on resource: /;
  await assert.rejects(copy({}), denied);
  await copy({ TaggingDirective: 'REPLACE' });
  await assert.rejects(s3('PutObject', { Key, Body: 'text', Tagging: 'a=b' }), denied);
});

test('each storage class is taken, and two of them are archives', async (t) => {
  const { s3 } = await withBucket(t);
  const readable = ['STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'];
  for (const StorageClass of [...readable, 'GLACIER', 'DEEP_ARCHIVE']) {
    await s3('PutObject', { Key, Body: 'text', StorageClass });
    const read = s3('GetObject', { Key }).then(
      () => true,
      (error: Error) => error.name !== 'InvalidObjectState',
    );
    assert.equal(await read, readable.includes(StorageClass), StorageClass);
    assert.equal((await s3('ListObjectsV2')).Contents[0].StorageClass, StorageClass);
    const told = (await s3('HeadObject', { Key })).StorageClass;
    assert.equal(told, StorageClass === 'STANDARD' ? undefined : StorageClass);
  }
});

test('ranges that cannot be read give the whole object, and one beyond its end gives none', async (t) => {
  const { s3, server } = await withBucket(t);
  await s3('PutObject', { Key: 'k', Body: '0123456789' });
  for (const [range, status, body] of [
    ['bytes=5-2', 200, '0123456789'],
    ['bytes=-', 200, '0123456789'],
    ['lines=1-2', 200, '0123456789'],
    ['bytes=9-9', 206, '9'],
    ['bytes=-20', 206, '0123456789'],
    ['bytes=-0', 416, undefined],
    ['bytes=10-', 416, undefined],
  ] as const) {
    const answer = await send(server, { service: 's3', path: `/${Bucket}/k`, headers: { range } });
    assert.equal(answer.status, status, range);
    if (body === undefined) assert.equal(answer.headers['content-range'], 'bytes */10');
    else assert.equal(answer.text, body, range);
  }
  const head = await s3('HeadObject', { Key: 'k', Range: 'bytes=2-4' });
  assert.deepEqual([head.$metadata.httpStatusCode, head.ContentLength, head.ContentRange], [206, 3, 'bytes 2-4/10']);
});

test('one of several ETags is enough for a condition', async (t) => {
  const { s3 } = await withBucket(t);
  const { ETag } = await s3('PutObject', { Key, Body: 'text' });
  await s3('GetObject', { Key, IfMatch: `"0123", ${ETag}` });
  await s3('GetObject', { Key, IfMatch: '*' });
  await refused(s3('GetObject', { Key, IfMatch: '"0123", "4567"' }), 'PreconditionFailed');
});

test('a list says how many entries it has, takes no wrong size, and names owners where it is asked for them', async (t) => {
  const { s3 } = await withBucket(t);
  for (const name of ['a/1', 'a/2', 'b', 'c']) await s3('PutObject', { Key: name, Body: 'text' });
  const list = await s3('ListObjectsV2', { Delimiter: '/', StartAfter: 'a/1', MaxKeys: 5000 });
  assert.deepEqual([list.KeyCount, list.MaxKeys, list.StartAfter, list.IsTruncated], [2, 1000, 'a/1', false]);
  assert.deepEqual((await s3('ListObjectsV2', { Delimiter: '/' })).KeyCount, 3);
  assert.deepEqual((await s3('ListObjectsV2', { StartAfter: 'b' })).Contents.length, 1);
  const none = await s3('ListObjectsV2', { MaxKeys: 0 });
  assert.deepEqual([none.KeyCount, none.IsTruncated, none.Contents], [0, false, undefined]);
  await refused(s3('ListObjectsV2', { MaxKeys: -1 }), 'InvalidArgument');
  const ownerIn = async (name: string, input: Input = {}) => (await s3(name, input)).Contents[0].Owner?.ID;
  const owner = (await s3('GetBucketAcl')).Owner.ID;
  assert.deepEqual(
    [
      await ownerIn('ListObjectsV2'),
      await ownerIn('ListObjectsV2', { FetchOwner: true }),
      await ownerIn('ListObjects'),
    ],
    [undefined, owner, owner],
  );
  const { ChecksumAlgorithm, ChecksumType, Size, ETag } = (await s3('ListObjectsV2')).Contents[0];
  const md5 = createHash('md5').update('text').digest('hex');
  assert.deepEqual([ChecksumAlgorithm, ChecksumType, Size, ETag], [['CRC32'], 'FULL_OBJECT', 4, `"${md5}"`]);
});

test('a body is refused that does not have the hash or the length that its headers say', async (t) => {
  const { server, s3, kms } = await withBucket(t);
  const put = async (headers: Record<string, string>, body: string | Buffer = 'text', key = 'k') => {
    return outcomeOf(await send(server, { service: 's3', method: 'PUT', path: `/${Bucket}/${key}`, headers, body }));
  };
  const sha256 = createHash('sha256').update('another').digest('hex');
  assert.equal(await put({ 'x-amz-content-sha256': sha256 }), '400 XAmzContentSHA256Mismatch');
  const streamed = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
  const length = (value: string) => ({ ...streamed, 'x-amz-decoded-content-length': value });
  assert.equal(await put(length('four'), '4\r\ntext\r\n0\r\n\r\n'), '411 MissingContentLength');
  assert.equal(await put(length('5'), '4\r\ntext\r\n0\r\n\r\n'), '400 IncompleteBody');
  assert.equal(await put(length(String(5 * 1024 * mebibyte + 1)), ''), '400 EntityTooLarge');
  const promised = { ...length('4'), 'x-amz-trailer': 'x-amz-checksum-crc32' };
  assert.equal(await put(promised, '4\r\ntext\r\n0\r\n\r\n'), '400 MalformedTrailerError');
  const { arn } = await enabledKey(kms());
  const encrypted = 'x-amz-server-side-encryption';
  const underKey = { [encrypted]: 'aws:kms', [`${encrypted}-aws-kms-key-id`]: arn };
  assert.equal(await put({ ...underKey, ...md5Header('another') }), '400 BadDigest');
  assert.equal(await put({ ...underKey, ...md5Header('text') }), '200');
  const sha512 = (text: string) => ({ 'x-amz-checksum-sha512': createHash('sha512').update(text).digest('base64') });
  assert.equal(await put(sha512('text')), '200');
  assert.equal(await put(sha512('another')), '400 BadDigest');
  assert.equal(await put({ 'x-amz-checksum-crc32': 'AAAA' }), '400 InvalidRequest');
  assert.equal(await put({ 'x-amz-sdk-checksum-algorithm': 'XXHASH64' }), '501 NotImplemented');
  // Some clients end the body after the empty chunk, write sizes in capitals, or the name of the trailing header.
  assert.equal(await put(length('10'), 'A\r\n0123456789\r\n0\r\n'), '200');
  const crc32 = 'X-Amz-Checksum-Crc32:O/55yA==';
  const trailing = { ...length('4'), 'x-amz-trailer': 'x-amz-checksum-crc32' };
  assert.equal(await put(trailing, `4\r\ntext\r\n0\r\n${crc32}\r\n\r\n`), '400 BadDigest');
  const { ChecksumCRC32 } = await s3('PutObject', { Key, Body: 'text', ChecksumAlgorithm: 'CRC32' });
  assert.equal(await put(trailing, `4\r\ntext\r\n0\r\nX-Amz-Checksum-Crc32: ${ChecksumCRC32}\r\n\r\n`), '200');
  const longest = 'k'.repeat(1024);
  assert.deepEqual(
    [await put({}, 'text', longest), await put({}, 'text', `${longest}k`)],
    ['200', '400 KeyTooLongError'],
  );
});

test('a write is checked again when all its bytes have come: what was written or removed meanwhile counts', async (t) => {
  const { s3, folder } = await withBucket(t);
  const body = randomBytes(3 * mebibyte);
  const putWhile = (meanwhile: () => Promise<unknown>, more: Input) =>
    s3('PutObject', { Key, ...pausedBody(folder, body, meanwhile), ...more });
  const other = () => s3('PutObject', { Key, Body: 'other' });
  await refused(putWhile(other, { IfNoneMatch: '*' }), 'PreconditionFailed');
  assert.equal(await (await s3('GetObject', { Key })).Body.transformToString(), 'other');
  await s3('DeleteObject', { Key });
  await refused(
    putWhile(() => s3('DeleteBucket'), {}),
    'NoSuchBucket',
  );
});

test('an upload in parts goes under a key of the customer, and each object is copied with the keys of both sides', async (t) => {
  const { s3 } = await withBucket(t);
  await s3('PutBucketEncryption', openForCustomers);
  const { UploadId } = await s3('CreateMultipartUpload', { Key, ...customer });
  const { ETag } = await s3('UploadPart', { Key, UploadId, PartNumber: 1, Body: '0123456789', ...customer });
  await s3('CompleteMultipartUpload', { Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
  assert.equal(await (await s3('GetObject', { Key, ...customer })).Body.transformToString(), '0123456789');
  const attributes = { Key, ObjectAttributes: ['ObjectSize'] };
  assert.equal((await s3('GetObjectAttributes', { ...attributes, ...customer })).ObjectSize, 10);
  await refused(s3('GetObjectAttributes', attributes), 'InvalidRequest');
  const CopySource = `${Bucket}/a%20key`;
  const withKey = { CopySourceSSECustomerAlgorithm: 'AES256', CopySourceSSECustomerKey: customer.SSECustomerKey };
  await refused(s3('CopyObject', { Key: 'copy', CopySource }), 'InvalidRequest');
  await s3('CopyObject', { Key: 'copy', CopySource, ...withKey, ServerSideEncryption: 'AES256' });
  assert.equal(await (await s3('GetObject', { Key: 'copy' })).Body.transformToString(), '0123456789');
  const again = await s3('CreateMultipartUpload', { Key: 'part' });
  const part = { Key: 'part', UploadId: again.UploadId, PartNumber: 1, CopySource };
  await refused(s3('UploadPartCopy', part), 'InvalidRequest');
  for (const CopySourceRange of ['bytes=5-2', '2-5'])
    await refused(s3('UploadPartCopy', { ...part, ...withKey, CopySourceRange }), 'InvalidArgument');
  const copied = await s3('UploadPartCopy', { ...part, ...withKey, CopySourceRange: 'bytes=2-5' });
  const Parts = [{ PartNumber: 1, ETag: copied.CopyPartResult.ETag }];
  await s3('CompleteMultipartUpload', { Key: 'part', UploadId: again.UploadId, MultipartUpload: { Parts } });
  assert.equal(await (await s3('GetObject', { Key: 'part' })).Body.transformToString(), '2345');
});

test('each answer about a part says under which key it is, and its ETag is no MD5 then', async (t) => {
  const { s3, server, kms } = await withBucket(t);
  const { arn } = await enabledKey(kms());
  await s3('PutObject', { Key: 'source', Body: '0123456789' });
  const { UploadId } = await s3('CreateMultipartUpload', { Key, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn });
  const asked = { Key, UploadId, PartNumber: 1 };
  const part = await s3('UploadPart', { ...asked, Body: 'text' });
  assert.deepEqual([part.ServerSideEncryption, part.SSEKMSKeyId], ['aws:kms', arn]);
  assert.notEqual(part.ETag, `"${createHash('md5').update('text').digest('hex')}"`);
  const from = { ...asked, CopySource: `${Bucket}/source` };
  const copied = await s3('UploadPartCopy', { ...from, CopySourceRange: 'bytes=3-3' });
  assert.deepEqual([copied.ServerSideEncryption, copied.SSEKMSKeyId], ['aws:kms', arn]);
  const form = 'The x-amz-copy-source-range value must be of the form bytes=first-last';
  for (const CopySourceRange of ['xbytes=0-1', 'bytes=0-1x', 'bytes=50-20'])
    await assert.rejects(s3('UploadPartCopy', { ...from, CopySourceRange }), new RegExp(`^InvalidArgument: ${form}`));
  const query = `partNumber=1.5&uploadId=${UploadId}`;
  const half = { service: 's3', method: 'PUT', path: `/${Bucket}/a%20key`, query, body: 'text' };
  assert.equal(outcomeOf(await send(server, half)), '400 InvalidArgument');
  assert.equal((await s3('ListParts', { Key, UploadId })).Parts[0].Size, 1);
  const missing = { Bucket: 'no-such-bucket' };
  await refused(s3('ListParts', { Key, UploadId, ...missing }), 'NoSuchBucket');
  await refused(s3('ListMultipartUploads', missing), 'NoSuchBucket');
  const list = await s3('ListMultipartUploads', { EncodingType: 'url' });
  assert.deepEqual([list.EncodingType, list.Delimiter], ['url', undefined]);
});

test('a part under a key of the customer is refused once the bucket blocks such keys', async (t) => {
  const { s3 } = await withBucket(t);
  await s3('PutBucketEncryption', openForCustomers);
  const { UploadId } = await s3('CreateMultipartUpload', { Key, ...customer });
  await s3('DeleteBucketEncryption');
  const part = s3('UploadPart', { Key, UploadId, PartNumber: 1, Body: 'text', ...customer });
  await assert.rejects(part, /perform: s3:PutObject on resource: .* blocked upload requests that specify .*\(SSE-C\)/);
});

test('a body in chunks is the same however it is cut on its way', async () => {
  const framed = Buffer.from('3\r\nabc\r\nA;x=y\r\n0123\r\n6789\r\n0\r\nX-Amz-Note: a:b\r\nother:c\r\n\r\n');
  for (const size of [1, 2, 3, 7, framed.length]) {
    const cuts = Array.from({ length: Math.ceil(framed.length / size) }, (_, index) =>
      framed.subarray(index * size, (index + 1) * size),
    );
    const trailers: string[] = [];
    const body = removeChunkFraming(Readable.from(cuts), (name, value) => trailers.push(`${name}=${value}`));
    const content: Buffer[] = [];
    for await (const piece of body) content.push(piece);
    assert.equal(Buffer.concat(content).toString(), 'abc0123\r\n6789', `in pieces of ${size}`);
    assert.deepEqual(trailers, ['x-amz-note=a:b', 'other=c']);
  }
});

test('a body in chunks that are not as S3 needs them is refused, and what follows its end does not count', async () => {
  const contentOf = async (framed: string) => {
    const pieces: Buffer[] = [];
    for await (const piece of removeChunkFraming(Readable.from([Buffer.from(framed)]), () => {})) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  assert.equal(await contentOf('3\r\nabc\r\n0\r\n\r\nmore\r\n'), 'abc');
  for (const wrong of [
    '',
    'abc',
    'g\r\nabc\r\n0\r\n\r\n',
    'x3\r\nabc\r\n0\r\n\r\n',
    '3\r\nabcd\r\n0\r\n\r\n',
    '3\r\nab',
    '3\r\nabc\r\n',
    '0000000000003\r\nabc\r\n0\r\n\r\n',
  ])
    await assert.rejects(contentOf(wrong), { code: 'IncompleteBody' }, wrong);
  let given = 0;
  const endless = async function* () {
    for (; given < 100; given++) yield Buffer.alloc(1024, '0');
  };
  const read = async () => {
    for await (const _ of removeChunkFraming(endless(), () => {})) assert.fail('it has no content');
  };
  await assert.rejects(read(), { code: 'IncompleteBody' });
  assert.equal(given, 8, 'a line has 8 KiB at most');
});

test('a write under a condition that cannot hold, or that S3 does not know, changes nothing', async (t) => {
  const { s3 } = await withBucket(t);
  const put = (more: Input) => s3('PutObject', { Key, Body: 'new', ...more });
  await refused(put({ IfMatch: '"0123"' }), 'NoSuchKey');
  const { ETag } = await s3('PutObject', { Key, Body: 'text' });
  for (const more of [{ IfMatch: '*' }, { IfNoneMatch: ETag }, { IfMatch: ETag, IfNoneMatch: '*' }])
    await refused(put(more), 'NotImplemented');
  await refused(s3('DeleteObject', { Key, IfMatch: '"0123"' }), 'PreconditionFailed');
  const Objects = [{ Key, ETag: '"0123"' }];
  const { Errors, Deleted } = await s3('DeleteObjects', { Delete: { Objects } });
  assert.deepEqual([Errors[0].Key, Errors[0].Code, Deleted], [Key, 'PreconditionFailed', undefined]);
  const copy = (more: Input) => s3('CopyObject', { Key: 'copy', CopySource: `${Bucket}/a%20key`, ...more });
  await refused(copy({ CopySourceIfMatch: '"0123"' }), 'PreconditionFailed');
  await refused(copy({ CopySourceIfNoneMatch: ETag }), 'PreconditionFailed');
  await refused(s3('HeadObject', { Key: 'copy' }), 'NotFound');
  await copy({ CopySourceIfMatch: ETag });
  assert.equal(await (await s3('GetObject', { Key })).Body.transformToString(), 'text');
});

test('an upload in parts is not completed under a size or a checksum that it does not have', async (t) => {
  const { s3 } = await withBucket(t);
  const begin = async (more: Input) => {
    const { UploadId } = await s3('CreateMultipartUpload', { Key, ...more });
    const { ETag, ...part } = await s3('UploadPart', { Key, UploadId, PartNumber: 1, Body: 'text', ...more });
    const complete = (given: Input, ofPart: Input = {}) =>
      s3('CompleteMultipartUpload', {
        Key,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ...ofPart }] },
        ...given,
      });
    return { complete, part };
  };
  const whole = await begin({ ChecksumAlgorithm: 'CRC64NVME' });
  await refused(whole.complete({ MpuObjectSize: 5 }), 'InvalidRequest');
  await refused(whole.complete({ ChecksumCRC64NVME: 'AAAAAAAAAAA=' }), 'BadDigest');
  const composite = await begin({ ChecksumAlgorithm: 'CRC32' });
  await assert.rejects(
    composite.complete({}),
    /created using a crc32 checksum\. The complete request must include the checksum for each part\. .* part 1 /,
  );
  await refused(s3('HeadObject', { Key }), 'NotFound');
  await composite.complete({ MpuObjectSize: 4 }, { ChecksumCRC32: composite.part.ChecksumCRC32 });
  await whole.complete({ MpuObjectSize: 4 });
  assert.equal((await s3('HeadObject', { Key })).ContentLength, 4);
});

test("each mistake about a customer's key is told, and only the key of the object opens it", async (t) => {
  const { s3, server } = await withBucket(t);
  await s3('PutObject', { Key: 'plain', Body: 'text' });
  const copy = s3('CopyObject', { Key: 'copy', CopySource: `${Bucket}/plain`, ...customer });
  await assert.rejects(copy, /perform: s3:CopyObject on resource: .*\/copy" because this bucket has blocked/);
  await s3('PutBucketEncryption', openForCustomers);
  await s3('PutObject', { Key: 'k', Body: 'text', ...customer });
  const ask = async (given: { algorithm?: string; key?: Buffer; md5?: string }, more: Record<string, string> = {}) => {
    const start = 'x-amz-server-side-encryption-customer';
    const md5 = given.md5 ?? md5Header(given.key ?? '')['content-md5'];
    const headers = {
      ...(given.algorithm === undefined ? {} : { [`${start}-algorithm`]: given.algorithm }),
      ...(given.key === undefined ? {} : { [`${start}-key`]: given.key.toString('base64') }),
      [`${start}-key-md5`]: md5,
      ...more,
    };
    const asked = { service: 's3', path: `/${Bucket}/k`, headers };
    return (await send(server, asked)).text;
  };
  const [algorithm, key] = ['AES256', customer.SSECustomerKey];
  assert.equal(await ask({ algorithm, key }), 'text');
  for (const [answer, words] of [
    [ask({ algorithm, key: Buffer.alloc(32, 6) }), /<Code>AccessDenied<.* must provide the correct secret key\./],
    [ask({ key }), /<Code>InvalidArgument<.* must provide a valid encryption algorithm\./],
    [ask({ algorithm: 'AES128', key }), /<Code>InvalidEncryptionAlgorithmError</],
    [ask({ algorithm }), /<Code>InvalidArgument<.* must provide an appropriate secret key\./],
    [ask({ algorithm, key, md5: 'AAAA' }), /<Code>InvalidArgument<.*MD5 hash of the key did not match/],
    [ask({ algorithm, key: Buffer.alloc(16) }), /<Code>InvalidArgument<.*The secret key was invalid/],
    [ask({ algorithm, key }, { 'x-amz-server-side-encryption': 'AES256' }), /<Code>InvalidArgument</],
  ] as const)
    assert.match(await answer, words);
  const onRead = { service: 's3', path: `/${Bucket}/plain`, headers: { 'x-amz-server-side-encryption': 'AES256' } };
  assert.equal(outcomeOf(await send(server, onRead)), '400 InvalidArgument');
  await refused(s3('GetObject', { Key: 'plain', ...customer }), 'InvalidRequest');
  const put = { ...customer, Key, Body: 'text', ServerSideEncryption: 'AES256' };
  await assert.rejects(s3('PutObject', put), /incompatible with the encryption method specified/);
  const { UploadId } = await s3('CreateMultipartUpload', { Key, ...customer });
  const part = (more: Input) => s3('UploadPart', { Key, UploadId, PartNumber: 1, Body: 'text', ...more });
  await assert.rejects(part({}), /Subsequent part requests must include the appropriate encryption parameters\./);
  const otherKey = { ...customer, SSECustomerKey: Buffer.alloc(32, 6) };
  await assert.rejects(part(otherKey), /did not match the ones used originally\./);
});

test('S3 refuses in words of its own where KMS denies, the bucket policy denies, or the bucket is of another', async (t) => {
  const { s3, server, folder, kms } = await withBucket(t);
  const { arn } = await enabledKey(kms());
  const underKey = { Key, Body: 'text', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn };
  await s3('PutObject', underKey);
  denyCaller({ folder }, 'kms:GenerateDataKey', 'kms:Decrypt');
  await assert.rejects(s3('PutObject', underKey), /^AccessDenied: .*perform: kms:GenerateDataKey on /);
  await assert.rejects(s3('GetObject', { Key }), /^AccessDenied: .*perform: kms:Decrypt on /);
  setControl({ folder }, { objectLock: [Bucket], requesterPays: [Bucket] });
  const RequestPayer = 'requester';
  await refused(s3('GetObject', { Key }), 'AccessDenied', 'Access Denied');
  assert.equal((await s3('GetObject', { Key, RequestPayer })).SSEKMSKeyId, arn);
  const putBare = async (headers: Record<string, string>) => {
    const payer = { 'x-amz-request-payer': RequestPayer };
    const asked = { service: 's3', method: 'PUT', path: `/${Bucket}/bare`, body: 'text' };
    return outcomeOf(await send(server, { ...asked, headers: { ...headers, ...payer } }));
  };
  assert.equal(await putBare({}), '400 InvalidRequest');
  assert.equal(await putBare(md5Header('text')), '200');
  setControl({ folder }, {});
  const ExpectedBucketOwner = '111111111111';
  await refused(s3('GetObject', { Key, ExpectedBucketOwner }), 'AccessDenied', 'Access Denied');
  const Statement = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
  await s3('PutBucketPolicy', { Policy: JSON.stringify({ Statement }) });
  await assert.rejects(s3('GetObject', { Key }), /with an explicit deny in a resource-based policy/);
});

test('a part has a number from 1 to 10,000, replaces the part of its number, and must be the one that is listed', async (t) => {
  const { s3, folder } = await withBucket(t);
  const { UploadId } = await s3('CreateMultipartUpload', { Key, ChecksumAlgorithm: 'CRC32' });
  const upload = (PartNumber: number, Body: string) => s3('UploadPart', { Key, UploadId, PartNumber, Body });
  const words = 'Part number must be an integer between 1 and 10000, inclusive';
  for (const number of [0, 10_001]) await refused(upload(number, 'text'), 'InvalidArgument', words);
  const replaced = await upload(1, 'first');
  const { ETag, ChecksumCRC32 } = await upload(1, 'second');
  await upload(10_000, 'not listed');
  const files = () => readdirSync(join(folder, 'objects')).length;
  assert.equal(files(), 2);
  const complete = (part: Input) =>
    s3('CompleteMultipartUpload', { Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ...part }] } });
  await refused(complete({ ETag, ChecksumCRC32: replaced.ChecksumCRC32 }), 'InvalidPart');
  await refused(complete({ ETag: replaced.ETag, ChecksumCRC32 }), 'InvalidPart');
  await s3('PutObject', { Key, Body: 'older' });
  await complete({ ETag, ChecksumCRC32 });
  assert.equal(files(), 1);
  assert.equal(await (await s3('GetObject', { Key })).Body.transformToString(), 'second');
});

test('the bytes of an object are on the disk before it has its name, and its name is before it counts as kept', async (t) => {
  const stateFolder = newFolder();
  openBodyFolder(stateFolder);
  const objects = join(stateFolder, 'objects');
  const state = () => readdirSync(objects).map((name) => (name.endsWith('.part') ? 'part' : 'whole'));
  const flushed: string[] = [];
  const { fsync } = fs;
  fs.fsync = ((descriptor: number, done: fs.NoParamCallback) => {
    flushed.push(`file of ${state()}`);
    fsync(descriptor, done);
  }) as typeof fsync;
  const handle = await open(objects);
  const prototype = Object.getPrototypeOf(handle) as { sync(): Promise<void> };
  await handle.close();
  const { sync } = prototype;
  prototype.sync = async function (this: typeof prototype) {
    flushed.push(`folder with ${state()}`);
    return sync.call(this);
  };
  t.after(() => {
    fs.fsync = fsync;
    prototype.sync = sync;
  });
  const name = await keepBody(stateFolder, Readable.from([Buffer.from('text')]));
  assert.deepEqual(flushed, ['file of part', 'folder with whole']);
  assert.equal(openIn(stateFolder), 0, 'nothing stays open');
  assert.equal(statSync(join(objects, name)).mode & 0o777, 0o600);
});

test('a stored body that was changed or cut on the disk is never given as the object', async (t) => {
  const { s3, folder, server } = await withBucket(t);
  const objects = join(folder, 'objects');
  for (const spoil of [
    (file: string) => {
      const bytes = readFileSync(file);
      bytes[5] = (bytes[5] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    (file: string) => writeFileSync(file, readFileSync(file).subarray(0, -1)),
  ]) {
    await s3('PutObject', { Key, Body: 'the text of the object' });
    const [file = ''] = readdirSync(objects);
    spoil(join(objects, file));
    // The SDK would compare the checksum, and refuse the bytes itself.
    await assert.rejects(send(server, { service: 's3', path: `/${Bucket}/a%20key` }));
  }
});

test('an object whose bytes somebody has removed can be deleted, and replaced', async (t) => {
  const { s3, folder, server } = await withBucket(t);
  const objects = join(folder, 'objects');
  for (const [method, outcome] of [
    ['PUT', '200'],
    ['DELETE', '204'],
  ] as const) {
    await s3('PutObject', { Key, Body: 'text' });
    for (const file of readdirSync(objects)) rmSync(join(objects, file));
    assert.equal(outcomeOf(await send(server, { service: 's3', method, path: `/${Bucket}/a%20key` })), outcome);
  }
  await refused(s3('GetObject', { Key }), 'NoSuchKey');
});

test('the parts of an object are told page by page', async (t) => {
  const { s3 } = await withBucket(t);
  const { UploadId } = await s3('CreateMultipartUpload', { Key, ChecksumAlgorithm: 'CRC32' });
  const Parts: Input[] = [];
  for (const [index, Body] of [Buffer.alloc(5 * mebibyte), 'end'].entries()) {
    const { ETag, ChecksumCRC32 } = await s3('UploadPart', { Key, UploadId, PartNumber: index + 1, Body });
    Parts.push({ PartNumber: index + 1, ETag, ChecksumCRC32 });
  }
  await s3('CompleteMultipartUpload', { Key, UploadId, MultipartUpload: { Parts } });
  const page = async (more: Input) => {
    const { ObjectParts } = await s3('GetObjectAttributes', { Key, ObjectAttributes: ['ObjectParts'], ...more });
    const numbers = ObjectParts.Parts.map(({ PartNumber }: Input) => PartNumber);
    return [numbers, ObjectParts.IsTruncated, ObjectParts.NextPartNumberMarker, ObjectParts.TotalPartsCount];
  };
  assert.deepEqual(await page({ MaxParts: 1 }), [[1], true, '1', 2]);
  assert.deepEqual(await page({ MaxParts: 1, PartNumberMarker: '1' }), [[2], false, '2', 2]);
  const second = await s3('GetObject', { Key, PartNumber: 2 });
  assert.deepEqual([await second.Body.transformToString(), second.PartsCount], ['end', 2]);
  const first = await s3('HeadObject', { Key, PartNumber: 1 });
  assert.deepEqual([first.ContentLength, first.$metadata.httpStatusCode], [5 * mebibyte, 206]);
  await refused(s3('GetObject', { Key, PartNumber: 3 }), 'InvalidPartNumber');
  await refused(s3('GetObject', { Key, PartNumber: 1, Range: 'bytes=0-1' }), 'InvalidRequest');
});

test('the data key of an object is zero in memory after every request about the object', async (t) => {
  const { s3, kms } = await withBucket(t);
  const { arn: SSEKMSKeyId } = await enabledKey(kms());
  const { plain } = watchCiphers(t);
  // Under a KMS key, what is opened has eleven bytes of padding before the data key.
  const dataKeys = () =>
    plain.filter(({ length }) => length === 32 || length === 43).map((bytes) => bytes.subarray(-32));
  for (const encryption of [{}, { ServerSideEncryption: 'aws:kms', SSEKMSKeyId }]) {
    let UploadId: string | undefined;
    const acts: Readonly<Record<string, () => Promise<unknown>>> = {
      PutObject: () => s3('PutObject', { Key, Body: 'text', ...encryption }),
      HeadObject: () => s3('HeadObject', { Key, ChecksumMode: 'ENABLED' }),
      GetObjectAttributes: () => s3('GetObjectAttributes', { Key, ObjectAttributes: ['ETag'] }),
      CopyObject: () => s3('CopyObject', { Key: 'copy', CopySource: `${Bucket}/${Key}`, ...encryption }),
      CreateMultipartUpload: async () => {
        ({ UploadId } = await s3('CreateMultipartUpload', { Key: 'parts', ...encryption }));
      },
      UploadPart: () => s3('UploadPart', { Key: 'parts', UploadId, PartNumber: 1, Body: 'text' }),
      CompleteMultipartUpload: async () => {
        const { Parts } = await s3('ListParts', { Key: 'parts', UploadId });
        await s3('CompleteMultipartUpload', { Key: 'parts', UploadId, MultipartUpload: { Parts } });
      },
      UpdateObjectEncryption: () =>
        s3('UpdateObjectEncryption', { Key, ObjectEncryption: { SSEKMS: { KMSKeyArn: SSEKMSKeyId } } }),
    };
    for (const [name, act] of Object.entries(acts)) {
      plain.length = 0;
      await act();
      const found = dataKeys();
      assert.ok(found.length > 0, name);
      for (const bytes of found) assert.deepEqual(bytes, Buffer.alloc(32), name);
    }
  }
});

test('a range ends with the object, a prefix may have an emoji, and attributes are only for those who may read it', async (t) => {
  const { s3, folder } = await withBucket(t);
  for (const name of [Key, '\u{1F511}a', '\u{1F511}ab', '\u{1F511}b'])
    await s3('PutObject', { Key: name, Body: 'text' });
  const { Body, ContentRange } = await s3('GetObject', { Key, Range: 'bytes=2-99' });
  assert.deepEqual([await Body.transformToString(), ContentRange], ['xt', 'bytes 2-3/4']);
  const { Contents } = await s3('ListObjectsV2', { Prefix: '\u{1F511}a' });
  assert.deepEqual(
    Contents.map((object: Input) => object.Key),
    ['\u{1F511}a', '\u{1F511}ab'],
  );
  denyCaller({ folder }, 's3:GetObject');
  await refused(s3('GetObjectAttributes', { Key, ObjectAttributes: ['ETag'] }), 'AccessDenied');
});

test('each Region has an AWS managed key of its own for objects whose upload names no key', async (t) => {
  const { s3, client } = await withBucket(t);
  const put = { Key, Body: 'text', ServerSideEncryption: 'aws:kms' } as const;
  const here = await s3('PutObject', put);
  const there = client('eu-west-1');
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await there.send(new CreateBucketCommand({ Bucket: 'bucket-over-there', CreateBucketConfiguration }));
  const { SSEKMSKeyId } = await there.send(new PutObjectCommand({ Bucket: 'bucket-over-there', ...put }));
  assert.match(here.SSEKMSKeyId, /^arn:aws:kms:us-east-1:/);
  assert.match(SSEKMSKeyId ?? '', /^arn:aws:kms:eu-west-1:/);
});
