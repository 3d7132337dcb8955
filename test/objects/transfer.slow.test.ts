import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { CreateMultipartUploadCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Progress } from '../../source/ceremony/progress.ts';
import { OpenFile } from '../../source/disk/open-file.ts';
import { watchDisk } from '../disk-log.ts';
import { s3Error } from '../faults/between.ts';
import { bucket, transferring } from './transferring.ts';

/** Uploads in parts begin above 8 MiB. */
const large = randomBytes(20 * 2 ** 20);
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a folder goes under the prefix with its tree, each file under the key, and S3 confirms each checksum', async (t) => {
  const { put, send, names, bytesOf, keyArn, s3, operations } = await transferring(t);
  for (const name of ['a.csv', 'b/c.txt', 'b/d/e', 'empty']) put(name, name === 'empty' ? '' : name);
  put('big.bin', large);
  const { end, states, planned, lines } = await send('m', { prefix: 'in' });
  assert.deepEqual([end.problemCount, states.uploaded, planned.count], [0, 5, 5]);
  assert.deepEqual(await names(), ['in/a.csv', 'in/b/c.txt', 'in/b/d/e', 'in/big.bin', 'in/empty']);
  assert.ok((await bytesOf('in/big.bin')).equals(large));
  for (const line of lines) assert.deepEqual([line.kmsKeyArn, line.checksum], [keyArn, true], line.key);
  assert.equal(lines.find(({ key }) => key === 'in/big.bin')?.sha256, sha256Of(large));
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'in/a.csv', ChecksumMode: 'ENABLED' }));
  assert.deepEqual([head.ContentType, head.ChecksumType], ['text/csv', 'FULL_OBJECT']);
  const big = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'in/big.bin', ChecksumMode: 'ENABLED' }));
  assert.equal(big.ChecksumCRC32, lines.find(({ key }) => key === 'in/big.bin')?.crc32);
  assert.equal(big.ChecksumType, 'FULL_OBJECT');
  assert.equal(operations.includes('S3.GetObject'), false, 'nothing is read back unasked');
});

test('where nothing stands under the prefix, a small file takes one request', async (t) => {
  const { put, send, countOf, operations } = await transferring(t);
  for (let number = 0; number < 40; number += 1) put(`${number}.txt`);
  await send('m');
  assert.equal(countOf('S3.PutObject'), 40);
  assert.deepEqual(
    operations.filter((operation) => operation !== 'S3.PutObject'),
    ['S3.ListObjectsV2'],
  );
});

test('names come back byte for byte, whatever is in them', async (t) => {
  const { put, send, names, bytesOf } = await transferring(t);
  const odd = [
    'a b',
    ' lead',
    'trail ',
    'é',
    'e\u0301',
    '日本語',
    '%',
    '%20',
    'a+b',
    '.dot',
    '..two',
    "it's",
    '"q"',
    '&amp;',
    '<x>',
    'a\\b',
    '#h',
    '?q',
    '~',
    '*',
    '😀',
  ];
  const long = `${'d'.repeat(200)}/${'e'.repeat(200)}/${'f'.repeat(200)}/${'g'.repeat(255)}`;
  for (const name of [...odd, long]) put(name);
  const { end } = await send('m', { prefix: 'p//q /' });
  assert.equal(end.problemCount, 0);
  const wanted = [...odd, long].map((name) => `p//q /${name}`);
  assert.deepEqual((await names()).toSorted(), wanted.toSorted());
  for (const name of [...odd, long]) assert.equal(String(await bytesOf(`p//q /${name}`)), name);
});

test('what is there with the same bytes is skipped; another object stays, and the rest goes on', async (t) => {
  const { put, send, s3, keyArn, bytesOf, countOf } = await transferring(t);
  for (const name of ['same', 'other', 'new', 'other-key']) put(name);
  const under = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn } as const;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'same', Body: 'same', ...under }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'other', Body: 'OTHER', ...under }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'other-key', Body: 'other-key' }));
  const told: string[] = [];
  const { end, states } = await send('m', { onProgress: ({ label, note }) => told.push(`${label}, ${note}`) });
  assert.deepEqual([states.uploaded, states.found, end.problemCount], [2, 1, 2]);
  assert.equal(told.at(-1), '2 of 4 objects, in S3');
  assert.equal(countOf('S3.PutObject'), 1);
  assert.equal(String(await bytesOf('other')), 'OTHER');
  const why = end.problems.map((problem) => `${problem.what} ${problem.why}`).join('\n');
  assert.match(why, /s3:\/\/a-bucket\/other exists already\. That object has other bytes/);
  assert.match(why, /other-key exists already\. That object has the bytes of the file, but is under no KMS key\./);
});

