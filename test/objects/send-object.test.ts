import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { OpenFile } from '../../source/disk/open-file.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { usualLimits } from '../../source/objects/part-size.ts';
import { sendObject } from '../../source/objects/send-object.ts';
import type { TransferContext } from '../../source/objects/transfer-context.ts';
import { keyArn } from '../aws/an-object.ts';
import { refusal } from '../aws/answering-clients.ts';
import { noDescriptors, openIn } from '../disk/open-in.ts';
import { crcOf, parts, sending, type Theirs, watchSignals, whole } from './sending.ts';
import { openGuard } from './transferring.ts';

/* One file on its way to its object: which tries it gets, what is looked at, and what is noted and told of it. */

const limits = { ...usualLimits, smallestPart: 9 };

/** A file of three parts, and what became of it. */
async function trying(t: TestContext, theirs: Theirs = {}, more: Partial<TransferContext> = {}) {
  const made = await sending(t, theirs, { limits, ...more });
  const { context, object, manifest, asked } = made;
  return {
    ...made,
    try: () => sendObject(context, object),
    uploaded: () => [...manifest.linesOf('uploaded')],
    whys: () => [...manifest.linesOf('refused'), ...manifest.linesOf('wrong')].map(({ why }) => why),
    countOf: (command: string) => asked.filter((call) => call === command).length,
  };
}

/** Gives these answers one after the other, and then the usual ones. */
const inTurn = (...answers: readonly (object | undefined)[]) => {
  const left = [...answers];
  return () => left.shift();
};

const lost = () => refusal('InternalError', 500);
const denied = () => refusal('AccessDenied', 403);
const absent = () => refusal('NotFound', 404);
const exists = () => refusal('PreconditionFailed', 412);
const size = whole.length;
const own = { SSEKMSKeyId: keyArn, ServerSideEncryption: 'aws:kms', ContentLength: size };
const same = { ...own, ETag: 'there', ChecksumCRC32: crcOf(whole), ChecksumType: 'FULL_OBJECT' };
const other = { ...own, ETag: 'there', ChecksumCRC32: crcOf('other'), ChecksumType: 'FULL_OBJECT' };

test('a file of which no clear answer comes is tried five times in all, with fewer requests, each after a pause', async (t) => {
  const { try: send, told, context, countOf } = await trying(t, { CreateMultipartUpload: lost });
  await assert.rejects(send(), { name: 'InternalError' });
  assert.deepEqual(
    told,
    [2, 3, 4, 5].map((next) => `No clear answer: ${next}`),
  );
  assert.deepEqual([countOf('CreateMultipartUpload'), context.flow.limit], [5, 4]);
});

for (const [what, error, uploads] of [
  ['whose answer was lost', lost(), 1],
  ['that met another write', refusal('ConditionalRequestConflict', 409), 1],
  ['whose name another had for a moment', exists(), 1],
  ['whose upload has ended', refusal('NoSuchUpload', 404), 2],
] as const)
  test(`an object ${what} is made by the next try`, async (t) => {
    const theirs = { CompleteMultipartUpload: inTurn(error), HeadObject: inTurn(absent()) };
    const { try: send, uploaded, told, countOf } = await trying(t, theirs);
    assert.equal(await send(), undefined);
    assert.deepEqual([uploaded().length, countOf('CreateMultipartUpload')], [1, uploads]);
    assert.deepEqual(told, ['No clear answer: 2']);
  });

test('whoever may not send parts leaves none of them in S3, and after any other error the next run goes on', async (t) => {
  const refused = await trying(t, { UploadPart: denied });
  await assert.rejects(refused.try(), { name: 'AccessDenied' });
  assert.equal(refused.countOf('AbortMultipartUpload'), 1);
  const expired = await trying(t, { UploadPart: () => refusal('ExpiredToken', 400) });
  await assert.rejects(expired.try(), { name: 'ExpiredToken' });
  assert.deepEqual([expired.countOf('AbortMultipartUpload'), expired.told], [0, []]);
  assert.equal(expired.manifest.states.of(0).is, 'begun');
});

test('a file that changes while it is sent is told and noted, and none of its parts is left', async (t) => {
  let place = '';
  const change = () => {
    appendFileSync(place, '!');
    return undefined;
  };
  const changing = await trying(t, { CreateMultipartUpload: change });
  place = changing.path;
  const problem = await changing.try();
  assert.match(problem?.what ?? '', /it changed while it was sent\.$/);
  assert.equal(changing.countOf('AbortMultipartUpload'), 1);
  assert.deepEqual(changing.whys(), [`${problem?.what} ${problem?.why}`]);
});

