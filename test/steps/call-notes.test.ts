import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createBucket } from '../../source/aws/s3.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { callsOf } from '../../source/record/calls.ts';
import { CallNotes } from '../../source/steps/call-notes.ts';
import { s3Error } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { encryptObject, uploading } from './uploading.ts';

test('any number of calls of one operation takes few lines, and all of them are counted', (t) => {
  const path = join(newFolder(), 'journal.jsonl');
  const journal = new Journal(path);
  t.after(() => journal.close());
  const notes = new CallNotes(journal);
  notes.startToCount();
  for (let call = 0; call < 1000; call += 1) notes.note({ operation: 'S3.PutObject', requestId: `r${call}` });
  notes.note({ operation: 'S3.PutObject', error: 'SlowDown' });
  notes.settle();
  notes.settle();
  const calls = callsOf(new Journal(path).lines);
  assert.ok(calls.length < 60, `${calls.length}`);
  const all = calls.filter(({ error }) => error === undefined).reduce((sum, { count = 1 }) => sum + count, 0);
  assert.equal(all, 1000);
  assert.equal(calls.at(-1)?.lastRequestId, 'r999');
  assert.equal(calls.filter(({ error }) => error === 'SlowDown').length, 1);
});

test('outside of an upload each call has a line, also after one', (t) => {
  const path = join(newFolder(), 'journal.jsonl');
  const journal = new Journal(path);
  t.after(() => journal.close());
  const notes = new CallNotes(journal);
  const lookAtKeys = () => {
    for (let call = 0; call < 200; call += 1) notes.note({ operation: 'KMS.DescribeKey', requestId: `r${call}` });
  };
  lookAtKeys();
  notes.startToCount();
  notes.settle();
  lookAtKeys();
  assert.equal(callsOf(new Journal(path).lines).length, 400);
});

test('calls that are counted together are told from the first to the last of them', (t) => {
  const path = join(newFolder(), 'journal.jsonl');
  let seconds = 0;
  const clock = () => new Date(Date.UTC(2026, 10, 25, 14, 0, seconds));
  const journal = new Journal(path, clock);
  t.after(() => journal.close());
  const notes = new CallNotes(journal, clock);
  notes.startToCount();
  for (; seconds < 53; seconds += 1) notes.note({ operation: 'S3.PutObject', requestId: `r${seconds}` });
  seconds = 59;
  notes.settle();
  assert.deepEqual(callsOf(new Journal(path).lines).at(-1), {
    at: '2026-11-25T14:00:50.000Z',
    operation: 'S3.PutObject',
    requestId: 'r50',
    count: 3,
    until: '2026-11-25T14:00:52.000Z',
    lastRequestId: 'r52',
  });
});

test('a call beyond the lines stays as it is where it is alone, and without the id that AWS did not give', (t) => {
  const journal = new Journal(join(newFolder(), 'journal.jsonl'));
  t.after(() => journal.close());
  const notes = new CallNotes(journal);
  notes.startToCount();
  for (let call = 0; call < 51; call += 1) notes.note({ operation: 'S3.PutObject', requestId: `r${call}` });
  for (let call = 0; call < 52; call += 1) notes.note({ operation: 'S3.UploadPart' });
  notes.settle();
  const [alone, together] = journal.lines.slice(-2);
  assert.ok(alone?.kind === 'call' && together?.kind === 'call');
  assert.deepEqual(
    [alone.operation, alone.requestId, alone.count, alone.since],
    ['S3.PutObject', 'r50', undefined, undefined],
  );
  assert.deepEqual([together.operation, together.count, 'firstRequestId' in together], ['S3.UploadPart', 2, false]);
});

for (const [what, fate] of [
  ['succeeds', undefined],
  ['fails', s3Error('AccessDenied')],
] as const)
  test(`the calls of an upload that ${what} take few lines, and those after it have a line each again`, async (t) => {
    const { clients, context, decide, journal, path } = await uploading(t);
    await createBucket(clients.s3, 'a-bucket');
    const callNotes = new CallNotes(journal);
    const operation = 'S3.UploadPart';
    // As many calls as an upload of a large file makes.
    decide((call) => {
      if (!call.startsWith('s3:PUT')) return undefined;
      for (let count = 0; count < 60; count += 1) callNotes.note({ operation });
      return fate;
    });
    const services = { ...context.services, callNotes };
    const upload = encryptObject({ ...context, services }, { bucket: 'a-bucket', prefix: '' }, path);
    await (fate === undefined ? upload : assert.rejects(upload));
    const counts = () =>
      journal.lines.flatMap((line) => (line.kind === 'call' && line.operation === operation ? [line.count ?? 1] : []));
    assert.deepEqual([counts().length, counts().at(-1)], [51, 10]);
    callNotes.note({ operation });
    assert.deepEqual([counts().length, counts().at(-1)], [52, 1]);
  });