for (const algorithm of ['CRC32', 'CRC64NVME', 'SHA256'] as const)
  test(`an object whose checksum is ${algorithm} is known as the same`, async (t) => {
    const { put, send, s3, keyArn, countOf } = await transferring(t);
    put('a', large);
    const under = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn } as const;
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: large, ChecksumAlgorithm: algorithm, ...under }),
    );
    assert.equal((await send('m')).states.found, 1);
    assert.equal(countOf('S3.GetObject'), 0);
  });

test('with replace, and only then, an object with other bytes is written over, and one with the same is not', async (t) => {
  const { put, send, s3, bytesOf, countOf } = await transferring(t);
  put('a', 'new');
  put('big', large);
  for (const Key of ['a', 'big']) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'old' }));
  assert.equal((await send('m')).end.problemCount, 2);
  assert.equal((await send('r', { replace: true })).end.problemCount, 0);
  assert.equal(String(await bytesOf('a')), 'new');
  assert.ok((await bytesOf('big')).equals(large));
  const before = countOf('S3.PutObject');
  assert.equal((await send('again', { replace: true })).states.found, 2);
  assert.equal(countOf('S3.PutObject'), before);
});

test('an object that another replaces between look and write stays, with replace too', async (t) => {
  const { put, send, s3, bytesOf, decide } = await transferring(t);
  put('a', 'mine');
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'old' }));
  let raced: Promise<unknown> | undefined;
  decide((call) => {
    if (call.startsWith('s3:HEAD'))
      raced ??= s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'theirs' }));
    return undefined;
  });
  const { end } = await send('m');
  await raced;
  assert.equal(end.problemCount, 1);
  assert.equal(String(await bytesOf('a')), 'theirs');
});

const preconditionFailed = s3Error('PreconditionFailed', 412);

for (const replace of [false, true])
  test(`S3 refuses to write over an object that changed after the look, and the rest goes on; replace: ${replace}`, async (t) => {
    const { put, send, s3, bytesOf, decide } = await transferring(t);
    put('a', 'mine');
    put('b');
    if (replace) await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'theirs' }));
    let writes = 0;
    decide((call) => {
      if (!call.startsWith('s3:PUT /a-bucket/a')) return undefined;
      writes += 1;
      return writes === 1 ? preconditionFailed : undefined;
    });
    const { end } = await send('m', { replace });
    assert.equal(String(await bytesOf('b')), 'b');
    // Without an object there, nothing keeps the next try.
    assert.deepEqual([end.problemCount, String(await bytesOf('a'))], replace ? [1, 'theirs'] : [0, 'mine']);
    assert.equal((await send('m', { replace })).end.problemCount, 0);
    assert.equal(String(await bytesOf('a')), 'mine');
  });

test('a file that changes while it is sent is told, and no object is made of it', async (t) => {
  const { put, send, names, unfinished, decide } = await transferring(t);
  const small = put('small', 'as it was');
  const big = put('big', large);
  const change = { judge: (path: string) => path === small && appendFileSync(small, '!') };
  let isChanged = false;
  decide((call) => {
    if (!isChanged && call.includes('partNumber=1')) {
      isChanged = true;
      utimesSync(big, new Date(0), new Date(0));
    }
    return undefined;
  });
  const { end } = await send('m', { guard: change as never });
  assert.equal(end.problemCount, 2);
  for (const { what, state = '' } of end.problems) {
    assert.match(what, /it changed while it was sent/);
    assert.match(state, /^s3:\/\/a-bucket\/\w+ was not made\. /);
  }
  assert.deepEqual(await names(), []);
  assert.deepEqual(await unfinished(), []);
  assert.equal((await send('m')).end.problemCount, 0);
  assert.deepEqual(await names(), ['big', 'small']);
});

