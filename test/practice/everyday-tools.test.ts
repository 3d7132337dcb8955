import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { declinedOperations } from '../../source/practice/s3/declined.ts';
import { s3Operations } from '../../source/practice/s3/routes.ts';
import { openStore } from '../../source/practice/store.ts';
import { enabledKey, refused } from './practising.ts';
import { operationsOfSdk, sendNamed } from './send-named.ts';
import { send } from './signed-request.ts';
import { Bucket, type Input, Key, withBucket } from './with-bucket.ts';

/* What everyday tools ask of S3 beside reads and writes: aws-cli, Terraform, mc, rclone. */

const where = { Bucket, Key };

test('an object keeps its tags, also in a copy and in an upload of parts', async (t) => {
  const { s3 } = await withBucket(t);
  const TagSet = [
    { Key: 'owner', Value: 'payments & co' },
    { Key: 'größe', Value: '' },
  ];
  await s3('PutObject', { Key, Body: 'text' });
  assert.deepEqual((await s3('GetObjectTagging', { Key })).TagSet, []);
  await s3('PutObjectTagging', { Key, Tagging: { TagSet } });
  assert.deepEqual((await s3('GetObjectTagging', { Key })).TagSet, TagSet);
  assert.equal((await s3('GetObject', { Key })).TagCount, 2);
  await s3('CopyObject', { Key: 'copy', CopySource: `${Bucket}/${Key}` });
  assert.deepEqual((await s3('GetObjectTagging', { Key: 'copy' })).TagSet, TagSet);
  const replaced = { CopySource: `${Bucket}/${Key}`, TaggingDirective: 'REPLACE', Tagging: 'a=b&c=d%20e' };
  await s3('CopyObject', { Key: 'copy', ...replaced });
  const given = [
    { Key: 'a', Value: 'b' },
    { Key: 'c', Value: 'd e' },
  ];
  assert.deepEqual((await s3('GetObjectTagging', { Key: 'copy' })).TagSet, given);
  const { UploadId } = await s3('CreateMultipartUpload', { Key: 'parts', Tagging: 'a=b&c=d%20e' });
  const part = { Key: 'parts', UploadId, PartNumber: 1, CopySource: `${Bucket}/${Key}` };
  const { CopyPartResult } = await s3('UploadPartCopy', part);
  assert.ok(CopyPartResult.ChecksumCRC64NVME);
  const Parts = [{ PartNumber: 1, ETag: CopyPartResult.ETag }];
  await s3('CompleteMultipartUpload', { Key: 'parts', UploadId, MultipartUpload: { Parts } });
  assert.deepEqual((await s3('GetObjectTagging', { Key: 'parts' })).TagSet, given);
  await s3('DeleteObjectTagging', { Key });
  assert.deepEqual((await s3('GetObjectTagging', { Key })).TagSet, []);
  await s3('PutObject', { Key, Body: 'text', Tagging: 'a=b' });
  await s3('PutObject', { Key, Body: 'text' });
  assert.equal((await s3('GetObject', { Key })).TagCount, undefined);
});

test('tags that S3 does not take are refused, and the object keeps what it had', async (t) => {
  const { s3 } = await withBucket(t);
  await s3('PutObject', { Key, Body: 'text', Tagging: 'a=b' });
  const put = (TagSet: readonly object[]) => s3('PutObjectTagging', { Key, Tagging: { TagSet } });
  const many = [...Array(11).keys()].map((number) => ({ Key: `k${number}`, Value: '' }));
  await refused(put(many), 'BadRequest');
  await refused(put([{ Key: 'aws:x', Value: '' }]), 'InvalidTag');
  await refused(put([{ Key: '', Value: '' }]), 'InvalidTag');
  await refused(put([...many.slice(0, 1), ...many.slice(0, 1)]), 'InvalidTag');
  await refused(put([{ Key: 'a', Value: 'v'.repeat(257) }]), 'InvalidTag');
  await refused(s3('PutObject', { Key: 'new', Body: 'text', Tagging: 'aws:a=b' }), 'InvalidTag');
  assert.deepEqual((await s3('GetObjectTagging', { Key })).TagSet, [{ Key: 'a', Value: 'b' }]);
  await refused(s3('GetObject', { Key: 'new' }), 'NoSuchKey');
});

