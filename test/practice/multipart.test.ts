import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ListPartsCommandOutput,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { watchCiphers, watchRandomBytes } from '../crypto-log.ts';
import { pausedBody } from './paused-body.ts';
import { enabledKey, must, type Practice, practise, refused } from './practising.ts';

const Bucket = 'practice-bucket';
const Key = 'large';
const mebibyte = 1024 * 1024;

test('a large stream goes up in parts under a key and comes back whole', async (t) => {
  const practice = await practise(t);
  const s3 = await bucketOf(practice);
  const { arn } = await enabledKey(practice.kms());
  const Body = randomBytes(12 * mebibyte + 345);
  await new Upload({
    client: s3,
    params: { Bucket, Key, Body: Readable.from(slices(Body)), ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn },
  }).done();
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  assert.ok(Buffer.from(await must(got.Body).transformToByteArray()).equals(Body));
  assert.match(must(got.ETag), /^"[0-9a-f]{32}-3"$/);
  assert.equal(got.SSEKMSKeyId, arn);
  const seam = 5 * mebibyte;
  const range = await s3.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${seam - 3}-${seam + 2}` }));
  assert.deepEqual(Buffer.from(await must(range.Body).transformToByteArray()), Body.subarray(seam - 3, seam + 3));
});

test('ETag and composite checksum are made of the parts as S3 makes them', async (t) => {
  const s3 = await bucketOf(await practise(t));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' }));
  const bodies = [randomBytes(5 * mebibyte), randomBytes(10)];
  const Parts = await Promise.all(
    bodies.map(async (Body, index) => {
      const PartNumber = index + 1;
      const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' });
      const { ETag, ChecksumSHA256 } = await s3.send(command);
      return { PartNumber, ETag, ChecksumSHA256 };
    }),
  );
  const listed = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
  assert.deepEqual(
    listed.Parts?.map((part) => [part.PartNumber, part.Size]),
    [
      [1, 5 * mebibyte],
      [2, 10],
    ],
  );
  const pages: (readonly [number | undefined, boolean | undefined])[] = [];
  for (let marker: string | undefined = '0'; marker !== undefined && pages.length < 3; ) {
    const paged = { Bucket, Key, UploadId, MaxParts: 1, PartNumberMarker: marker };
    const page: ListPartsCommandOutput = await s3.send(new ListPartsCommand(paged));
    pages.push([page.Parts?.[0]?.PartNumber, page.IsTruncated]);
    marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
  }
  assert.deepEqual(pages, [
    [1, true],
    [2, false],
  ]);
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  const of = (algorithm: string) =>
    createHash(algorithm).update(Buffer.concat(bodies.map((body) => createHash(algorithm).update(body).digest())));
  assert.equal(head.ETag, `"${of('md5').digest('hex')}-2"`);
  assert.equal(head.ChecksumSHA256, `${of('sha256').digest('base64')}-2`);
  assert.equal(head.ChecksumType, 'COMPOSITE');
  await refused(s3.send(new ListPartsCommand({ Bucket, Key, UploadId })), 'NoSuchUpload');
});

test('the data key of a part, an object or a copy is overwritten as soon as its bytes are stored', async (t) => {
  const practice = await practise(t);
  const s3 = await bucketOf(practice);
  const { arn } = await enabledKey(practice.kms());
  const underKey = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn } as const;
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...underKey }));
  const { sealingKeys } = watchCiphers(t);
  const Body = randomBytes(1000);
  for (const write of [
    () => s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body })),
    () => s3.send(new PutObjectCommand({ Bucket, Key, Body })),
    () => s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` })),
  ]) {
    sealingKeys.length = 0;
    await write();
    // The key that seals a data key is no Buffer.
    const ofBodies = sealingKeys.filter((key) => Buffer.isBuffer(key));
    assert.ok(ofBodies.length > 0);
    for (const key of ofBodies) assert.deepEqual(key, Buffer.alloc(32));
  }
});

test('the data key of a copy that is refused is overwritten too', async (t) => {
  const practice = await practise(t);
  const s3 = await bucketOf(practice);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'text' }));
  const made = watchRandomBytes(t, 32);
  const CopySourceSSECustomerKey = Buffer.alloc(32, 5).toString('base64');
  const withKey = { CopySourceSSECustomerAlgorithm: 'AES256', CopySourceSSECustomerKey };
  const copy = { Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` };
  await refused(s3.send(new CopyObjectCommand({ ...copy, ...withKey })), 'InvalidRequest');
  const ChecksumAlgorithm = 'XXHASH64' as never;
  await refused(s3.send(new CopyObjectCommand({ ...copy, ChecksumAlgorithm })), 'NotImplemented');
  assert.deepEqual(made, [Buffer.alloc(32), Buffer.alloc(32)]);
});

test('an upload that cannot be completed says why, and can be aborted', async (t) => {
  const practice = await practise(t);
  const s3 = await bucketOf(practice);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const part = async (PartNumber: number) =>
    (await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: Buffer.from('small') }))).ETag;
  const [one, two] = [
    { PartNumber: 1, ETag: await part(1) },
    { PartNumber: 2, ETag: await part(2) },
  ];
  const complete = async (...Parts: object[]) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  await refused(complete(one, two), 'EntityTooSmall');
  await refused(complete(two, one), 'InvalidPartOrder');
  await refused(complete({ ...one, ETag: '"0"' }), 'InvalidPart');
  const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  assert.deepEqual(
    uploads.Uploads?.map((upload) => upload.UploadId),
    [UploadId],
  );
  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  await refused(part(3), 'NoSuchUpload');
  assert.deepEqual(readdirSync(join(practice.folder, 'objects')), []);
});

test('a part whose upload ends while its bytes arrive is refused', async (t) => {
  const practice = await practise(t);
  const s3 = await bucketOf(practice);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const abort = () => s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  const body = pausedBody(practice.folder, randomBytes(3 * mebibyte), abort);
  await refused(s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, ...body })), 'NoSuchUpload');
});

function* slices(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += 65_536) yield body.subarray(start, start + 65_536);
}

async function bucketOf({ s3 }: Practice): Promise<S3Client> {
  await s3().send(new CreateBucketCommand({ Bucket }));
  return s3();
}