test('before another try of a file there is a pause, twice as long each time', async (t) => {
  t.mock.method(Math, 'random', () => 1);
  const pauses: (number | undefined)[] = [];
  const pause: TransferContext['pause'] = async ({ milliseconds }) => void pauses.push(milliseconds);
  const { try: send } = await trying(t, { CreateMultipartUpload: lost }, { pause });
  await assert.rejects(send());
  assert.deepEqual(pauses, [500, 1000, 2000, 4000]);
});

test('a file goes in one request up to the size of a part, noted before, under the key, with its type and condition', async (t) => {
  let sent: PutObjectCommandInput | undefined;
  const before: string[] = [];
  const PutObject = (input: object) => {
    sent = input as PutObjectCommandInput;
    before.push(made.manifest.states.of(0).is);
    return undefined;
  };
  const made = await trying(t, { PutObject }, { limits: { ...usualLimits, smallestPart: size } });
  const areEnded = watchSignals(t, made.context.s3, made.context.signal);
  assert.equal(await made.try(), undefined);
  assert.equal(areEnded()[0], true, 'it ends when the person stops');
  assert.deepEqual([made.asked, before, made.taken], [['PutObject', 'HeadObject'], ['sending'], [size]]);
  assert.deepEqual(
    [sent?.ContentType, sent?.SSEKMSKeyId, sent?.IfNoneMatch, sent?.ChecksumCRC32],
    ['text/csv', keyArn, '*', crcOf(whole)],
  );
  const { path, key, changedMs } = made.object;
  const line = { path, key, size, changedMs, etag: 'of the whole', kmsKeyArn: keyArn, sha256: sha256Of(whole) };
  assert.partialDeepStrictEqual(made.uploaded()[0], {
    ...line,
    checksum: false,
    bucketKey: false,
    crc32: crcOf(whole),
  });
  assert.equal(made.context.buffers.lend(size).buffer, made.memory[0], 'its memory is lent again');
  assert.ok(await made.isFlowFree());
});

for (const [what, error, state] of [
  ['that S3 refuses', denied(), 'new'],
  ['that gets no clear answer', lost(), 'sending'],
  ['that meets another write', refusal('ConditionalRequestConflict', 409), 'sending'],
  [
    'that S3 refuses after an earlier try',
    refusal('AccessDenied', 403, { $metadata: { httpStatusCode: 403, attempts: 2 } }),
    'sending',
  ],
  ['whose name another has', exists(), 'sending'],
] as const)
  test(`after a request ${what}, the object is known as ${state}, and nothing of it counts as running`, async (t) => {
    const theirs = { PutObject: () => error, HeadObject: absent };
    const { try: send, manifest, taken, context, isFlowFree } = await trying(t, theirs, { limits: usualLimits });
    await assert.rejects(send(), error);
    assert.deepEqual([manifest.states.of(0).is, taken], [state, []]);
    // After more than one try, fewer requests may run.
    assert.equal(await isFlowFree(), context.flow.limit === 8);
  });

const inMemory = 2 ** 16;
const large = 8 * 2 ** 20;
for (const [how, given, isInParts, begun, ended] of [
  ['in one request', usualLimits, false, [inMemory], [size]],
  ['in parts', limits, true, [0, inMemory, inMemory, inMemory, 0], [0, 9, 9, 6, 0]],
  ['in parts as they are read', { ...limits, largestInMemory: 8 }, true, [0, large, large, large, 0], [0, 9, 9, 6, 0]],
] as const)
  test(`of the requests for a file, the memory of their bodies counts, and what they have sent; ${how}`, async (t) => {
    const made = await trying(t, {}, { limits: given });
    const counted: { readonly memory: number; sent?: number }[] = [];
    t.mock.method(made.context.flow, 'begin', async (memory: number) => {
      const request: (typeof counted)[number] = { memory };
      counted.push(request);
      return (sent: number) => {
        request.sent = sent;
      };
    });
    await (isInParts ? made.send() : made.try());
    assert.deepEqual(
      counted.map(({ memory }) => memory),
      begun,
    );
    assert.deepEqual(
      counted.map(({ sent }) => sent),
      ended,
    );
  });