test('versions of a bucket without versioning are its objects, page by page, and each can be deleted', async (t) => {
  const { s3 } = await withBucket(t);
  for (const name of ['a', 'b/1', 'b/2', 'c']) await s3('PutObject', { Key: name, Body: 'text' });
  const first = await s3('ListObjectVersions', { MaxKeys: 3 });
  assert.deepEqual([first.IsTruncated, first.NextKeyMarker, first.NextVersionIdMarker], [true, 'b/2', 'null']);
  const next = { KeyMarker: first.NextKeyMarker, VersionIdMarker: first.NextVersionIdMarker };
  const second = await s3('ListObjectVersions', next);
  assert.equal(second.IsTruncated, false);
  const versions = [...first.Versions, ...second.Versions];
  const listed = versions.map(({ Key: name, VersionId, IsLatest }) => [name, VersionId, IsLatest]);
  assert.deepEqual(
    listed,
    ['a', 'b/1', 'b/2', 'c'].map((name) => [name, 'null', true]),
  );
  const grouped = await s3('ListObjectVersions', { Delimiter: '/' });
  assert.deepEqual(grouped.CommonPrefixes, [{ Prefix: 'b/' }]);
  const Objects = versions.map(({ Key: name, VersionId }) => ({ Key: name, VersionId }));
  assert.equal((await s3('DeleteObjects', { Delete: { Objects } })).Deleted.length, 4);
  await s3('DeleteBucket');
});

test('attributes of an object are told as they were asked for', async (t) => {
  const { s3, kms } = await withBucket(t);
  const all = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];
  const { arn, keyId } = await enabledKey(kms());
  const sealed = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn };
  const { ETag } = await s3('PutObject', { Key, Body: 'text', ...sealed });
  const whole = await s3('GetObjectAttributes', { Key, ObjectAttributes: all });
  assert.deepEqual([whole.ETag, whole.ObjectSize, whole.StorageClass], [ETag.replaceAll('"', ''), 4, 'STANDARD']);
  assert.equal(whole.Checksum.ChecksumType, 'FULL_OBJECT');
  assert.equal(whole.ObjectParts, undefined);
  const few = await s3('GetObjectAttributes', { Key, ObjectAttributes: ['ObjectSize'] });
  assert.deepEqual([few.ETag, few.Checksum, few.ObjectSize], [undefined, undefined, 4]);
  await refused(s3('GetObjectAttributes', { Key, ObjectAttributes: ['Colour'] }), 'InvalidArgument');
  await kms().send(new (await import('@aws-sdk/client-kms')).DisableKeyCommand({ KeyId: keyId }));
  await refused(s3('GetObjectAttributes', { Key, ObjectAttributes: ['ETag'] }), 'KMS.DisabledException');
  const { UploadId } = await s3('CreateMultipartUpload', { Key: 'parts', ChecksumAlgorithm: 'CRC32' });
  const given = { Key: 'parts', UploadId, PartNumber: 1, Body: Buffer.from('abc') };
  const part = await s3('UploadPart', given);
  const Parts = [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 }];
  await s3('CompleteMultipartUpload', { Key: 'parts', UploadId, MultipartUpload: { Parts } });
  const { ObjectParts } = await s3('GetObjectAttributes', { Key: 'parts', ObjectAttributes: all });
  assert.equal(ObjectParts.TotalPartsCount, 1);
  assert.deepEqual(ObjectParts.Parts, [{ PartNumber: 1, Size: 3, ChecksumCRC32: part.ChecksumCRC32 }]);
});

