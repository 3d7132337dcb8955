import assert from 'node:assert/strict';
import { appendFileSync, truncateSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { OpenFile } from '../../source/disk/open-file.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { giveUpCutOffUpload, giveUpUpload } from '../../source/objects/give-up.ts';
import { usualLimits } from '../../source/objects/part-size.ts';
import { ChangedFileError, EndedUploadError, EnoughError } from '../../source/objects/send-part.ts';
import { refusal } from '../aws/answering-clients.ts';
import { watchDisk } from '../disk-log.ts';
import { crcOf, partIn, partSize, parts, sending, type Theirs, watchSignals, whole } from './sending.ts';

/* One file that goes in parts: what is asked of S3 and noted, and what is left when it ends early. */

const inMemory = { how: 'from memory', limits: usualLimits, mark: '' };
const asRead = { how: 'as they are read', limits: { ...usualLimits, largestInMemory: 8 }, mark: ' streamed' };
for (const { how, limits, mark } of [inMemory, asRead]) {
  test(`a file goes in parts under one upload, and is put together with the checksum of all its bytes; ${how}`, async (t) => {
    const { send, asked, manifest, taken, isFlowFree, completed } = await sending(t, {}, { limits });
    const { answer, crc32: crc, sha256 } = await send();
    const calls = parts.map((part, index) => `${index + 1} ${part}${mark}`);
    assert.deepEqual([asked[0], asked.slice(1, -1).toSorted()], ['CreateMultipartUpload', calls]);
    assert.equal(asked.at(-1), 'CompleteMultipartUpload');
    assert.deepEqual([answer.etag, crc, sha256], ['of the whole', crcOf(whole), sha256Of(whole)]);
    const { UploadId, ChecksumCRC32, MpuObjectSize, IfNoneMatch, MultipartUpload } = completed() ?? assert.fail();
    assert.deepEqual([UploadId, ChecksumCRC32, MpuObjectSize, IfNoneMatch], ['new', crcOf(whole), whole.length, '*']);
    assert.deepEqual(
      MultipartUpload?.Parts,
      parts.map((part, index) => ({ PartNumber: index + 1, ETag: `sent ${index + 1}`, ChecksumCRC32: crcOf(part) })),
    );
    assert.deepEqual([...manifest.linesOf('beginning')], [{ is: 'beginning', n: 0, at: new Date(7).toISOString() }]);
    assert.deepEqual(
      [...manifest.linesOf('part')].map(({ number, size, crc32 }) => [number, size, crc32]).toSorted(),
      parts.map((part, index) => [index + 1, part.length, crcOf(part)]),
    );
    assert.deepEqual(taken.toSorted(), [6, 9, 9]);
    assert.ok(await isFlowFree());
  });

  test(`a part that S3 has with the same bytes is not sent again, and any other is; ${how}`, async (t) => {
    const Parts = [partIn(1), partIn(2, 'part TWO!'), { ...partIn(3), Size: 5 }];
    const { send, begun, asked, taken, completed } = await sending(t, { ListParts: () => ({ Parts }) }, { limits });
    begun();
    const { sha256 } = await send();
    assert.deepEqual(
      [asked[0], ...asked.slice(1, -1).toSorted(), asked.at(-1)],
      ['ListParts', `2 ${parts[1]}${mark}`, `3 ${parts[2]}${mark}`, 'CompleteMultipartUpload'],
    );
    assert.equal(sha256, sha256Of(whole));
    assert.deepEqual(
      completed()?.MultipartUpload?.Parts?.map(({ ETag }) => ETag),
      ['there 1', 'sent 2', 'sent 3'],
    );
    assert.equal(completed()?.UploadId, 'old');
    assert.equal(
      taken.reduce((sum, bytes) => sum + bytes, 0),
      whole.length,
    );
  });

  test(`without a list of parts from S3, those of the manifest count; an ended upload is told as that; ${how}`, async (t) => {
    const denied = await sending(t, { ListParts: () => refusal('AccessDenied', 403) }, { limits });
    denied.begun();
    denied.manifest.note({ is: 'part', n: 0, number: 1, size: 9, etag: 'noted', crc32: crcOf(parts[0] ?? '') });
    await denied.send();
    assert.equal(denied.completed()?.MultipartUpload?.Parts?.[0]?.ETag, 'noted');
    assert.equal(denied.asked.length, 4);
    const gone = () => refusal('NoSuchUpload', 404);
    for (const call of ['ListParts', 'UploadPart', 'CompleteMultipartUpload']) {
      const ended = await sending(t, { [call]: gone }, { limits });
      ended.begun();
      await assert.rejects(ended.send(), EndedUploadError);
      assert.ok(await ended.isFlowFree(), call);
    }
  });

  test(`an error at one part is thrown when the others have ended, and no object is made; ${how}`, async (t) => {
    for (const call of ['UploadPart', 'CreateMultipartUpload', 'CompleteMultipartUpload']) {
      const { send, asked, isFlowFree } = await sending(t, { [call]: () => refusal('SlowDown', 503) }, { limits });
      await assert.rejects(send(), { name: 'SlowDown' });
      assert.ok(call === 'CompleteMultipartUpload' || !asked.includes('CompleteMultipartUpload'), call);
      assert.ok(await isFlowFree(), call);
    }
  });

  test(`a file that changes or becomes shorter while its parts are sent makes no object; ${how}`, async (t) => {
    for (const [call, change] of [
      ['CreateMultipartUpload', (path: string) => truncateSync(path, 12)],
      ['UploadPart', (path: string) => appendFileSync(path, '!')],
    ] as const) {
      let place = '';
      const act = () => {
        change(place);
        return undefined;
      };
      const { path, send, asked, isFlowFree } = await sending(t, { [call]: act }, { limits });
      place = path;
      await assert.rejects(send(), ChangedFileError);
      assert.ok(!asked.includes('CompleteMultipartUpload'));
      for (const part of asked.slice(1)) assert.equal(part, `${part[0]} ${parts[Number(part[0]) - 1]}${mark}`);
      assert.ok(await isFlowFree());
    }
  });

  test(`who has enough waits for the part under way alone, and who stops ends at once; ${how}`, async (t) => {
    const answers = [false];
    const enough = await sending(t, {}, { isEnough: () => answers.shift() ?? true, limits });
    await assert.rejects(enough.send(), EnoughError);
    assert.deepEqual(enough.asked, ['CreateMultipartUpload', `1 ${parts[0]}${mark}`]);
    assert.equal(enough.manifest.states.of(0).is, 'begun');
    assert.ok(await enough.isFlowFree());
    const reason = new Error('stopped by the person');
    const stopped = await sending(t, {}, { signal: AbortSignal.abort(reason), limits });
    stopped.begun();
    await assert.rejects(stopped.send(), reason);
    assert.ok(!stopped.asked.some((call) => /^\d/.test(call)));
  });
}

/** Lets each request wait until the one before it was sent and answered. */
function begunInTurn(
  t: TestContext,
  { context, asked }: Pick<Awaited<ReturnType<typeof sending>>, 'context' | 'asked'>,
) {
  let begun = 0;
  t.mock.method(context.flow, 'begin', async () => {
    const before = begun;
    begun += 1;
    while (asked.length < before) await new Promise(setImmediate);
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    return () => {};
  });
}

for (const { how, limits } of [inMemory, asRead]) {
  test(`after a part that fails no other begins, and of several errors the first is thrown; ${how}`, async (t) => {
    const failing = (input: object) =>
      refusal('PartNumber' in input && input.PartNumber === 1 ? 'First' : 'Other', 400);
    const together = await sending(t, { UploadPart: failing }, { limits });
    await assert.rejects(together.send(), { name: 'First' });
    assert.ok(together.asked.some((call) => call.startsWith('2')));
    const inTurn = await sending(t, { UploadPart: failing }, { limits });
    begunInTurn(t, inTurn);
    await assert.rejects(inTurn.send(), { name: 'First' });
    assert.ok(!inTurn.asked.some((call) => call.startsWith('3')), inTurn.asked.join());
  });

  test(`parts of which S3 lists only some are known by their numbers; ${how}`, async (t) => {
    const { send, begun, asked } = await sending(t, { ListParts: () => ({ Parts: [partIn(3)] }) }, { limits });
    begun();
    await send();
    assert.deepEqual(
      asked.filter((call) => /^\d/.test(call)).map((call) => call[0]),
      ['1', '2'],
    );
  });

  test(`each request for a part ends when the person stops; ${how}`, async (t) => {
    const { send, context } = await sending(t, {}, { limits });
    const areEnded = watchSignals(t, context.s3, context.signal);
    await send();
    assert.deepEqual(areEnded(), [true, true, true, true, true]);
  });
}

test('an error at a part is told rather than that of the file that another part could not read', async (t) => {
  let place = '';
  const failing = () => {
    truncateSync(place, 5);
    return refusal('First', 400);
  };
  const made = await sending(t, { UploadPart: failing });
  place = made.path;
  begunInTurn(t, made);
  await assert.rejects(made.send(), { name: 'First' });
});

test('a part of just the largest size for the memory goes from memory', async (t) => {
  const { send, asked } = await sending(t, {}, { limits: { ...usualLimits, largestInMemory: partSize } });
  await send();
  assert.ok(asked.includes(`1 ${parts[0]}`), asked.join());
});

test('a file whose parts are too large for the memory is not read any more once its sending has ended', async (t) => {
  const { send } = await sending(t, {}, { isEnough: () => true, limits: asRead.limits });
  const { read } = OpenFile.prototype;
  let [reads, reading] = [0, 0];
  t.mock.method(
    OpenFile.prototype,
    'read',
    async function readLater(this: OpenFile, ...wanted: Parameters<typeof read>) {
      reads += 1;
      reading += 1;
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      reading -= 1;
      return await read.apply(this, wanted);
    },
  );
  await assert.rejects(send(), EnoughError);
  // The first piece, and that nothing comes after it.
  assert.deepEqual([reads, reading], [2, 0]);
});

test('the memory of a part is lent again to the next one', async (t) => {
  const { send, memory, context } = await sending(t);
  await send();
  assert.ok(memory.includes(context.buffers.lend(partSize).buffer));
});

test('what is begun is noted before S3 is asked, and its UploadId is on the disk before a part is sent', async (t) => {
  const seen: string[] = [];
  const events = watchDisk(t);
  const doneTo = () => events.flatMap((event) => (event.does === 'write' ? [String(event.data)] : [event.does])).at(-1);
  const see = () => {
    seen.push(doneTo() ?? '');
    return undefined;
  };
  const { send } = await sending(t, { CreateMultipartUpload: see, UploadPart: see });
  await send();
  assert.match(seen[0] ?? '', /^\{"is":"beginning","n":0/);
  assert.equal(seen[1], 'flush');
});

for (const [what, fate, isForgotten] of [
  ['ends', undefined, true],
  ['has ended before', refusal('NoSuchUpload', 404), true],
  ['does not end', refusal('AccessDenied', 403), false],
] as const)
  test(`an upload that S3 ${what} is ${isForgotten ? 'given up' : 'still known'}`, async (t) => {
    const ended: unknown[] = [];
    const { begun, context, object, manifest } = await sending(t, {
      AbortMultipartUpload: (input) => {
        ended.push((input as { readonly UploadId?: string }).UploadId);
        return fate;
      },
    });
    await giveUpUpload(context, object);
    assert.deepEqual(ended, [], 'nothing was begun');
    begun();
    await giveUpUpload(context, object);
    assert.deepEqual(ended, ['old']);
    assert.equal(manifest.states.of(0).is, isForgotten ? 'new' : 'begun');
  });

const at = (seconds: number) => new Date(1_000_000 + seconds * 1000);
const mine = { Key: 'a.csv', UploadId: 'mine', Initiator: { ID: 'me' }, Initiated: at(59) };
const cutOff: readonly (readonly [what: string, uploads: readonly object[], isEnded: boolean, theirs: Theirs])[] = [
  ['the one of this caller at this time', [mine], true, {}],
  ['one of which S3 does not name the caller', [{ ...mine, Initiator: undefined }], true, {}],
  ['one of another caller', [{ ...mine, Initiator: { ID: 'other' } }], false, {}],
  ['one of another time', [{ ...mine, Initiated: at(60) }], false, {}],
  ['one of an earlier time', [{ ...mine, Initiated: at(-61) }], false, {}],
  ['one of a time that is not known', [{ ...mine, Initiated: undefined }], false, {}],
  ['one of another object', [{ ...mine, Key: 'a.csv.gz' }], false, {}],
  ['two that may both be it', [mine, { ...mine, UploadId: 'too' }], false, {}],
  ['it and one of another caller', [mine, { ...mine, UploadId: 'o', Initiator: { ID: 'other' } }], true, {}],
  ['none', [], false, {}],
  ['one with a part', [mine], false, { ListParts: () => ({ Parts: [partIn(1)] }) }],
  ['one whose parts may not be listed', [mine], false, { ListParts: () => refusal('AccessDenied', 403) }],
  ['one that has ended', [mine], false, { ListParts: () => refusal('NoSuchUpload', 404) }],
  ['one that S3 does not end', [mine], true, { AbortMultipartUpload: () => refusal('AccessDenied', 403) }],
];
for (const [what, uploads, isEnded, theirs] of cutOff)
  test(`of an upload whose begin was cut off, S3 has ${what}: it is ${isEnded ? 'ended' : 'left alone'}`, async (t) => {
    const answers: Theirs = {
      ListMultipartUploads: () => ({ Uploads: uploads }),
      ListParts: () => ({ Parts: [] }),
      ...theirs,
    };
    const { asked, context, object, manifest } = await sending(t, answers);
    await giveUpCutOffUpload(context, object);
    assert.equal(asked.length, 0, 'none was begun');
    manifest.note({ is: 'beginning', n: 0, at: at(0).toISOString() });
    await giveUpCutOffUpload(context, object);
    assert.equal(asked.includes('AbortMultipartUpload'), isEnded);
    assert.equal(manifest.states.of(0).is, 'new');
  });

test('where the caller is not known, an upload of this time is taken for the one whose begin was cut off', async (t) => {
  const answers = { ListMultipartUploads: () => ({ Uploads: [mine] }), ListParts: () => ({ Parts: [] }) };
  const { asked, context, object, manifest } = await sending(t, answers, { callerArn: undefined });
  manifest.note({ is: 'beginning', n: 0, at: at(0).toISOString() });
  await giveUpCutOffUpload(context, object);
  assert.ok(asked.includes('AbortMultipartUpload'));
});
