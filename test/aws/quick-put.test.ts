import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import type { ObservedCall } from '../../source/aws/note-calls.ts';
import { putObject, type WriteCondition } from '../../source/aws/object-write.ts';
import type { Wait } from '../../source/ceremony/waiting.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { crc32, crc32Text } from '../../source/objects/crc32.ts';
import { s3Error } from '../faults/between.ts';
import { serve } from '../loopback-server.ts';
import { bucket, keyArn } from './an-object.ts';
import { anybody, clientsAt } from './clients-at.ts';
import { ample, failureOf, served, short } from './impatient-clients.ts';

type Got = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string };
/** An answer other than the usual one; `cut` breaks the connection, `body` is told with its length. */
type Answer = { readonly status?: number; readonly body?: string; readonly headers?: Record<string, string> } | 'cut';

const under = {
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': keyArn,
  'x-amz-request-id': 'REQUEST',
};

/** A server as S3, the clients that Keyferry opens for it, and a client of the SDK as it comes. */
async function s3Of(t: TestContext, answerTo: (number: number) => Answer | undefined = () => undefined) {
  const got: Got[] = [];
  const server = createServer((request, answer) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      got.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces).toString() });
      const own = answerTo(got.length);
      if (own === 'cut') return void request.socket.destroy();
      const { status = 200, body = '', headers = {} } = own ?? {};
      const crc = String(request.headers['x-amz-checksum-crc32']);
      const usual = { etag: `"${got.length}"`, 'x-amz-checksum-crc32': crc, 'x-amz-checksum-type': 'FULL_OBJECT' };
      answer.writeHead(status, { 'content-length': Buffer.byteLength(body), ...under, ...usual, ...headers }).end(body);
    });
  });
  const { endpoint } = await serve(t, server);
  const calls: ObservedCall[] = [];
  const waits: Wait[] = [];
  const clients = await clientsAt(t, endpoint, {
    onCall: (call) => void calls.push(call),
    pause: async (wait) => void waits.push(wait),
  });
  const plain = new S3Client({ region: 'us-east-1', endpoint, credentials: anybody, forcePathStyle: true });
  t.after(() => plain.destroy());
  const put = (key: string, given: { s3?: S3Client; condition?: WriteCondition; contentType?: string } = {}) => {
    const { s3 = clients.s3, condition = 'absent', contentType } = given;
    const bytes = Buffer.from(`bytes of ${key}`);
    const sums = { crc32: crc32Text(crc32(bytes)), sha256: sha256Of(bytes) };
    const object = { ...bucket, keyArn, key, contentType };
    return putObject(s3, object, { bytes, ...sums, condition }, new AbortController().signal);
  };
  return { got, calls, waits, put, plain, clients };
}

/** What belongs to the moment of a request, and to its tries, is not compared. The plain client names other settings. */
const ofMoment = ['x-amz-date', 'authorization', 'amz-sdk-invocation-id', 'amz-sdk-request', 'user-agent'];

const compared = ({ url, headers, body }: Got) => ({
  url,
  body,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofMoment.includes(name))),
});

test('a request that is made from an earlier one is the one that the SDK would send', async (t) => {
  const { got, put, plain } = await s3Of(t);
  const puts: readonly (readonly [string, { condition?: WriteCondition; contentType?: string }])[] = [
    ['first', {}],
    ["p//q/a b+é'()*!~/./../%41", { contentType: 'text/csv' }],
    ['replaced', { condition: { replaces: '"etag"' } }],
    ['in any case', { condition: 'any', contentType: 'text/plain' }],
  ];
  for (const [key, given] of puts) await put(key, given);
  for (const [key, given] of puts) await put(key, { ...given, s3: plain });
  const [own, theirs] = [got.slice(0, puts.length), got.slice(puts.length)];
  assert.deepEqual(own.map(compared), theirs.map(compared));
  const isQuick = own.map(({ headers }) => headers['amz-sdk-request'] === undefined);
  assert.deepEqual(isQuick, [false, true, true, true], 'the first request is the model');
});

test('its answer is told and noted as the answer to any call', async (t) => {
  const { put, calls, clients } = await s3Of(t);
  await put('model');
  const answer = await put('next');
  assert.deepEqual(answer, {
    etag: '"2"',
    sseAlgorithm: 'aws:kms',
    kmsKeyArn: keyArn,
    bucketKey: false,
    checksum: { algorithm: 'CRC32', value: answer.checksum?.value },
    requestId: 'REQUEST',
  });
  assert.deepEqual(calls, [
    { operation: 'S3.PutObject', requestId: 'REQUEST' },
    { operation: 'S3.PutObject', requestId: 'REQUEST' },
  ]);
  assert.equal(clients.answersAsPractice(), false);
});

const failures: readonly (readonly [what: string, answer: Answer, reason: string])[] = [
  ['a fault of S3', { status: 500 }, 'S3 had a fault of its own'],
  ['throttling', s3Error('SlowDown', 503), 'S3 asks to wait'],
  ['a broken connection', 'cut', 'No answer from S3: the connection was cut'],
];

for (const [what, answer, reason] of failures)
  test(`after ${what} in place of its answer, it is tried again as any call is`, async (t) => {
    const { got, put, calls, waits } = await s3Of(t, (number) => (number === 2 ? answer : undefined));
    await put('model');
    assert.equal((await put('next')).etag, '"3"');
    assert.deepEqual([got.length, waits.map(({ label }) => label)], [3, [reason]]);
    assert.deepEqual(calls.at(-1), { operation: 'S3.PutObject', requestId: 'REQUEST', tries: 2 });
    assert.equal(got[2]?.body, 'bytes of next');
  });

test('a refusal is the error that the SDK makes of it, and nothing is sent again', async (t) => {
  const refused = s3Error('PreconditionFailed', 412);
  const { got, put, calls } = await s3Of(t, (number) => (number === 2 ? refused : undefined));
  await put('model');
  await assert.rejects(put('next'), { name: 'PreconditionFailed' });
  assert.equal(got.length, 2);
  assert.deepEqual(calls.at(-1), { operation: 'S3.PutObject', requestId: 'REQUEST', error: 'PreconditionFailed' });
});

test('an answer of another form than that of AWS is not used', async (t) => {
  const headers = { 'x-amz-server-side-encryption': 'no kind of it' };
  const { put } = await s3Of(t, (number) => (number === 2 ? { headers } : undefined));
  await put('model');
  await assert.rejects(put('next'), { name: 'UnfitAnswerError' });
});

test('an answer that stops in its middle is given up, and asked for again, as that of any call', async (t) => {
  let asked = 0;
  const stopping: RequestListener = (request, answer) => {
    request.resume();
    asked += 1;
    // The first is the model of the others.
    if (asked === 1) return void answer.writeHead(200, { 'content-length': 0 }).end();
    answer.writeHead(200, { 'content-length': 100 }).write('<');
  };
  const { clients, host } = await served(t, stopping, { limits: { ...ample, windowMs: short.windowMs } });
  const bytes = Buffer.alloc(0);
  const sums = { crc32: 'AAAAAA==', sha256: sha256Of(bytes) };
  const put = (key: string) =>
    putObject(
      clients.s3,
      { ...bucket, keyArn, key, contentType: undefined },
      { bytes, ...sums, condition: 'absent' },
      new AbortController().signal,
    );
  await put('model');
  const { problem } = await failureOf(put('next'));
  assert.equal(problem.why, `The connection to ${host} failed: less than 1 kB came in 0 s.`);
  assert.equal(asked, 3);
});
