import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { isAccessDenied } from '../../source/aws/access-denied.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Progress } from '../../source/ceremony/progress.ts';
import { OpenFile } from '../../source/disk/open-file.ts';
import { HashWorker } from '../../source/objects/hash-worker.ts';
import { TransferError } from '../../source/objects/transfer.ts';
import { s3Error } from '../faults/between.ts';
import { transferring } from './transferring.ts';

const denied = s3Error('AccessDenied');
const secret = { kind: 'fixable', what: "Can't upload it.", why: 'It is secret.', next: [] } as const;
/** Up to sixteen objects are looked at one by one in any case. */
const many = 20;

test('each file that is not sent is told at once, and the first few of their problems at the end', async (t) => {
  const { put, send } = await transferring(t);
  for (let number = 0; number < 7; number += 1) put(`${number}.txt`);
  const judge = (path: string) => {
    if (basename(path) !== '0.txt') throw new ProblemError({ ...secret, what: `Can't upload ${basename(path)}.` });
  };
  const told: string[] = [];
  const { end, states } = await send('m', { guard: { judge }, onProgress: ({ label }) => void told.push(label) });
  assert.deepEqual([end.problemCount, end.problems.length, states.uploaded], [6, 5, 1]);
  for (let number = 1; number < 7; number += 1) assert.ok(told.includes(`Can't upload ${number}.txt.`));
  const refused = told.filter((label) => label.startsWith("Can't upload"));
  assert.deepEqual(
    end.problems.map(({ what }) => what),
    refused.slice(0, 5),
  );
});

test('an error that would stop every object lets what is under way end, and begins nothing else', async (t) => {
  const { put, send, decide, countOf, names } = await transferring(t);
  for (let number = 0; number < 60; number += 1) put(`${number}`);
  decide((call) => (call.startsWith('s3:PUT') ? denied : undefined));
  await assert.rejects(send('m'), (error) => {
    assert.ok(error instanceof TransferError && isAccessDenied(error.cause));
    assert.match(error.object.key, /^\d+$/);
    return true;
  });
  assert.ok(countOf('S3.PutObject') < 20, `${countOf('S3.PutObject')}`);
  decide(() => undefined);
  // What S3 refused for sure, nobody looks for.
  const looks = countOf('S3.HeadObject');
  await send('m');
  assert.deepEqual([(await names()).length, countOf('S3.HeadObject')], [60, looks]);
});

test('objects are looked at first where something may be there, and those in parts wherever the bucket is not new', async (t) => {
  const { put, send, decide, countOf } = await transferring(t);
  for (let number = 1; number < 16; number += 1) put(`${number}`);
  put('long', 'more bytes');
  // The file in parts is refused, as the last part but one would be too small.
  const limits = { smallestPart: 5 };
  const looks = async (name: string, given: Parameters<typeof send>[1]) => {
    const before = countOf('S3.HeadObject');
    await send(name, { limits, prefix: name, ...given }).catch(() => {});
    return countOf('S3.HeadObject') - before;
  };
  assert.equal(await looks('in-parts-few', {}), 16);
  for (let number = 16; number < many; number += 1) put(`${number}`);
  assert.equal(await looks('in-parts', {}), 1);
  assert.equal(await looks('new', { isBucketNew: true }), 0);
  assert.equal(await looks('again', { prefix: 'in-parts' }), many);
  decide((call) => (call.includes('list-type') ? denied : undefined));
  assert.equal(await looks('all', {}), many);
});

test('the bytes of a file that the guard refuses are overwritten in the memory', async (t) => {
  const { put, send } = await transferring(t);
  const secretBytes = 'secret bytes'.repeat(100);
  put('a', secretBytes);
  let judged: Buffer | undefined;
  const judge = (_: string, bytes: Buffer) => {
    assert.equal(String(bytes), secretBytes);
    judged = bytes;
    throw new ProblemError(secret);
  };
  assert.equal((await send('m', { guard: { judge } })).end.problems[0]?.why, 'It is secret.');
  assert.deepEqual(judged, Buffer.alloc(secretBytes.length));
});

test('a file that becomes longer while it is sent is told, also where its time stays as it was', async (t) => {
  const { put, send, names } = await transferring(t);
  const path = put('a', 'as it was');
  const { atime, mtime } = statSync(path);
  utimesSync(path, atime, new Date(1000 * Math.floor(mtime.getTime() / 1000)));
  const judge = () => {
    const { mtime: before } = statSync(path);
    appendFileSync(path, '!');
    utimesSync(path, atime, before);
  };
  const { end } = await send('m', { guard: { judge } });
  assert.match(end.problems[0]?.what ?? '', /it changed while it was sent/);
  assert.deepEqual(await names(), []);
});

