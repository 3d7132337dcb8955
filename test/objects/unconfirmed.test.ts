import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readBackSha256 } from '../../source/aws/object-look.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { encryptObjects } from '../../source/steps/encrypt-objects.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { type Fate, s3Error } from '../faults/between.ts';
import { bucket, transferring } from './transferring.ts';

/** Three files, and an endpoint that names no checksum, as older servers with the API of S3. */
async function withoutChecksums(t: TestContext, fateOfReading: Fate) {
  const transfers = await transferring(t);
  for (const name of ['one', 'two', 'three']) transfers.put(name);
  transfers.decide((call) =>
    call.startsWith('s3:GET /a-bucket/') && !call.includes('list-type')
      ? fateOfReading
      : { dropHeaders: /^x-amz-checksum/ },
  );
  return transfers;
}

test('where S3 names no checksum, the objects are read back unasked, and the person is told why', async (t) => {
  const { send, countOf } = await withoutChecksums(t, undefined);
  const told: string[] = [];
  const { end, states } = await send('m', { onProgress: ({ label }) => void told.push(label) });
  assert.deepEqual([end.problemCount, states.readBack, states.unconfirmed], [0, 3, 0]);
  assert.equal(countOf('S3.GetObject'), 3);
  assert.ok(told.some((label) => label.startsWith('S3 named no checksum of what was uploaded')));
  await send('m');
  assert.equal(countOf('S3.GetObject'), 3, 'nothing is read back twice');
});

test('where S3 names no checksum and the caller may not read, the bytes are not called confirmed', async (t) => {
  const { send } = await withoutChecksums(t, s3Error('AccessDenied'));
  const told: unknown[] = [];
  const { end, states } = await send('m', { onProgress: ({ label, note }) => void told.push([label, note]) });
  assert.deepEqual([end.problemCount, states.readBack, states.unconfirmed], [0, 0, 3]);
  assert.deepEqual(told.at(-1), ['0 of 3 objects', 'read back']);
  const notes: (string | undefined)[] = [];
  await send('m', { onProgress: ({ note }) => void notes.push(note) });
  assert.equal(notes.at(-1), 'in S3', 'nothing is called read back when nothing is read');
});

test('only the objects that are read back unasked are counted as read back', async (t) => {
  const { send, put, decide } = await transferring(t);
  for (const name of ['one', 'two', 'three']) put(name);
  decide((call) => (/^s3:(PUT|HEAD) .*two/.test(call) ? { dropHeaders: /^x-amz-checksum/ } : undefined));
  const told: unknown[] = [];
  const totals: (number | undefined)[] = [];
  const { states } = await send('m', {
    onProgress: ({ label, note, bytes }) => {
      told.push([label, note]);
      if (note?.startsWith('reading back')) totals.push(bytes?.total);
    },
  });
  assert.deepEqual(told.at(-1), ['1 of 1 object', 'read back']);
  assert.equal(totals[0], 'two'.length);
  assert.deepEqual([states.readBack, states.unconfirmed], [1, 0]);
});

test('an object that has taken the place of another is not read back for it, also with the same bytes', async (t) => {
  const { s3 } = await transferring(t);
  const Body = 'the same bytes';
  const put = async () =>
    (await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'x', Body, ServerSideEncryption: 'aws:kms' }))).ETag;
  const [first, second] = [await put(), await put()];
  const { signal } = new AbortController();
  const read = (etag: string | undefined) => {
    const object = { bucket, owner: '000000000000', key: 'x', size: Body.length, etag };
    return readBackSha256(s3, object, { onBytes: () => {}, signal });
  };
  assert.equal(await read(second), sha256Of(Body));
  await assert.rejects(read(first), { name: 'PreconditionFailed' });
});

test('many objects whose bytes nothing confirmed are counted in the words about an upload', () => {
  const objects = { bucket: 'b', objects: [], count: 300, bytes: 300, readBack: 0 };
  const wordsOf = (more: object) => encryptObjects.receipt?.({ objects: { ...objects, ...more } } as Facts) ?? '';
  assert.match(wordsOf({ unconfirmed: 7 }), /7 not read back: you may not read objects there/);
  assert.match(wordsOf({}), /key named and checksum confirmed by S3$/);
  assert.match(wordsOf({ readBack: 5 }), /key named and checksum confirmed by S3, or read back$/);
});