test('what a bucket blocks of public access can be changed, and decides on public policies', async (t) => {
  const { s3 } = await withBucket(t);
  const read = async () => (await s3('GetPublicAccessBlock')).PublicAccessBlockConfiguration;
  const Policy = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` },
  });
  const flags = (on: boolean) =>
    Object.fromEntries(
      ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].map((name) => [name, on]),
    );
  assert.deepEqual(await read(), flags(true));
  await refused(s3('PutBucketPolicy', { Policy }), 'AccessDenied');
  await s3('PutPublicAccessBlock', {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: false },
  });
  assert.deepEqual(await read(), { ...flags(false), BlockPublicAcls: true });
  await s3('PutBucketPolicy', { Policy });
  await s3('DeletePublicAccessBlock');
  await refused(s3('GetPublicAccessBlock'), 'NoSuchPublicAccessBlockConfiguration');
});

test('a bucket keeps its tags', async (t) => {
  const { s3 } = await withBucket(t);
  await refused(s3('GetBucketTagging'), 'NoSuchTagSet');
  const TagSet = [{ Key: 'team', Value: 'keys' }];
  await s3('PutBucketTagging', { Tagging: { TagSet } });
  assert.deepEqual((await s3('GetBucketTagging')).TagSet, TagSet);
  await s3('DeleteBucketTagging');
  await refused(s3('GetBucketTagging'), 'NoSuchTagSet');
});

test('access control lists are told as the owner alone, and any other list is refused', async (t) => {
  const { s3 } = await withBucket(t);
  await s3('PutObject', { Key, Body: 'text', ACL: 'bucket-owner-full-control' });
  const { Grants, Owner } = await s3('GetObjectAcl', { Key });
  assert.deepEqual([Grants[0].Grantee.ID, Grants[0].Permission, Grants.length], [Owner.ID, 'FULL_CONTROL', 1]);
  const words = 'The bucket does not allow ACLs';
  for (const [name, input] of [
    ['PutObject', { Key, Body: 'text', ACL: 'public-read' }],
    ['PutObject', { Key, Body: 'text', GrantRead: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }],
    ['CopyObject', { Key: 'copy', CopySource: `${Bucket}/${Key}`, ACL: 'public-read' }],
    ['CreateMultipartUpload', { Key, ACL: 'public-read' }],
    ['PutObjectAcl', { Key, ACL: 'private' }],
    ['PutBucketAcl', { ACL: 'private' }],
  ] as const)
    await refused(s3(name, input), 'AccessControlListNotSupported', words);
  await refused(
    s3('CreateBucket', { Bucket: 'another-bucket', ACL: 'public-read' }),
    'InvalidBucketAclWithObjectOwnership',
  );
});

test('a storage class is kept and told, and what is archived is not read', async (t) => {
  const { s3 } = await withBucket(t);
  await refused(
    s3('PutObject', { Key, Body: 'text', StorageClass: 'NOPE' }),
    'InvalidStorageClass',
    'The storage class you specified is not valid',
  );
  await s3('PutObject', { Key, Body: 'text', StorageClass: 'STANDARD_IA' });
  assert.equal((await s3('HeadObject', { Key })).StorageClass, 'STANDARD_IA');
  assert.equal((await s3('ListObjectsV2')).Contents[0].StorageClass, 'STANDARD_IA');
  await s3('CopyObject', { Key, CopySource: `${Bucket}/${Key}`, StorageClass: 'GLACIER' });
  await refused(s3('GetObject', { Key }), 'InvalidObjectState');
  await refused(s3('CopyObject', { Key: 'copy', CopySource: `${Bucket}/${Key}` }), 'ObjectNotInActiveTierError');
  const { UploadId } = await s3('CreateMultipartUpload', { Key: 'parts' });
  const part = { Key: 'parts', UploadId, PartNumber: 1, CopySource: `${Bucket}/${Key}` };
  await refused(s3('UploadPartCopy', part), 'ObjectNotInActiveTierError');
  assert.equal((await s3('HeadObject', { Key })).StorageClass, 'GLACIER');
});

test('an object of an earlier version of practice AWS, which noted no storage class, is STANDARD', async (t) => {
  const { s3, folder } = await withBucket(t);
  await s3('PutObject', { Key, Body: 'text' });
  const store = openStore(folder);
  const changed = store.run("UPDATE s3_object SET doc = json_remove(doc, '$.storageClass')");
  store.close();
  assert.equal(changed, 1);
  assert.equal((await s3('ListObjectsV2')).Contents[0].StorageClass, 'STANDARD');
  const onto = { Key, CopySource: `${Bucket}/${Key}`, StorageClass: 'STANDARD' };
  await refused(s3('CopyObject', onto), 'InvalidRequest');
});

test('Object Lock headers are refused on every upload', async (t) => {
  const { s3 } = await withBucket(t);
  await s3('PutObject', { Key, Body: 'text' });
  const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(2100, 0) };
  for (const [name, more] of [
    ['PutObject', { Body: 'text', ChecksumAlgorithm: 'CRC32' }],
    ['CopyObject', { CopySource: `${Bucket}/${Key}`, Key: 'copy' }],
    ['CreateMultipartUpload', {}],
  ] as const)
    await refused(s3(name, { Key, ...lock, ...more }), 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
});

test('a copy names its source; onto itself it is taken where its encryption may become another, and tells its checksum', async (t) => {
  const { s3, kms } = await withBucket(t);
  const { arn } = await enabledKey(kms());
  const onto = { Key, CopySource: `${Bucket}/${Key}` };
  await s3('PutObject', { Key, Body: 'text' });
  const words = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
  for (const CopySource of [Bucket, `${Bucket}/`])
    await refused(s3('CopyObject', { Key, CopySource }), 'InvalidArgument', words);
  await refused(s3('CopyObject', onto), 'InvalidRequest');
  await s3('PutObject', { Key, Body: 'text', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn });
  const { CopyObjectResult, ServerSideEncryption } = await s3('CopyObject', onto);
  assert.equal(ServerSideEncryption, 'AES256');
  assert.ok(CopyObjectResult.ChecksumCRC32);
  const { ChecksumSHA256 } = (await s3('CopyObject', { ...onto, Key: 'copy', ChecksumAlgorithm: 'SHA256' }))
    .CopyObjectResult;
  assert.equal((await s3('HeadObject', { Key: 'copy', ChecksumMode: 'ENABLED' })).ChecksumSHA256, ChecksumSHA256);
  await refused(s3('CopyObject', onto), 'InvalidRequest');
  await s3('CopyObject', { ...onto, WebsiteRedirectLocation: '/there' });
  assert.equal((await s3('HeadObject', { Key })).WebsiteRedirectLocation, '/there');
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }];
  await s3('PutBucketEncryption', { ServerSideEncryptionConfiguration: { Rules } });
  await s3('CopyObject', onto);
  await s3('DeleteBucketEncryption');
  await s3('CopyObject', onto);
});

test('lists encode names as S3 does where a program asks, and keep the others apart only then', async (t) => {
  const { s3, server } = await withBucket(t);
  const names = ['a b+c%/(test)é.txt', 'line\rend', 'line\nend', 'bell\u0007', 'escape\u001b'].sort();
  for (const name of names) await s3('PutObject', { Key: name, Body: 'text' });
  const url = { EncodingType: 'url' };
  const encoded = ['a+b%2Bc%25/%28test%29%C3%A9.txt', 'bell%07', 'escape%1B', 'line%0Aend', 'line%0Dend'];
  const keysOf = (rows: Input[]) => rows.map(({ Key: name }) => name);
  assert.deepEqual(keysOf((await s3('ListObjects', url)).Contents), encoded);
  assert.deepEqual(keysOf((await s3('ListObjectVersions', url)).Versions), encoded);
  const list = await s3('ListObjectsV2', { ...url, Prefix: 'a ', Delimiter: '/', StartAfter: 'a  ' });
  assert.equal(list.EncodingType, 'url');
  assert.deepEqual([list.Prefix, list.Delimiter, list.StartAfter], ['a+', '/', 'a++']);
  assert.deepEqual(list.CommonPrefixes, [{ Prefix: 'a+b%2Bc%25/' }]);
  for (const name of names) await s3('CreateMultipartUpload', { Key: name });
  assert.deepEqual(keysOf((await s3('ListMultipartUploads', url)).Uploads), encoded);
  // Without the encoding, a carriage return is read as a line feed, and a strict parser stops at a control character.
  const { text } = await send(server, { service: 's3', path: `/${Bucket}`, query: 'list-type=2' });
  for (const written of ['line\rend', 'line\nend', 'bell&#x7;', 'escape&#x1b;'])
    assert.ok(text.includes(`<Key>${written}</Key>`), written);
  const wrong = 'Invalid Encoding Method specified in Request';
  for (const name of ['ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'ListMultipartUploads'])
    await refused(s3(name, { EncodingType: 'base64' }), 'InvalidArgument', wrong);
  await refused(s3('PutObject', { Key: 'a\0b' }), 'InvalidURI');
});

test('lists go on where they stopped: ListObjects by the last key, uploads by both markers', async (t) => {
  const { s3 } = await withBucket(t);
  for (const name of ['a', 'b/1', 'c']) await s3('PutObject', { Key: name, Body: 'text' });
  assert.equal((await s3('ListObjects', { MaxKeys: 1 })).NextMarker, undefined);
  assert.equal((await s3('ListObjects', { MaxKeys: 2, Delimiter: '/' })).NextMarker, 'b/');
  const begun = [];
  for (const name of ['x', 'x', 'y', 'z']) begun.push((await s3('CreateMultipartUpload', { Key: name })).UploadId);
  const seen = [];
  for (let page = await s3('ListMultipartUploads', { MaxUploads: 1 }); ; ) {
    seen.push(page.Uploads[0].UploadId);
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker, IsTruncated } = page;
    if (!IsTruncated) break;
    page = await s3('ListMultipartUploads', { MaxUploads: 1, KeyMarker, UploadIdMarker });
  }
  assert.deepEqual(seen.toSorted(), begun.toSorted());
  assert.equal((await s3('ListMultipartUploads', { KeyMarker: 'x' })).Uploads.length, 2);
});

test('uploads are listed by their prefixes, page by page, each with who began it', async (t) => {
  const { s3, server, ...practice } = await withBucket(t);
  const bySecops = practice.client('us-east-1', server.credentialsOf('secops-1'));
  for (const name of ['foo', 'foo/1', 'foo/2', 'foobar/1', 'g'])
    await sendNamed(bySecops, sdk, 'CreateMultipartUpload', { Bucket, Key: name });
  const parted = { Prefix: 'foo', Delimiter: '/' };
  const page = await s3('ListMultipartUploads', parted);
  // What boto3's recorded answer has: https://github.com/boto/botocore, tests/unit/response_parsing, s3-list-multipart-uploads.
  assert.deepEqual(page.CommonPrefixes, [{ Prefix: 'foo/' }, { Prefix: 'foobar/' }]);
  assert.deepEqual([page.Delimiter, page.Prefix, page.IsTruncated], ['/', 'foo', false]);
  assert.deepEqual(page.Uploads.length, 1);
  const seen = [];
  for (let KeyMarker = '', UploadIdMarker = ''; ; ) {
    const one = await s3('ListMultipartUploads', { ...parted, MaxUploads: 1, KeyMarker, UploadIdMarker });
    seen.push(one.Uploads?.[0].Key ?? one.CommonPrefixes[0].Prefix);
    if (!one.IsTruncated) break;
    ({ NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = one);
  }
  assert.deepEqual(seen, ['foo', 'foo/', 'foobar/']);
  const arn = 'arn:aws:iam::000000000000:user/secops-1';
  assert.deepEqual(page.Uploads[0].Initiator, { ID: arn, DisplayName: 'secops-1' });
  const { UploadId } = page.Uploads[0];
  assert.deepEqual((await s3('ListParts', { Key: 'foo', UploadId })).Initiator, { ID: arn, DisplayName: 'secops-1' });
  await s3('CreateMultipartUpload', { Key: 'h' });
  const { Uploads } = await s3('ListMultipartUploads', { Prefix: 'h' });
  assert.deepEqual(Uploads[0].Initiator, { ID: 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you' });
});

test('a body is read as chunks where its hash says so; the encoding alone is not kept and frames nothing', async (t) => {
  const { s3 } = await withBucket(t);
  for (const [ContentEncoding, kept] of [
    ['gzip, aws-chunked', 'gzip'],
    ['aws-chunked', undefined],
  ]) {
    await s3('PutObject', { Key, Body: Buffer.from('text'), ContentEncoding });
    const got = await s3('GetObject', { Key });
    assert.deepEqual([await got.Body.transformToString(), got.ContentEncoding], ['text', kept]);
  }
});

test('a bucket says its ARN', async (t) => {
  const { s3 } = await withBucket(t);
  assert.equal((await s3('HeadBucket')).BucketArn, `arn:aws:s3:::${Bucket}`);
  assert.equal((await s3('CreateBucket', { Bucket: 'another-bucket' })).BucketArn, 'arn:aws:s3:::another-bucket');
});

test('letters beyond ASCII are signed, kept, and given back as S3 does', async (t) => {
  const { s3, server } = await withBucket(t);
  const note = Buffer.from('größe €').toString('latin1');
  // A body in text would make Node write the headers in UTF-8 once more.
  const body = Buffer.from('text');
  const headers = { 'x-amz-meta-note': note, 'content-type': 'text/plain' };
  const stored = await send(server, { service: 's3', method: 'PUT', path: `/${Bucket}/k`, headers, body });
  assert.equal(stored.status, 200, stored.text);
  const { Metadata } = await s3('HeadObject', { Key: 'k' });
  assert.equal(Metadata.note, `=?UTF-8?B?${Buffer.from(note).toString('base64')}?=`);
  const disposition = 'attachment; filename="größe.txt"';
  const got = await s3('GetObject', { Key: 'k', ResponseContentDisposition: disposition });
  assert.equal(got.ContentDisposition, disposition);
  assert.equal(await got.Body.transformToString(), 'text');
  const words = 'Header value cannot be represented using ISO-8859-1.';
  for (const value of ['attachment; filename="€.txt"', 'a\r\nx: y'])
    await refused(s3('GetObject', { Key: 'k', ResponseContentDisposition: value }), 'InvalidArgument', words);
});

test('a URL that was signed with Signature Version 2 is refused in the words for KMS where the object is under KMS', async (t) => {
  const { s3, server, kms } = await withBucket(t);
  const { arn } = await enabledKey(kms());
  await s3('PutObject', { Key: 'sealed', Body: 'text', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn });
  await s3('PutObject', { Key: 'plain', Body: 'text' });
  const codeOf = async (key: string) => {
    const text = await (
      await fetch(`${server.endpoint}/${Bucket}/${key}?AWSAccessKeyId=a&Signature=b&Expires=1`)
    ).text();
    return /<Code>(.*?)<\/Code><Message>(.*?)<\/Message>/.exec(text)?.slice(1);
  };
  assert.deepEqual(await codeOf('sealed'), [
    'InvalidArgument',
    'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
  ]);
  assert.equal((await codeOf('plain'))?.[0], 'InvalidRequest');
});

test("a customer's key without its MD5 is refused", async (t) => {
  const { s3, server } = await withBucket(t);
  await s3('PutObject', { Key: 'k', Body: 'text' });
  const start = 'x-amz-server-side-encryption-customer-';
  const headers = { [`${start}algorithm`]: 'AES256', [`${start}key`]: Buffer.alloc(32).toString('base64') };
  const { status, text } = await send(server, { service: 's3', path: `/${Bucket}/k`, headers });
  assert.equal(status, 400);
  assert.match(text, /<Code>InvalidArgument<.* must provide the client calculated MD5 of the secret key\./);
});

test('UploadPartCopy beyond the end, and CompleteMultipartUpload without parts, are refused in the recorded words', async (t) => {
  const { s3 } = await withBucket(t);
  await s3('PutObject', { Key, Body: '0123456789' });
  const { UploadId } = await s3('CreateMultipartUpload', where);
  const copy = (CopySourceRange: string) =>
    s3('UploadPartCopy', { Key, UploadId, PartNumber: 1, CopySource: `${Bucket}/${Key}`, CopySourceRange });
  const late = 'The specified copy range is invalid for the source object size';
  await refused(copy('bytes=0-10'), 'InvalidArgument', 'Range specified is not valid for source object of size: 10');
  await refused(copy('bytes=10-11'), 'InvalidRequest', late);
  const complete = s3('CompleteMultipartUpload', { Key, UploadId, MultipartUpload: { Parts: [] } });
  await refused(complete, 'InvalidRequest', 'You must specify at least one part');
});

test('every operation of S3 is there, or is declined by its name', async (t) => {
  const { s3, server } = await withBucket(t);
  await s3('PutObject', { Key, Body: 'text' });
  const answered = new Set(s3Operations.map(({ name }) => name));
  const declined = new Map(declinedOperations.map(({ name, why }) => [name, why]));
  // It belongs to S3 Object Lambda, which has an endpoint of its own.
  const missing = operationsOfSdk(sdk).filter((name) => !answered.has(name) && name !== 'WriteGetObjectResponse');
  assert.ok(missing.length > 50);
  assert.deepEqual(missing.toSorted(), [...declined.keys()].filter((name) => name !== 'PostObject').toSorted());
  for (const name of missing) {
    const input = { Key, Id: 'id', RenameSource: 'a', AnnotationName: 'a', ExpressionType: 'SQL' };
    const words = `Practice AWS does not do ${name}: ${declined.get(name)}.`;
    // For this one, the SDK calls CreateSession first.
    const refusal =
      name === 'ListDirectoryBuckets'
        ? (await send(server, { service: 's3', query: `x-id=${name}` })).text
        : await s3(name, input).catch((error: Error) => `${error.name}: ${error.message}`);
    assert.ok(refusal.includes(words) && refusal.includes('NotImplemented'), `${name}: ${refusal}`);
  }
  const form = { method: 'POST', body: new FormData() };
  assert.match(await (await fetch(`${server.endpoint}/${Bucket}`, form)).text(), /NotImplemented.* PostObject: /);
});