test('the totals tell what was sent and what was read back, and begin with what an earlier run has read', async (t) => {
  const { put, send, decide } = await transferring(t);
  put('a', 'four');
  put('b', 'and six');
  let now = 0;
  t.mock.method(performance, 'now', () => {
    now += 250;
    return now;
  });
  const shown: string[] = [];
  const onProgress = ({ label, note = '', bytes }: Progress) => {
    const [verb] = note.split(',');
    shown.push(`${label} ${verb}${bytes === undefined ? '' : ` ${bytes.done}/${bytes.total}`}`);
  };
  decide((call) => (call.startsWith('s3:GET /a-bucket/b') ? s3Error('ExpiredToken') : undefined));
  await assert.rejects(send('m', { readsBack: true, onProgress }));
  assert.equal(shown[0], '0 of 2 objects uploading 0/11');
  assert.ok(shown.includes('2 of 2 objects uploading 11/11'), shown.join('\n'));
  assert.ok(shown.includes('0 of 2 objects reading back 0/11'));
  decide(() => undefined);
  shown.length = 0;
  await send('m', { readsBack: true, onProgress });
  assert.ok(shown.includes('1 of 2 objects reading back 4/11'), shown.join('\n'));
  assert.ok(shown.includes('1 of 2 objects reading back 11/11'), shown.join('\n'));
  assert.equal(shown.at(-1), '2 of 2 objects read back');
});

test('once the person has enough, nothing else is sent and nothing is read back, and the end tells it', async (t) => {
  const { put, send, names, countOf } = await transferring(t);
  for (const name of ['a', 'b']) put(name);
  const notes: (string | undefined)[] = [];
  const stopping = async (when: (progress: Progress) => boolean) => {
    const enough = new AbortController();
    const onProgress = (progress: Progress) => {
      notes.push(progress.note);
      if (when(progress)) enough.abort();
    };
    return (await send('m', { readsBack: true, enough: enough.signal, onProgress })).end.isCut;
  };
  assert.equal(await stopping(() => true), true);
  assert.deepEqual([await names(), countOf('S3.GetObject')], [[], 0]);
  assert.ok(!notes.join().includes('read'), notes.join());
  assert.equal((await send('m', { enough: AbortSignal.abort() })).end.isCut, true);
  assert.equal(await stopping(({ note }) => note?.startsWith('reading back') === true), true);
  assert.deepEqual([await names(), countOf('S3.GetObject')], [['a', 'b'], 0]);
  assert.equal(await stopping(() => false), false);
  assert.equal(countOf('S3.GetObject'), 2);
});

test('once the person has enough after the last object, nothing is read back', async (t) => {
  const { put, send, countOf } = await transferring(t);
  put('a');
  const enough = new AbortController();
  const { end } = await send('m', {
    readsBack: true,
    enough: enough.signal,
    guard: { judge: () => enough.abort() },
  });
  assert.deepEqual([end.isCut, countOf('S3.PutObject'), countOf('S3.GetObject')], [true, 1, 0]);
});

test('when the person stops, no other object is begun, and the reason is thrown', async (t) => {
  const { put, send, decide, countOf } = await transferring(t);
  for (let number = 0; number < 16; number += 1) put(`${number}`);
  const stop = new AbortController();
  const reason = new Error('stopped by the person');
  decide((call) => {
    if (call.startsWith('s3:HEAD')) stop.abort(reason);
    return undefined;
  });
  await assert.rejects(send('m', { signal: stop.signal }), reason);
  assert.ok(countOf('S3.HeadObject') < 16, `${countOf('S3.HeadObject')}`);
  assert.equal(countOf('S3.PutObject'), 0);
});

test('once the person has enough, a file that goes in parts is no failure, and its upload stays for the next run', async (t) => {
  const { put, send, unfinished } = await transferring(t);
  put('long', 'more bytes');
  const enough = new AbortController();
  const open = (path: string) => {
    enough.abort();
    return OpenFile.open(path);
  };
  const { end } = await send('m', { enough: enough.signal, guard: { open }, limits: { smallestPart: 9 } });
  assert.deepEqual([end.isCut, end.problemCount, (await unfinished()).length], [true, 0, 1]);
});

test('of several errors that would stop every object, the first is told', async (t) => {
  const { put, send, decide, manifestPath } = await transferring(t);
  for (const name of ['a', 'b']) put(name);
  decide(async (call) => {
    if (call.startsWith('s3:PUT /a-bucket/a')) return denied;
    if (!call.startsWith('s3:PUT')) return undefined;
    while (!readFileSync(manifestPath('m'), 'utf8').includes('"given up"')) await new Promise(setImmediate);
    return s3Error('ExpiredToken', 400);
  });
  await assert.rejects(send('m'), (error) => error instanceof TransferError && isAccessDenied(error.cause));
});

test('the thread that hashes large files has ended when a transfer ends, also after an error', async (t) => {
  const { put, send, decide } = await transferring(t);
  put('a');
  const { mock } = t.mock.method(HashWorker.prototype, 'close');
  decide((call) => (call.startsWith('s3:PUT') ? denied : undefined));
  await assert.rejects(send('m'));
  assert.equal(mock.callCount(), 1);
  decide(() => undefined);
  await send('m');
  assert.equal(mock.callCount(), 2);
});
