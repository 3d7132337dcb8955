import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, statSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { s3Error } from '../faults/between.ts';
import { bucket, transferring } from './transferring.ts';

/* Uploads in parts that an earlier run has begun, and what has become of them or of their object since then. */

/** A file larger than this goes in parts. Those of an upload that was begun are as large as it says. */
const limits = { smallestPart: 4 };

/** A file of which an earlier run has begun an upload in parts, and sent none of them. */
async function begun(t: TestContext, bytes: string | Uint8Array = 'my bytes') {
  const transfers = await transferring(t);
  const { s3, send, manifestPath, keyArn } = transfers;
  const path = transfers.put('file.csv', bytes);
  const object = { Bucket: bucket, Key: 'file.csv' };
  const theirs = async (Body: string) => (await s3.send(new PutObjectCommand({ ...object, Body }))).ETag ?? '';
  const begin = async () => {
    const under = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn } as const;
    const checksum = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...object, ...under, ...checksum }));
    return UploadId ?? '';
  };
  const end = (UploadId: string) => s3.send(new AbortMultipartUploadCommand({ ...object, UploadId }));
  /** Plans a transfer that is cut off, and notes in its manifest what an earlier run would have noted. */
  const plan = async (...lines: readonly object[]) => {
    await send('m', { enough: AbortSignal.abort() });
    appendFileSync(manifestPath('m'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  const uploadId = await begin();
  const { size, mtimeMs: changedMs } = statSync(path);
  const line = { is: 'begun', n: 0, uploadId, partSize: size, size, changedMs };
  return { ...transfers, object, theirs, begin, end, plan, uploadId, line };
}

for (const isReplaced of [false, true])
  test(`an upload in parts that goes on replaces the wrong object alone; another wrote one since then: ${isReplaced}`, async (t) => {
    const { plan, line, theirs, send, bytesOf } = await begun(t);
    const etag = await theirs('wrong');
    await plan({ is: 'wrong', n: 0, etag, size: 5, why: 'It is under another key.' }, line);
    if (isReplaced) await theirs('theirs');
    assert.equal((await send('m', { limits })).end.problemCount, isReplaced ? 1 : 0);
    assert.equal(String(await bytesOf('file.csv')), isReplaced ? 'theirs' : 'my bytes');
  });

test('an upload in parts that may replace any object may still do so when it goes on', async (t) => {
  const { plan, line, theirs, send, bytesOf, countOf } = await begun(t);
  await plan(line);
  await theirs('theirs');
  assert.equal((await send('m', { limits, replace: true })).end.problemCount, 0);
  assert.equal(String(await bytesOf('file.csv')), 'my bytes');
  assert.equal(countOf('S3.CreateMultipartUpload'), 0);
});

test('an upload in parts that S3 has ended is begun anew, whenever S3 says so, and may still replace an object', async (t) => {
  const bytes = randomBytes(6 * 2 ** 20);
  const { plan, line, uploadId, end, theirs, send, bytesOf, decide, countOf, s3, object } = await begun(t, bytes);
  await plan(line);
  await end(uploadId);
  await theirs('theirs');
  let ended = 0;
  decide((call) => {
    if (ended > 0 || !call.includes('partNumber=2')) return undefined;
    ended += 1;
    return s3Error('NoSuchUpload', 404);
  });
  // S3 takes no smaller part before the last one.
  const two = { smallestPart: 5 * 2 ** 20 };
  assert.equal((await send('m', { limits: two, replace: true })).end.problemCount, 0);
  assert.equal(countOf('S3.CreateMultipartUpload'), 2);
  assert.ok((await bytesOf('file.csv')).equals(bytes));
  assert.equal((await s3.send(new HeadObjectCommand(object))).ContentType, 'text/csv');
});

test('where S3 has ended an upload in parts, the object that another wrote since then stays', async (t) => {
  const { plan, line, uploadId, end, theirs, send, bytesOf, decide } = await begun(t);
  await plan(line);
  await end(uploadId);
  await theirs('theirs');
  decide((call) => (call.startsWith('s3:HEAD') ? s3Error('AccessDenied') : undefined));
  const hidden = (await send('m', { limits })).end;
  assert.deepEqual([hidden.problemCount, hidden.problems[0]?.kind], [1, 'lost']);
  decide(() => undefined);
  const shown = (await send('m', { limits })).end;
  assert.match(shown.problems[0]?.what ?? '', /file\.csv exists already/);
  assert.equal(String(await bytesOf('file.csv')), 'theirs');
});

for (const isShown of [true, false])
  test(`an object that another wrote since an upload in parts was begun stays, and no upload is left; shown: ${isShown}`, async (t) => {
    const { plan, line, theirs, send, bytesOf, decide, unfinished } = await begun(t);
    await plan(line);
    await theirs('theirs');
    decide((call) => (!isShown && call.startsWith('s3:HEAD') ? s3Error('AccessDenied') : undefined));
    const { problems } = (await send('m', { limits })).end;
    assert.match(problems[0]?.what ?? '', /file\.csv exists already/);
    assert.match(problems[0]?.why ?? '', isShown ? /other bytes/ : /does not let you look/);
    assert.equal(String(await bytesOf('file.csv')), 'theirs');
    assert.deepEqual(await unfinished(), []);
  });

test('of an earlier upload in parts that has ended, nothing is told when the changed file is sent anew', async (t) => {
  const { plan, line, uploadId, end, put, send, bytesOf } = await begun(t);
  await plan(line);
  await end(uploadId);
  put('file.csv', 'changed bytes');
  const told: string[] = [];
  await send('m', { onProgress: ({ label }) => void told.push(label) });
  assert.equal(String(await bytesOf('file.csv')), 'changed bytes');
  assert.doesNotMatch(told.join('\n'), /earlier upload/);
});

test('of an earlier upload in parts that S3 does not end, it is told how to end it', async (t) => {
  const { plan, line, uploadId, put, send, decide } = await begun(t);
  await plan(line);
  put('file.csv', 'changed bytes');
  decide((call) => (call.startsWith('s3:DELETE') ? s3Error('AccessDenied') : undefined));
  const told: string[] = [];
  await send('m', { onProgress: ({ label }) => void told.push(label) });
  const command = `aws s3api abort-multipart-upload --bucket ${bucket} --key file.csv --upload-id ${uploadId}`;
  assert.ok(told.some((label) => label.endsWith(command)));
});

test('of uploads whose begin may have been cut off, one that has a part stays, and so do two that nobody can tell apart', async (t) => {
  const { plan, send, uploadId, begin, end, unfinished, s3, object, countOf, manifestPath, practice } = await begun(t);
  const beginning = { is: 'beginning', n: 0, at: practice.clock.now.toISOString() };
  const other = await begin();
  await plan(beginning);
  await send('m');
  assert.equal((await unfinished()).length, 2);
  await end(other);
  await s3.send(new UploadPartCommand({ ...object, UploadId: uploadId, PartNumber: 1, Body: 'a part' }));
  appendFileSync(manifestPath('m'), `${JSON.stringify(beginning)}\n`);
  await send('m', { replace: true });
  assert.deepEqual(await unfinished(), [uploadId]);
  assert.equal(countOf('S3.ListMultipartUploads'), 2);
});