test('a file that becomes shorter while it is sent is told', async (t) => {
  const { put, send, names, decide } = await transferring(t);
  const big = put('big', large);
  decide((call) => {
    if (call.includes('partNumber=1')) truncateSync(big, 3);
    return undefined;
  });
  const { end } = await send('m');
  assert.match(end.problems[0]?.what ?? '', /it changed while it was sent/);
  assert.deepEqual(await names(), []);
});

test('a broken upload in parts goes on: no part that S3 has is sent again, also on later pages of its list', async (t) => {
  const { put, send, bytesOf, unfinished, decide, countOf } = await transferring(t);
  put('big', large);
  const sent = new Map<string, number>();
  let isBroken = true;
  decide((call) => {
    const [, part] = /partNumber=(\d+)/.exec(call) ?? [];
    if (part === undefined) return undefined;
    if (isBroken && Number(part) >= 3) return s3Error('ExpiredToken');
    sent.set(part, (sent.get(part) ?? 0) + 1);
    return undefined;
  });
  await assert.rejects(send('m'), { message: 'big' });
  assert.equal((await unfinished()).length, 1);
  const before = new Map(sent);
  assert.ok(before.size >= 1);
  isBroken = false;
  const { states } = await send('m');
  assert.equal(states.uploaded, 1);
  for (const [part, times] of before) assert.equal(sent.get(part), times, `part ${part} was sent once`);
  assert.equal(countOf('S3.CreateMultipartUpload'), 1);
  assert.ok((await bytesOf('big')).equals(large));
  assert.deepEqual(await unfinished(), []);
});

test('who may not list parts goes on by what the manifest has', async (t) => {
  const { put, send, bytesOf, decide } = await transferring(t);
  put('big', large);
  const sent: string[] = [];
  let isBroken = true;
  decide((call) => {
    if (call.startsWith('s3:GET') && call.includes('uploadId=')) return s3Error('AccessDenied');
    const [, part] = /partNumber=(\d+)/.exec(call) ?? [];
    if (part === '3' && isBroken) return s3Error('ExpiredToken');
    if (part !== undefined) sent.push(part);
    return undefined;
  });
  await assert.rejects(send('m'));
  isBroken = false;
  await send('m');
  assert.deepEqual(sent.toSorted(), ['1', '2', '3']);
  assert.ok((await bytesOf('big')).equals(large));
});

test('a file that changed since its upload was begun is sent anew, and the old upload is given up', async (t) => {
  const { put, send, bytesOf, unfinished, decide } = await transferring(t);
  put('big', large);
  decide((call) => (call.includes('partNumber=3') ? s3Error('ExpiredToken') : undefined));
  await assert.rejects(send('m'));
  decide(() => undefined);
  const other = randomBytes(20 * 2 ** 20);
  put('big', other);
  await send('m');
  assert.ok((await bytesOf('big')).equals(other));
  assert.deepEqual(await unfinished(), []);
});

test('an upload that S3 does not give up stays noted, and goes on once its parts are taken again', async (t) => {
  const { put, send, bytesOf, unfinished, decide, countOf } = await transferring(t);
  put('big', large);
  decide((call) => (/^s3:(DELETE|.*partNumber=3)/.test(call) ? s3Error('AccessDenied') : undefined));
  await assert.rejects(send('m'));
  assert.equal((await unfinished()).length, 1);
  decide(() => undefined);
  await send('m');
  assert.ok((await bytesOf('big')).equals(large));
  assert.equal(countOf('S3.CreateMultipartUpload'), 1);
  assert.deepEqual(await unfinished(), []);
});

test('the UploadId of an upload in parts is on the disk before a part is sent', async (t) => {
  const { put, send } = await transferring(t);
  put('big', large);
  const events = watchDisk(t);
  await send('m');
  const noted = events.findIndex(
    (event) => event.does === 'write' && event.file === 'm.jsonl' && event.data.includes('"is":"begun"'),
  );
  const flushed = events.findIndex(
    (event, index) => index > noted && event.does === 'flush' && event.file === 'm.jsonl',
  );
  const sent = events.findIndex((event) => event.does === 'send' && event.request.includes('partNumber='));
  assert.ok(noted > -1 && flushed > noted && sent > flushed, `noted ${noted}, flushed ${flushed}, sent ${sent}`);
});

