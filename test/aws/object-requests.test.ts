import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  isNothingUnder,
  listObjects,
  listSentParts,
  listUploadsOf,
  readBackSha256,
  seeObject,
} from '../../source/aws/object-look.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  putObject,
  sendPart,
  streamPart,
} from '../../source/aws/object-write.ts';
import { bucket, keyArn, object, place, upload } from './an-object.ts';
import { answeringS3, refusal } from './answering-clients.ts';
import { failureOf, served } from './impatient-clients.ts';

/* What goes over the wire for an object. S3 checks what a request names, and nothing of what it leaves out. */

type Came = {
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

const sha256 = 'a'.repeat(64);
const bytes = { bytes: Buffer.from('a'), crc32: '6Le+Qw==', sha256 };
const parts = [{ number: 1, size: 1, etag: '"one"', crc32: '6Le+Qw==' }];
const whole = { parts, size: 1, crc32: '6Le+Qw==', condition: 'absent' } as const;
const { signal } = new AbortController();

/** A client of S3, and what came to a server in its place, which answers each request with the next of these texts. */
async function s3With(t: TestContext, ...answers: readonly string[]) {
  const came: Came[] = [];
  const listener: RequestListener = async (request, answer) => {
    const { url = '', headers } = request;
    const body = await text(request);
    answer.writeHead(200, { 'content-type': 'application/xml', etag: '"e"' });
    answer.end(answers[came.length] ?? '');
    came.push({ url, query: new URL(url, 'http://s3').searchParams, headers, body });
  };
  const { clients } = await served(t, listener);
  return { s3: clients.s3, came };
}

test('an upload in parts names what S3 is to check: the key, the checksums, the size and the condition', async (t) => {
  const begun = '<InitiateMultipartUploadResult><UploadId>an-upload</UploadId></InitiateMultipartUploadResult>';
  const done = '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>';
  const { s3, came } = await s3With(t, begun, '', '', done, done);
  assert.equal(await createUpload(s3, object, signal), 'an-upload');
  // A wrong checksum: it goes out as it was computed before, so that S3 refuses bytes that have changed since.
  const earlier = { ...bytes, crc32: 'AAAAAA==' };
  assert.equal(await sendPart(s3, upload, { ...earlier, number: 1 }, signal), '"e"');
  // From this size on, the SDK would ask first whether S3 takes the part.
  const large = 3 * 2 ** 20;
  assert.equal(
    await streamPart(s3, upload, { number: 2, body: Readable.from([Buffer.alloc(large)]), size: large }, signal),
    '"e"',
  );
  await completeUpload(s3, upload, whole, signal);
  await completeUpload(s3, upload, { ...whole, condition: { replaces: '"old"' } }, signal);
  // The second request is made from the first one.
  for (let count = 0; count < 2; count += 1) await putObject(s3, object, { ...earlier, condition: 'any' }, signal);
  const [first, part, streamed, last, replacing, ...puts] = came.map(({ headers }) => headers);
  const named = (headers: IncomingHttpHeaders | undefined, names: readonly string[]) =>
    names.map((name) => headers?.[name]);
  const encryption = ['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id', 'content-type'];
  assert.deepEqual(named(first, encryption), ['aws:kms', keyArn, 'text/csv']);
  const ofWhole = ['x-amz-checksum-type', 'x-amz-checksum-algorithm'];
  assert.deepEqual(named(first, ofWhole), ['FULL_OBJECT', 'CRC32']);
  assert.deepEqual(named(part, ['x-amz-checksum-crc32', 'x-amz-content-sha256']), ['AAAAAA==', sha256]);
  for (const put of puts)
    assert.deepEqual(named(put, ['x-amz-checksum-crc32', 'x-amz-content-sha256', 'if-none-match', 'if-match']), [
      'AAAAAA==',
      sha256,
      undefined,
      undefined,
    ]);
  assert.equal(puts.length, 2);
  // The checksum of a stream comes behind its bytes, whose length S3 must know before.
  assert.deepEqual(named(streamed, ['x-amz-trailer', 'x-amz-decoded-content-length', 'expect']), [
    'x-amz-checksum-crc32',
    String(large),
    undefined,
  ]);
  const atEnd = ['x-amz-checksum-crc32', 'x-amz-checksum-type', 'x-amz-mp-object-size', 'if-none-match', 'if-match'];
  assert.deepEqual(named(last, atEnd), ['6Le+Qw==', 'FULL_OBJECT', '1', '*', undefined]);
  assert.deepEqual(named(replacing, ['if-none-match', 'if-match']), [undefined, '"old"']);
  assert.match(came[3]?.body ?? '', /<ChecksumCRC32>6Le\+Qw==<\/ChecksumCRC32>/);
});

test('a request whose connection is cut leaves no listener at the signal of its caller', async (t) => {
  const { clients } = await served(t, ({ socket }) => socket.destroy());
  const { signal: ofCaller } = new AbortController();
  await failureOf(createUpload(clients.s3, object, ofCaller));
  assert.equal(getEventListeners(ofCaller, 'abort').length, 0);
});

type Call = (s3: S3Client, end: AbortSignal) => Promise<unknown>;

test('whoever stops ends each request about an object at once', async (t) => {
  let answered: ServerResponse[] = [];
  let faults = 0;
  let onCame = () => {};
  const { clients } = await served(t, (request, answer) => {
    request.resume();
    faults -= 1;
    if (faults >= 0) return void answer.writeHead(500).end();
    answered.push(answer);
    onCame();
  });
  t.after(() => {
    for (const answer of answered) answer.destroy();
  });
  const put: Call = (s3, end) => putObject(s3, object, { ...bytes, condition: 'any' }, end);
  const calls: readonly (readonly [name: string, call: Call, faults?: number])[] = [
    ['CreateMultipartUpload', (s3, end) => createUpload(s3, object, end)],
    ['UploadPart', (s3, end) => sendPart(s3, upload, { ...bytes, number: 1 }, end)],
    [
      'UploadPart of a stream',
      (s3, end) => streamPart(s3, upload, { number: 1, body: Readable.from(['a']), size: 1 }, end),
    ],
    ['CompleteMultipartUpload', (s3, end) => completeUpload(s3, upload, whole, end)],
    // The first of these is the model of the others.
    ['PutObject', put],
    ['PutObject by its model', put],
    ['PutObject after a fault of S3', put, 1],
    ['GetObject', (s3, end) => readBackSha256(s3, { ...place, size: 1 }, { onBytes: () => {}, signal: end })],
  ];
  for (const [name, call, before = 0] of calls) {
    answered = [];
    faults = before;
    const controller = new AbortController();
    onCame = () => controller.abort();
    // What S3 has answered before says more than that it was stopped.
    const { error } = await failureOf(call(clients.s3, controller.signal));
    assert.equal((error as Error).name === 'AbortError', before === 0, name);
    assert.equal(answered.length, 1, name);
  }
});

test('the names of objects come URL-encoded, page by page, and a server that does not encode them is believed', async (t) => {
  const page = (key: string, more: string) =>
    `<ListBucketResult>${more}<Contents><Key>${key}</Key><Size>7</Size></Contents></ListBucketResult>`;
  const goesOn = '<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>';
  const { s3, came } = await s3With(
    t,
    page('a%0Db+c%2B', `${goesOn}<NextContinuationToken>next</NextContinuationToken>`),
    page('100%+', ''),
  );
  const names: unknown[] = [];
  for await (const objects of listObjects(s3, { ...bucket, prefix: 'a/' })) names.push(...objects);
  assert.deepEqual(names, [
    { key: 'a\rb c+', size: 7 },
    { key: '100%+', size: 7 },
  ]);
  assert.deepEqual(
    came.map(({ query }) => ['encoding-type', 'prefix', 'continuation-token'].map((name) => query.get(name))),
    [
      ['url', 'a/', null],
      ['url', 'a/', 'next'],
    ],
  );
  const wrong = await s3With(t, page('100%', goesOn));
  const { error } = await failureOf(listObjects(wrong.s3, { ...bucket, prefix: '' }).next());
  assert.equal((error as Error).name, 'UnfitAnswerError');
});

test('whether a prefix is free is asked with one name, and one name is enough', async (t) => {
  const empty = '<ListBucketResult></ListBucketResult>';
  const one = '<ListBucketResult><Contents><Key>a/1</Key></Contents></ListBucketResult>';
  const { s3, came } = await s3With(t, empty, one);
  assert.equal(await isNothingUnder(s3, { ...bucket, prefix: 'a/' }), true);
  assert.equal(await isNothingUnder(s3, { ...bucket, prefix: 'a/' }), false);
  assert.deepEqual([came[0]?.query.get('prefix'), came[0]?.query.get('max-keys')], ['a/', '1']);
});

test('parts and uploads are listed over all pages, and the uploads of other objects are left out', async (t) => {
  const part = (number: number, size: string) =>
    `<Part><PartNumber>${number}</PartNumber>${size}<ETag>"${number}"</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>`;
  const begun = (key: string, id: string) =>
    `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiator><ID>arn:me</ID></Initiator><Initiated>2026-11-01T00:00:00Z</Initiated></Upload>`;
  const more = '<IsTruncated>true</IsTruncated>';
  const { s3, came } = await s3With(
    t,
    `<ListPartsResult>${more}<NextPartNumberMarker>1</NextPartNumberMarker>${part(1, '<Size>5</Size>')}</ListPartsResult>`,
    `<ListPartsResult>${part(2, '')}</ListPartsResult>`,
    `<List>${more}<NextKeyMarker>a.txt</NextKeyMarker><NextUploadIdMarker>u1</NextUploadIdMarker>${begun('a.txt', 'u1')}</List>`,
    // The markers are those of the upload at which the next page begins: only one of them may change.
    `<List>${more}<NextKeyMarker>a.txt</NextKeyMarker><NextUploadIdMarker>u2</NextUploadIdMarker>${begun('a.txt', 'u2')}</List>`,
    `<List>${more}<NextKeyMarker>a.txt.b</NextKeyMarker><NextUploadIdMarker>u2</NextUploadIdMarker></List>`,
    `<List>${begun('a.txt.other', 'u3')}</List>`,
  );
  // A part whose size S3 does not tell fits no part of a file.
  assert.deepEqual(await listSentParts(s3, upload), [
    { number: 1, size: 5, etag: '"1"', crc32: 'AAAAAA==' },
    { number: 2, size: -1, etag: '"2"', crc32: 'AAAAAA==' },
  ]);
  const at = new Date('2026-11-01T00:00:00Z');
  assert.deepEqual(await listUploadsOf(s3, place), [
    { uploadId: 'u1', by: 'arn:me', at },
    { uploadId: 'u2', by: 'arn:me', at },
  ]);
  assert.deepEqual(
    came.map(({ query }) => [...query].filter(([name]) => /marker|prefix/i.test(name)).map(([, value]) => value)),
    [[], ['1'], ['a.txt'], ['a.txt', 'a.txt', 'u1'], ['a.txt', 'a.txt', 'u2'], ['a.txt.b', 'a.txt', 'u2']],
  );
});

test('an object is read back by its range and its version, and how much has come is told as a sum', async (t) => {
  const size = 300_000;
  const { s3, came } = await s3With(t, 'abcd', 'a'.repeat(size));
  const told: number[] = [];
  const watch = { onBytes: (received: number) => told.push(received), signal };
  await readBackSha256(s3, { ...place, size: 4, from: 10, etag: '"e"' }, watch);
  assert.deepEqual(told, [4]);
  await readBackSha256(s3, { ...place, size }, watch);
  assert.deepEqual(
    came.map(({ headers }) => [headers.range, headers['if-match']]),
    [
      ['bytes=10-13', '"e"'],
      [undefined, undefined],
    ],
  );
  assert.equal(told.at(-1), size);
});

test('where a look with the checksum is refused, a second look goes without it', async (t) => {
  const asked: (string | undefined)[] = [];
  const { clients } = await served(t, ({ headers }, answer) => {
    const mode = headers['x-amz-checksum-mode'] as string | undefined;
    asked.push(mode);
    answer.writeHead(mode === undefined ? 200 : 403, { etag: '"e"' }).end();
  });
  const seen = await seeObject(clients.s3, place);
  assert.ok(typeof seen === 'object');
  assert.deepEqual([seen.etag, asked], ['"e"', ['ENABLED', undefined]]);
});

test('an object is there with its size, is absent, or is not shown; a fault of S3 says none of these', async (t) => {
  let asked = 0;
  let next: { status: number; headers?: Record<string, string> } = { status: 200 };
  const { clients } = await served(t, (_, answer) => {
    asked += 1;
    answer.writeHead(next.status, { ...next.headers }).end();
  });
  const look = async (status: number, headers: Record<string, string> = {}) => {
    next = { status, headers };
    asked = 0;
    const seen = await seeObject(clients.s3, place);
    return [typeof seen === 'object' ? seen.size : seen, asked];
  };
  assert.deepEqual(await look(200, { 'content-length': '7' }), [7, 1]);
  assert.deepEqual(await look(200, { 'content-length': '0' }), [0, 1]);
  assert.deepEqual(await look(200, { 'transfer-encoding': 'chunked' }), [-1, 1]);
  assert.deepEqual(await look(404), ['absent', 1]);
  assert.deepEqual(await look(403), ['not shown', 2]);
  for (const status of [400, 500]) await assert.rejects(look(status));
});

test('an object in one request names what S3 is to check, in the first request and in those made from it', async (t) => {
  const { s3, came } = await s3With(t);
  for (const condition of ['absent', 'any', { replaces: '"old"' }, 'any', 'absent'] as const)
    await putObject(s3, object, { ...bytes, condition }, signal);
  const names = ['x-amz-content-sha256', 'x-amz-checksum-crc32', 'x-amz-server-side-encryption', 'content-type'];
  const key = 'x-amz-server-side-encryption-aws-kms-key-id';
  for (const { headers } of came)
    assert.deepEqual(
      [...names, key, 'x-amz-expected-bucket-owner'].map((name) => headers[name]),
      [sha256, '6Le+Qw==', 'aws:kms', 'text/csv', keyArn, '111122223333'],
    );
  assert.deepEqual(
    came.map(({ headers }) => [headers['if-none-match'], headers['if-match']]),
    [
      ['*', undefined],
      [undefined, undefined],
      [undefined, '"old"'],
      [undefined, undefined],
      ['*', undefined],
    ],
  );
});

test('an upload that may not be looked at, or has ended, is told apart from one that S3 cannot tell about', async () => {
  const failing = (name: string, status: number) => answeringS3(() => refusal(name, status));
  assert.equal(await listSentParts(failing('AccessDenied', 403), upload), undefined);
  assert.equal(await listSentParts(failing('NoSuchUpload', 404), upload), 'ended');
  await assert.rejects(listSentParts(failing('InternalError', 500), upload), { name: 'InternalError' });
  assert.deepEqual(await listUploadsOf(failing('AccessDenied', 403), place), []);
  await assert.rejects(listUploadsOf(failing('InternalError', 500), place), { name: 'InternalError' });
  assert.equal(await isNothingUnder(failing('AccessDenied', 403), { ...bucket, prefix: 'a/' }), undefined);
  await assert.rejects(isNothingUnder(failing('InternalError', 500), { ...bucket, prefix: 'a/' }));
});

test('an upload that is given up is named by its object and its id', async () => {
  const asked: object[] = [];
  const s3 = answeringS3((input, command) => {
    asked.push({ ...input, command });
    return {};
  });
  await abortUpload(s3, upload);
  assert.deepEqual(asked, [
    {
      Bucket: 'a-bucket',
      ExpectedBucketOwner: '111122223333',
      Key: 'a.txt',
      UploadId: 'an-upload',
      command: 'AbortMultipartUpload',
    },
  ]);
});

test('a request that has ended no longer listens to the signal that it shares with others', async (t) => {
  let status = 200;
  let asked = 0;
  const { clients } = await served(t, (request, answer) => {
    asked += 1;
    request.resume().on('end', () => {
      const body = status === 200 && request.method === 'GET' ? 'a' : '';
      answer.writeHead(status, { etag: '"e"', 'content-length': body.length }).end(body);
    });
  });
  const stop = new AbortController();
  const watch = { onBytes: () => {}, signal: stop.signal };
  const put = () => putObject(clients.s3, object, { ...bytes, condition: 'any' }, stop.signal);
  const calls = [
    () => createUpload(clients.s3, object, stop.signal),
    () => sendPart(clients.s3, upload, { ...bytes, number: 1 }, stop.signal),
    put,
    put,
    () => readBackSha256(clients.s3, { ...place, size: 1 }, watch),
  ];
  for (const end of [200, 403]) {
    status = end;
    for (const call of calls) {
      await call().catch(() => {});
      assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
    }
  }
  stop.abort(new Error('stopped'));
  status = 200;
  const before = asked;
  for (const call of calls) await assert.rejects(call());
  assert.equal(asked, before, 'a signal that has ended already lets nothing begin');
});
