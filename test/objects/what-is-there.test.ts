import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Progress } from '../../source/ceremony/progress.ts';
import { type Fate, s3Error } from '../faults/between.ts';
import { bucket, transferring } from './transferring.ts';

/* What an upload does with the object that is there already, and with what S3 says of the one that it has just written. */

const denied = s3Error('AccessDenied');

/** What S3 says of an object under a key, also where it is not so. */
const answer = (keyArn: string, more: Readonly<Record<string, string>>) => ({
  status: 200,
  headers: {
    etag: '"an-etag"',
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': keyArn,
    ...more,
  },
  body: '',
});

/** A file, an object of its name, most often under the key, and a server that names no checksum of any object. */
async function withoutChecksum(t: TestContext, theirs: string, fateOfReading?: Fate, isUnderKey = true) {
  const transfers = await transferring(t);
  transfers.put('a', 'my bytes');
  const { s3, keyArn } = transfers;
  const under = isUnderKey ? ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn } as const) : {};
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: theirs, ...under }));
  transfers.decide((call) =>
    call.startsWith('s3:GET /a-bucket/a') ? fateOfReading : { dropHeaders: /^x-amz-checksum/ },
  );
  return transfers;
}

test('an object of which S3 has no checksum is read back to be compared, and is known as the same', async (t) => {
  const { send, countOf } = await withoutChecksum(t, 'my bytes');
  const { end, states } = await send('m');
  assert.deepEqual([end.problemCount, states.found, countOf('S3.PutObject'), countOf('S3.GetObject')], [0, 1, 0, 1]);
});

test('an object of which S3 has no checksum stays where it has as many other bytes, another key, or nobody may read it', async (t) => {
  const elsewhere = await withoutChecksum(t, 'my bytes', undefined, false);
  assert.match((await elsewhere.send('m')).end.problems[0]?.why ?? '', /other bytes or another key/);
  const other = await withoutChecksum(t, 'othbytes');
  assert.match((await other.send('m')).end.problems[0]?.why ?? '', /other bytes/);
  const hidden = await withoutChecksum(t, 'othbytes', denied);
  assert.match((await hidden.send('m')).end.problems[0]?.why ?? '', /does not let you look at it/);
  for (const { bytesOf, decide } of [other, hidden]) {
    decide(() => undefined);
    assert.equal(String(await bytesOf('a')), 'othbytes');
  }
});

test('an object that nobody may read is written over where the person chose to replace', async (t) => {
  const { send, bytesOf, decide } = await withoutChecksum(t, 'othbytes', denied);
  assert.equal((await send('m', { replace: true })).end.problemCount, 0);
  decide(() => undefined);
  assert.equal(String(await bytesOf('a')), 'my bytes');
});

test('an object of more than 64 MiB of which S3 has no checksum is not read back to be compared', async (t) => {
  const { send, put, decide, keyArn, countOf } = await transferring(t);
  const size = 64 * 2 ** 20 + 1;
  truncateSync(put('a', ''), size);
  decide((call) => (call.startsWith('s3:HEAD') ? answer(keyArn, { 'content-length': String(size) }) : undefined));
  const { end } = await send('m');
  assert.match(end.problems[0]?.why ?? '', /S3 has no checksum of all its bytes, so nothing shows that it is the same/);
  assert.deepEqual([countOf('S3.GetObject'), countOf('S3.CreateMultipartUpload')], [0, 0]);
});

test('an object whose checksum in the answer of S3 differs is wrong, and is replaced by the next run', async (t) => {
  const { send, put, decide, keyArn, s3, bytesOf } = await transferring(t);
  put('a', 'my bytes');
  const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'b', Body: 'spoilt' }));
  const spoilt = { etag: ETag, 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-type': 'FULL_OBJECT' };
  decide((call) => (call.startsWith('s3:PUT') ? answer(keyArn, spoilt) : undefined));
  const { end, states } = await send('m');
  assert.match(end.problems[0]?.what ?? '', /s3:\/\/a-bucket\/a did not come back as it was sent/);
  assert.match(end.problems[0]?.why ?? '', /^Its CRC32 differs/);
  assert.equal(states.uploaded, 0);
  decide(() => undefined);
  assert.equal((await send('m')).end.problemCount, 0);
  assert.equal(String(await bytesOf('a')), 'my bytes');
});