test('a part is sent again when its bytes have changed, although the size and the time of the file are the same', async (t) => {
  const { put, send, bytesOf, unfinished, decide } = await transferring(t);
  const putOld = (bytes: Uint8Array) => utimesSync(put('big', bytes), 1_700_000_000, 1_700_000_000);
  putOld(large);
  decide((call) => (call.includes('partNumber=3') ? s3Error('ExpiredToken') : undefined));
  await assert.rejects(send('m'));
  decide(() => undefined);
  const other = randomBytes(large.length);
  putOld(other);
  await send('m');
  assert.ok((await bytesOf('big')).equals(other));
  assert.deepEqual(await unfinished(), []);
});

test('an upload whose begin was cut off is given up by its moment; one of somebody else stays', async (t) => {
  const { put, send, s3, unfinished, decide, practice } = await transferring(t);
  put('big', large);
  const { now } = practice.clock;
  practice.clock.now = new Date(now.getTime() - 3_600_000);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'big' }));
  practice.clock.now = now;
  let isCut = true;
  decide((call) => {
    if (!isCut || !/^s3:POST .*uploads/.test(call)) return undefined;
    // S3 begins an upload, and its answer does not come.
    void s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'big' }));
    return s3Error('ExpiredToken');
  });
  await assert.rejects(send('m'));
  assert.equal((await unfinished()).length, 2);
  isCut = false;
  await send('m');
  assert.deepEqual(await unfinished(), [UploadId]);
});

test('an upload whose begin was cut off is told from one that somebody else began at the same moment', async (t) => {
  const { put, send, s3, unfinished, decide, practice } = await transferring(t);
  put('big', large);
  const begin = new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'big' });
  const { UploadId } = await practice.s3('us-east-1', practice.server.credentialsOf('secops-1')).send(begin);
  let isCut = true;
  decide((call) => {
    if (!isCut || !/^s3:POST .*uploads/.test(call)) return undefined;
    // S3 begins an upload, and its answer does not come.
    void s3.send(begin);
    return s3Error('ExpiredToken');
  });
  const callerArn = 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you';
  await assert.rejects(send('m', { callerArn }));
  assert.equal((await unfinished()).length, 2);
  isCut = false;
  await send('m', { callerArn });
  assert.deepEqual(await unfinished(), [UploadId]);
});

test('parts that are too large for the memory are sent as they are read, and go on', async (t) => {
  const { put, send, bytesOf, decide, countOf } = await transferring(t);
  put('big', large);
  // Parts of 5 MiB, of which none fits into the memory.
  const limits = { smallestPart: 2 ** 20, mostParts: 4, largestInMemory: 2 ** 20 };
  const sent: string[] = [];
  let isBroken = true;
  decide((call) => {
    const [, part] = /partNumber=(\d+)/.exec(call) ?? [];
    if (part === '3' && isBroken) return s3Error('ExpiredToken');
    if (part !== undefined) sent.push(part);
    return undefined;
  });
  await assert.rejects(send('m', { limits }));
  isBroken = false;
  const { lines } = await send('m', { limits });
  assert.deepEqual(sent.toSorted(), ['1', '2', '3', '4']);
  assert.equal(countOf('S3.CreateMultipartUpload'), 1);
  assert.ok((await bytesOf('big')).equals(large));
  assert.deepEqual([lines[0]?.sha256, lines[0]?.checksum], [sha256Of(large), true]);
});