test('a file that cannot be opened, or that may not be sent, is told and noted with the reason', async (t) => {
  const guardOf = (error: unknown) => ({ guard: { ...openGuard, open: () => Promise.reject(error) } });
  const gone = await trying(t, {}, guardOf(Object.assign(new Error('gone'), { code: 'ENOENT' })));
  assert.equal((await gone.try())?.why, 'There is no such file or folder.');
  const what = "Can't upload it.";
  const secret = { kind: 'fixable', what, next: [] } as const;
  const refused = await trying(t, {}, guardOf(new ProblemError(secret)));
  assert.equal(await refused.try(), secret);
  assert.deepEqual([refused.whys(), refused.asked], [[what], []]);
  assert.equal(refused.manifest.states.of(0).is, 'refused');
});

test('a file is closed again, however its sending ends', { skip: noDescriptors }, async (t) => {
  for (const theirs of [{}, { UploadPart: denied }]) {
    const opened: OpenFile[] = [];
    const open = async (path: string) => {
      const file = await OpenFile.open(path);
      opened.push(file);
      return file;
    };
    const { try: send, path } = await trying(t, theirs, { guard: { ...openGuard, open } });
    const before = openIn(path);
    await send().catch(() => {});
    assert.deepEqual([opened.length, openIn(path)], [1, before]);
  }
});

test('an object with the same bytes under the key is noted as found, and nothing is sent', async (t) => {
  for (const looksFirst of ['all', 'in parts'] as const) {
    const answers = { HeadObject: () => ({ ...same, BucketKeyEnabled: true }) };
    const { try: send, uploaded, asked, taken, object } = await trying(t, answers, { looksFirst });
    assert.equal(await send(), undefined);
    assert.deepEqual([asked, taken], [['HeadObject'], [size]]);
    const { path, key, changedMs } = object;
    assert.partialDeepStrictEqual(uploaded()[0], {
      path,
      key,
      size,
      changedMs,
      bucketKey: true,
      sha256: sha256Of(whole),
    });
    assert.partialDeepStrictEqual(uploaded()[0], { etag: 'there', found: true, checksum: true, crc32: crcOf(whole) });
  }
  const unlooked = await trying(t, { HeadObject: () => same }, { looksFirst: 'none' });
  await unlooked.try();
  assert.equal(unlooked.asked[0], 'CreateMultipartUpload');
  const again = await trying(t, { HeadObject: () => same }, { looksFirst: 'none' });
  again.manifest.note({ is: 'refused', n: 0, why: 'It is secret.' });
  await again.try();
  assert.equal(again.asked[0], 'HeadObject', 'an earlier try may have left an object');
});

test('another object stays, but where it may be replaced or an earlier try has made it wrong', async (t) => {
  const looking = { looksFirst: 'all' } as const;
  const stays = await trying(t, { HeadObject: () => other }, looking);
  assert.match((await stays.try())?.what ?? '', /s3:\/\/a-bucket\/a\.csv exists already\.$/);
  assert.deepEqual(stays.asked, ['HeadObject']);
  const underOther = await trying(t, { HeadObject: () => ({ ...same, SSEKMSKeyId: 'arn:other' }) }, looking);
  assert.match((await underOther.try())?.why ?? '', /has the bytes of the file, but is under arn:other/);
  const replaced = await trying(t, { HeadObject: inTurn(other) }, { ...looking, replace: true });
  assert.equal(await replaced.try(), undefined);
  assert.deepEqual([replaced.completed()?.IfMatch, replaced.completed()?.IfNoneMatch], ['there', undefined]);
  const wrong = await trying(t, { HeadObject: inTurn(other) }, looking);
  wrong.manifest.note({ is: 'wrong', n: 0, etag: 'there', size, why: 'It is under another key.' });
  assert.equal(await wrong.try(), undefined);
  assert.equal(wrong.completed()?.IfMatch, 'there');
  const theirs = await trying(t, { HeadObject: () => ({ ...other, ETag: 'newer' }) }, looking);
  theirs.manifest.note({ is: 'wrong', n: 0, etag: 'there', size, why: 'It is under another key.' });
  assert.match((await theirs.try())?.what ?? '', /exists already/);
});