test('what S3 says of another object is not taken for what the answer to an upload leaves out', async (t) => {
  const { send, put, decide, keyArn } = await transferring(t);
  put('a', 'my bytes');
  let isSent = false;
  decide((call) => {
    if (call.startsWith('s3:PUT')) isSent = true;
    else if (isSent && call.startsWith('s3:HEAD')) return answer(keyArn, { 'content-length': '8' });
    return isSent ? { dropHeaders: /^x-amz-(server-side|checksum)/ } : undefined;
  });
  const { end } = await send('m');
  assert.match(end.problems[0]?.why ?? '', /^S3 names none\./);
});

test('who may not look at the objects is told so once, and the uploads go on', async (t) => {
  const { send, put, decide } = await transferring(t);
  for (const name of ['a', 'b', 'c']) put(name);
  decide((call) => (call.startsWith('s3:HEAD') ? denied : undefined));
  const told: string[] = [];
  const { states } = await send('m', { onProgress: ({ label }) => void told.push(label) });
  assert.equal(states.uploaded, 3);
  assert.equal(told.filter((label) => label.startsWith('S3 does not show you whether')).length, 1);
});

for (const [differs, headers, says] of [
  ['size', { 'content-length': '9' }, /^It has 9 bytes, and 8 were sent/],
  ['key', { 'x-amz-server-side-encryption-aws-kms-key-id': 'arn:another' }, /^S3 names arn:another\./],
] as const)
  test(`reading back does not pass over an object whose ${differs} is another`, async (t) => {
    const { send, put, decide, keyArn, s3 } = await transferring(t);
    put('a', 'my bytes');
    const [line] = (await send('m')).lines;
    const seen = answer(keyArn, { etag: line?.etag ?? '', 'content-length': '8', ...headers });
    decide((call) => (call.startsWith('s3:HEAD') ? seen : undefined));
    const { end, states } = await send('m', { readsBack: true });
    assert.match(end.problems[0]?.why ?? '', says);
    assert.deepEqual([states.readBack, states.uploaded], [0, 0]);
    decide(() => undefined);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a' }));
    const shown: Progress[] = [];
    await send('m', { readsBack: true, onProgress: (progress) => void shown.push(progress) });
    const first = shown.find(({ note }) => note?.startsWith('reading back'));
    assert.deepEqual(first?.bytes, { done: 0, total: 8 }, 'what is wrong does not count as read');
    assert.equal(shown.at(-1)?.state, 'working');
  });

for (const rangeBytes of [64, 3])
  test(`who may read and not look is told that the object was replaced, also with the same bytes; ranges of ${rangeBytes}`, async (t) => {
    const { send, put, decide, s3 } = await transferring(t);
    put('a', 'my bytes');
    await send('m');
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'my bytes' }));
    decide((call) => (call.startsWith('s3:HEAD') ? denied : undefined));
    const { end, states } = await send('m', { readsBack: true, limits: { rangeBytes } });
    assert.match(end.problems[0]?.what ?? '', /is not the object that was uploaded/);
    assert.equal(states.readBack, 0);
  });

test('a range that comes back with other bytes is told; where the file has changed, the whole object is compared', async (t) => {
  const { send, put, decide, countOf } = await transferring(t);
  const path = put('a', 'my bytes');
  const limits = { rangeBytes: 3 };
  await send('m');
  await send('n');
  writeFileSync(path, 'changed!!');
  assert.equal((await send('n', { readsBack: true, limits })).states.readBack, 1);
  assert.equal(countOf('S3.GetObject'), 1);
  writeFileSync(path, 'my bytes');
  await send('o');
  decide((call) => (call.startsWith('s3:GET /a-bucket/a') ? { status: 206, body: 'xyz' } : undefined));
  const reads = countOf('S3.GetObject');
  const { end } = await send('o', { readsBack: true, limits });
  assert.equal(countOf('S3.GetObject'), reads + 1, 'one range tells enough');
  assert.match(end.problems[0]?.what ?? '', /did not come back as it was sent/);
  assert.match(end.problems[0]?.why ?? '', /^Its SHA-256 differs/);
});