test('a very large file is not hashed any longer once the person had enough', async (t) => {
  const { put, send, decide } = await transferring(t);
  truncateSync(put('big', ''), 2 ** 30);
  const enough = new AbortController();
  decide((call) => {
    if (call.includes('?uploads')) enough.abort();
    return undefined;
  });
  let isClosed = false;
  let lateReads = 0;
  let last: Promise<number> | undefined;
  const open = async (path: string) => {
    const file = await OpenFile.open(path);
    const [read, close] = [file.read.bind(file), file.close.bind(file)];
    file.read = (...given) => {
      if (isClosed) lateReads += 1;
      last = read(...given);
      return last;
    };
    file.close = () => {
      isClosed = true;
      close();
    };
    return file;
  };
  const limits = { smallestPart: 2 ** 20, mostParts: 4, largestInMemory: 2 ** 20 };
  const { end } = await send('m', { limits, enough: enough.signal, guard: { open } });
  await last?.catch(() => {});
  await setImmediate();
  assert.deepEqual([end.isCut, isClosed, lateReads], [true, true, 0]);
});

test('reading back looks at each object and compares its bytes; what was read before is not read again', async (t) => {
  const { put, send, countOf, decide } = await transferring(t);
  put('a', 'a');
  put('b', 'b');
  const { states } = await send('m', { readsBack: true });
  assert.equal(states.readBack, 2);
  assert.equal(countOf('S3.GetObject'), 2);
  await send('m', { readsBack: true });
  assert.equal(countOf('S3.GetObject'), 2);
  decide((call) => (call.startsWith('s3:GET /a-bucket/c') ? { status: 200, body: 'x' } : undefined));
  put('c', 'c');
  const { end } = await send('n', { readsBack: true });
  assert.equal(end.problemCount, 1);
  assert.match(end.problems[0]?.what ?? '', /c did not come back as it was sent/);
});

test('reading back goes on in the bar where it stopped', async (t) => {
  const { put, send, decide } = await transferring(t);
  put('a', 'four');
  put('b', 'and six');
  let isBroken = true;
  decide((call) => (isBroken && call.startsWith('s3:GET /a-bucket/b') ? s3Error('ExpiredToken') : undefined));
  await assert.rejects(send('m', { readsBack: true }));
  isBroken = false;
  const shown: Progress[] = [];
  await send('m', { readsBack: true, onProgress: (progress) => shown.push(progress) });
  const first = shown.find(({ note }) => note?.startsWith('reading back'));
  assert.deepEqual([first?.label, first?.bytes], ['1 of 2 objects', { done: 4, total: 11 }]);
});

test('a large object is read back in ranges, and goes on behind those that were read', async (t) => {
  const { put, send, decide, manifestPath } = await transferring(t);
  put('big', large);
  const limits = { rangeBytes: 8 * 2 ** 20 };
  let reads = 0;
  decide((call) => {
    if (!call.startsWith('s3:GET /a-bucket/big')) return undefined;
    reads += 1;
    return reads === 2 ? s3Error('ExpiredToken') : undefined;
  });
  await assert.rejects(send('m', { readsBack: true, limits }));
  assert.match(readFileSync(manifestPath('m'), 'utf8'), /"is":"read","n":0,"to":8388608/);
  reads = 10;
  const { states } = await send('m', { readsBack: true, limits });
  assert.equal(states.readBack, 1);
  assert.equal(reads, 12, 'two of three ranges');
});

test('a large file that changes while its object is read back does not make the object wrong', async (t) => {
  const { put, send, decide } = await transferring(t);
  const big = put('big', large);
  decide((call) => {
    if (call.startsWith('s3:GET /a-bucket/big')) writeFileSync(big, 'another file now');
    return undefined;
  });
  const { end, states } = await send('m', { readsBack: true, limits: { rangeBytes: 8 * 2 ** 20 } });
  assert.deepEqual([end.problemCount, states.readBack], [0, 1]);
});

test('an answer with more bytes than the range that was asked for is not read to its end', async (t) => {
  const { put, send, decide } = await transferring(t);
  put('big', large);
  const more = { status: 206, body: 'x'.repeat(9 * 2 ** 20) };
  decide((call) => (call.startsWith('s3:GET /a-bucket/big') ? more : undefined));
  const reading = send('m', { readsBack: true, limits: { rangeBytes: 8 * 2 ** 20 } });
  await assert.rejects(reading, ({ cause }: Error) => /sent more than the 8388608 bytes/.test(String(cause)));
});