test('where S3 does not show the object it is told, and it may be written over only where that was asked for', async (t) => {
  for (const replace of [false, true]) {
    const { try: send, told, completed } = await trying(t, { HeadObject: denied }, { looksFirst: 'all', replace });
    await send();
    assert.deepEqual(told, ['a.csv is not shown']);
    assert.deepEqual([completed()?.IfNoneMatch, completed()?.IfMatch], [replace ? undefined : '*', undefined]);
  }
  const none = await trying(t, { HeadObject: inTurn(absent()) }, { looksFirst: 'all', replace: true });
  await none.try();
  assert.deepEqual([none.told, none.completed()?.IfNoneMatch], [[], '*']);
});

test('of what S3 has written, its key and checksum are compared, and what its answer lacks is looked up', async (t) => {
  const written = (answer: object, head?: object) =>
    trying(t, { CompleteMultipartUpload: () => answer, ...(head === undefined ? {} : { HeadObject: () => head }) });
  const confirmed = { ...same, $metadata: { requestId: 'r-7' } };
  const fine = await written(confirmed);
  const checksumAlone = { ChecksumCRC32: crcOf(whole), ChecksumType: 'FULL_OBJECT' };
  assert.equal(await fine.try(), undefined);
  assert.partialDeepStrictEqual(fine.uploaded()[0], { checksum: true, requestId: 'r-7', etag: 'there', size });
  assert.equal(fine.countOf('HeadObject'), 0);
  const bare = await written({ ETag: 'there' }, same);
  assert.equal(await bare.try(), undefined);
  assert.partialDeepStrictEqual(bare.uploaded()[0], { checksum: true, kmsKeyArn: keyArn });
  for (const half of [own, checksumAlone]) {
    const looked = await written({ ETag: 'there', ...half }, same);
    assert.equal(await looked.try(), undefined);
    assert.equal(looked.countOf('HeadObject'), 1);
    assert.partialDeepStrictEqual(looked.uploaded()[0], { checksum: true, kmsKeyArn: keyArn });
  }
  const unnamed = await written({ ETag: 'there' }, { ...same, ETag: 'of another' });
  assert.match((await unnamed.try())?.why ?? '', /^S3 names none\.$/);
  const key = await written({ ...same, SSEKMSKeyId: 'arn:other' });
  assert.match((await key.try())?.why ?? '', /^S3 names arn:other\.$/);
  assert.equal(key.manifest.states.wrongEtag(0), 'there');
  assert.deepEqual(key.uploaded(), []);
  const bytes = await written(other);
  assert.match((await bytes.try())?.why ?? '', /^Its CRC32 differs/);
  const { ChecksumCRC32: _, ...rest } = same;
  const incomparable = await written({ ...rest, ChecksumSHA256: 'abc' });
  assert.equal(await incomparable.try(), undefined);
  assert.equal(incomparable.uploaded()[0]?.checksum, false);
});

test('an earlier upload of another version of the file is ended first, or told where S3 does not end it', async (t) => {
  for (const isEnded of [true, false]) {
    const {
      try: send,
      manifest,
      asked,
      told,
      uploaded,
    } = await trying(t, isEnded ? {} : { AbortMultipartUpload: denied });
    manifest.note({ is: 'begun', n: 0, uploadId: 'old', partSize: 9, size, changedMs: 1 });
    assert.equal(await send(), undefined);
    assert.equal(asked[0], 'AbortMultipartUpload');
    assert.ok(asked.includes('CreateMultipartUpload'));
    assert.deepEqual(told, isEnded ? [] : ['a.csv has left old']);
    assert.equal(uploaded().length, 1);
  }
  const goesOn = await trying(t, { ListParts: () => ({ Parts: [] }) });
  goesOn.begun();
  assert.equal(await goesOn.try(), undefined);
  assert.deepEqual(
    [goesOn.asked[0], goesOn.asked.filter((call) => /^\d/.test(call)).length],
    ['ListParts', parts.length],
  );
});