test('who had enough waits for the parts under way, and not for all of a large file; no part is sent again', async (t) => {
  const { put, send, countOf, unfinished, bytesOf } = await transferring(t);
  const bytes = randomBytes(160 * 2 ** 20);
  put('large', bytes);
  const enough = new AbortController();
  const cut = await send('m', {
    enough: enough.signal,
    onProgress: ({ bytes: sent }) => {
      if ((sent?.done ?? 0) > 0) enough.abort();
    },
  });
  assert.equal(cut.end.isCut, true);
  assert.equal(cut.end.problemCount, 0);
  assert.equal((await unfinished()).length, 1);
  const parts = countOf('S3.UploadPart');
  assert.ok(parts > 0 && parts < 20, `${parts} parts`);
  assert.equal((await send('m')).states.uploaded, 1);
  assert.equal(countOf('S3.UploadPart'), 20);
  assert.ok((await bytesOf('large')).equals(bytes));
});

test('who had enough ends what is under way; the rest goes on with the same manifest', async (t) => {
  const { put, send, names } = await transferring(t);
  for (let number = 0; number < 60; number += 1) put(`${number}.txt`);
  const enough = new AbortController();
  const first = await send('m', {
    enough: enough.signal,
    onProgress: () => enough.abort(),
  });
  assert.equal(first.end.isCut, true);
  assert.ok((await names()).length < 60);
  assert.equal(first.states.uploaded, (await names()).length);
  const { end, states } = await send('m');
  assert.deepEqual([end.isCut, states.uploaded, (await names()).length], [false, 60, 60]);
});

test('a file that the guard refuses when it is sent does not keep the others', async (t) => {
  const { put, send, names } = await transferring(t);
  put('fine');
  const secret = put('secret');
  const judge = (path: string) => {
    if (path !== secret) return;
    throw new ProblemError({ kind: 'fixable', what: `Can't upload ${path}.`, why: 'It is secret.', next: [] });
  };
  const { end } = await send('m', { guard: { judge } });
  assert.deepEqual([end.problemCount, end.problems[0]?.why], [1, 'It is secret.']);
  assert.deepEqual(await names(), ['fine']);
});

test('a file that is gone when it is sent is told, and the others go on', async (t) => {
  const { put, send, names } = await transferring(t);
  put('fine');
  const gone = put('gone');
  const open = (path: string) => {
    if (path === gone) rmSync(path);
    return OpenFile.open(path);
  };
  const { end } = await send('m', { guard: { open } });
  assert.match(end.problems[0]?.state ?? '', /^Nothing of it was sent\. /);
  assert.deepEqual([end.problemCount, await names()], [1, ['fine']]);
});

test('two inputs that would meet in one name are told, and the second is not sent', async (t) => {
  const { put, send, names, bytesOf } = await transferring(t);
  const [one, other] = [put('x/a', 'one'), put('y/a', 'other')];
  const { planned } = await send('m', { inputs: [one, other] });
  assert.equal(planned.count, 1);
  assert.deepEqual(await names(), ['a']);
  assert.equal(String(await bytesOf('a')), 'one');
});

test('a manifest with a torn last line goes on, and one with a damaged line is refused by its number', async (t) => {
  const { put, send, names, manifestPath, countOf } = await transferring(t);
  put('a');
  await send('m');
  appendFileSync(manifestPath('m'), '{"is":"upl');
  assert.equal((await send('m')).states.uploaded, 1);
  assert.equal(countOf('S3.PutObject'), 1);
  assert.equal(statSync(manifestPath('m')).mode & 0o777, 0o600);
  writeFileSync(
    manifestPath('m'),
    readFileSync(manifestPath('m'), 'utf8').replace('"is":"uploaded"', '"is":"nothing"'),
  );
  put('b');
  await assert.rejects(send('m'), /line 5 of .* is damaged/);
  assert.deepEqual(await names(), ['a'], 'nothing is sent then');
});

test('a file that the thread hashes is whole in S3, and its SHA-256 is in the manifest', async (t) => {
  const { put, send, bytesOf } = await transferring(t);
  const bytes = randomBytes(41 * 2 ** 20);
  put('large.bin', bytes);
  const { end, lines } = await send('m');
  assert.equal(end.problemCount, 0);
  assert.equal(lines[0]?.sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.ok((await bytesOf('large.bin')).equals(bytes));
});