test('when S3 refuses to write over an object, that object is looked at', async (t) => {
  const after = (head: () => object, more: Partial<TransferContext> = {}) =>
    trying(t, { CompleteMultipartUpload: inTurn(exists()), HeadObject: head }, more);
  const mine = await after(() => same);
  assert.equal(await mine.try(), undefined);
  assert.equal(mine.uploaded()[0]?.found, true);
  const theirs = await after(() => other);
  assert.match((await theirs.try())?.why ?? '', /^That object has other bytes or another key/);
  assert.equal(theirs.countOf('AbortMultipartUpload'), 1);
  const changed = await after(() => other, { replace: true });
  assert.match((await changed.try())?.why ?? '', /^Something else wrote that object after Keyferry had looked/);
  const hidden = await after(denied);
  assert.match((await hidden.try())?.why ?? '', /exists, and does not let you look at it/);
  assert.equal(hidden.countOf('AbortMultipartUpload'), 1);
  const sentBefore = await after(denied);
  sentBefore.manifest.note({ is: 'sending', n: 0 });
  assert.equal((await sentBefore.try())?.kind, 'lost');
  const sentAgain = await trying(t, {
    CompleteMultipartUpload: () =>
      refusal('PreconditionFailed', 412, { $metadata: { httpStatusCode: 412, attempts: 2 } }),
    HeadObject: denied,
  });
  assert.equal((await sentAgain.try())?.kind, 'lost');
});

test('after an upload that has ended, an object of another stays, or is replaced where that was asked for', async (t) => {
  const ended = (head: () => object | undefined, more: Partial<TransferContext> = {}) =>
    trying(t, { CompleteMultipartUpload: inTurn(refusal('NoSuchUpload', 404)), HeadObject: head }, more);
  assert.match((await (await ended(() => other)).try())?.what ?? '', /exists already/);
  assert.equal((await (await ended(denied)).try())?.kind, 'lost');
  const replaced = await ended(() => other, { replace: true, looksFirst: 'in parts' });
  assert.equal(await replaced.try(), undefined);
  assert.equal(replaced.completed()?.IfMatch, 'there');
});

test('an upload in parts that goes on may replace what it could when it was begun', async (t) => {
  const goOn = async (wrongEtag: string | undefined, replace: boolean) => {
    const {
      try: send,
      begun,
      manifest,
      completed,
    } = await trying(t, { ListParts: () => ({ Parts: [] }) }, { replace });
    if (wrongEtag !== undefined)
      manifest.note({ is: 'wrong', n: 0, etag: wrongEtag, size, why: 'Its key is another.' });
    begun();
    assert.equal(await send(), undefined);
    return [completed()?.IfMatch, completed()?.IfNoneMatch];
  };
  assert.deepEqual(await goOn(undefined, false), [undefined, '*']);
  assert.deepEqual(await goOn('there', false), ['there', undefined]);
  assert.deepEqual(await goOn('there', true), [undefined, undefined]);
});

test('an object of which S3 has no checksum is read to be compared, unless its size or its key tells enough', async (t) => {
  const looked = async (head: object, bytes: string | Error) => {
    const get = () => (bytes instanceof Error ? bytes : { Body: Readable.from([Buffer.from(bytes)]) });
    const theirs = { HeadObject: inTurn({ ...own, ETag: 'there', ...head }), GetObject: get };
    const made = await trying(t, theirs, { looksFirst: 'all' });
    return { problem: await made.try(), reads: made.countOf('GetObject'), found: made.uploaded()[0]?.found };
  };
  assert.deepEqual(await looked({}, whole), { problem: undefined, reads: 1, found: true });
  for (const [head, bytes, reads] of [
    [{}, whole.replace('one', 'two'), 1],
    [{ ContentLength: size - 1 }, whole, 0],
    [{ SSEKMSKeyId: 'arn:other' }, whole, 0],
  ] as const) {
    const { problem, ...rest } = await looked(head, bytes);
    assert.match(problem?.why ?? '', /^That object has other bytes or another key/);
    assert.deepEqual(rest, { reads, found: undefined });
  }
  assert.deepEqual(await looked({}, denied()), { problem: undefined, reads: 1, found: undefined });
});

test('once the person stops, a small file is not sent either', async (t) => {
  const reason = new Error('stopped by the person');
  const {
    try: send,
    asked,
    isFlowFree,
  } = await trying(t, {}, { limits: usualLimits, signal: AbortSignal.abort(reason) });
  await assert.rejects(send(), reason);
  assert.deepEqual(asked, []);
  assert.ok(await isFlowFree());
});

test('when the person stops, the reason is thrown, and nothing is noted of the file', async (t) => {
  const stop = new AbortController();
  const reason = new Error('stopped by the person');
  const act = () => {
    stop.abort(reason);
    return refusal('AbortError', 0);
  };
  const { try: send, whys, told } = await trying(t, { UploadPart: act }, { signal: stop.signal });
  await assert.rejects(send(), reason);
  assert.deepEqual([whys(), told], [[], []]);
});
