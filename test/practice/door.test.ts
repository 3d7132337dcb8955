import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { PracticeAws } from '../../source/practice/server.ts';
import { answerUnreadable } from '../../source/practice/unreadable-request.ts';
import { noLocalhost } from './no-localhost.ts';
import { practise, refused } from './practising.ts';
import { signedHeaders, type Wanted } from './signed-request.ts';

const whoAmI = 'Action=GetCallerIdentity&Version=2011-06-15';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
/** One request for each service, which practice AWS grants. */
const granted: readonly Wanted[] = [
  { service: 's3' },
  { service: 'sts', method: 'POST', body: whoAmI, headers: form },
  { service: 'iam', method: 'POST', body: 'Action=ListUsers&Version=2010-05-08', headers: form },
  { service: 'kms', method: 'POST', body: '{}', headers: { 'x-amz-target': 'TrentService.ListKeys' } },
];

/** Sends a request that is rightly signed over all of its headers. */
async function ask(server: PracticeAws, wanted: Wanted) {
  const { hostname, port } = new URL(server.endpoint);
  const { method = 'GET', path: target = '/' } = wanted;
  const sent = request({ hostname, port, method, path: target, headers: signedHeaders(server, wanted) });
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', async (answer) =>
      resolve({ status: answer.statusCode, headers: answer.headers, body: await text(answer) }),
    );
    sent.end(wanted.body);
  });
}

test('a rightly signed request that a web page may have sent gets 403 from every service, and its own says so', async (t) => {
  const { server } = await practise(t);
  for (const wanted of granted) {
    const { headers = {} } = wanted;
    for (const [name, value] of [
      ['origin', 'https://evil.example'],
      ['origin', 'null'],
      ['sec-fetch-site', 'cross-site'],
      ['host', 'evil.example'],
      ['host', '127.0.0.1.evil.example:4599'],
      ['host', 'my-bucket.localhost:4599'],
      ['host', 'localhost@evil.example'],
    ] as const) {
      const answer = await ask(server, { ...wanted, headers: { ...headers, [name]: value } });
      assert.equal(answer.status, 403, `${wanted.service}, ${name}: ${value}`);
      assert.match(answer.body, name === 'host' ? /Practice AWS answers at 127\.0\.0\.1/ : /answers no web page/);
      assert.equal(answer.headers.server, 'keyferry-practice');
    }
    for (const host of ['127.0.0.1', '127.0.0.1:1', 'localhost:4599', 'LOCALHOST', '[::1]', '[::1]:80']) {
      const answer = await ask(server, { ...wanted, headers: { ...headers, host } });
      assert.equal(answer.status, 200, `${wanted.service}, ${host}`);
      assert.equal(answer.headers.server, 'keyferry-practice');
    }
  }
});

test('practice AWS says who it is in every answer, refusals and requests that cannot be read among them', async (t) => {
  const { server } = await practise(t);
  const { hostname, port } = new URL(server.endpoint);
  for (const [sent, status] of [
    ['GET /missing-bucket HTTP/1.1\r\nhost: 127.0.0.1\r\n', 403],
    ['GET / HTTP/1.1\r\n', 403],
    ['GET / HTTP/1.0\r\n', 403],
    ['OPTIONS / HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: https://evil.example\r\n', 403],
    ['GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nexpect: something\r\n', 403],
    ['this is no HTTP\r\n', 400],
    [`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'x'.repeat(40_000)}\r\n`, 400],
  ] as const) {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(`${sent}connection: close\r\n\r\n`);
    const answer = await text(socket);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), sent.slice(0, 60));
    assert.match(answer, /^server: keyferry-practice\r$/im, sent.slice(0, 60));
  }
});

test('an unreadable request is told why, HEAD without a body, and a client that has gone is told nothing', async (t) => {
  const { server } = await practise(t);
  const { hostname, port } = new URL(server.endpoint);
  const long = `HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`;
  for (const [sent, body] of [
    ['this is no HTTP\r\n\r\n', /<Code>BadRequest<.*<Message>An error occurred when parsing the HTTP request\.</s],
    [`GET / ${long}`, /<Code>RequestHeaderSectionTooLarge</],
    [`HEAD / ${long}`, /^$/],
  ] as const) {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(sent);
    const [head = '', ...rest] = (await text(socket)).split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 400 .*^content-length: [1-9]/ms);
    assert.match(rest.join(''), body, sent.slice(0, 20));
  }
  const [reset, ended] = [new PassThrough(), new PassThrough()];
  answerUnreadable(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), reset);
  ended.end();
  answerUnreadable(new Error('no HTTP'), ended);
  for (const socket of [reset, ended]) assert.deepEqual([socket.destroyed, socket.read()], [true, null]);
});

test('virtual-hosted bucket names are declined with the way out', { skip: noLocalhost }, async (t) => {
  const { server } = await practise(t);
  const endpoint = server.endpoint.replace('127.0.0.1', 'localhost');
  const { port } = new URL(endpoint);
  const bucket = new CreateBucketCommand({ Bucket: 'by-path' });
  const s3 = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials: server.credentials });
  assert.equal((await s3.send(bucket)).$metadata.httpStatusCode, 200);
  const answer = await ask(server, { service: 's3', headers: { host: `by-path.localhost:${port}` } });
  assert.match(answer.body, /use path-style addressing/);
});

test('access keys are of one state folder, which keeps them from other users', async (t) => {
  const one = await practise(t);
  const other = await practise(t);
  const names = ['SecurityAdmin', 'secops-1', 'app-deployer'];
  const drawn = [one, other].flatMap(({ server }) => names.map((name) => server.credentialsOf(name)));
  assert.deepEqual(
    drawn.slice(0, 3).map(({ accessKeyId }) => accessKeyId.slice(0, 4)),
    ['ASIA', 'AKIA', 'ASIA'],
  );
  // Only temporary access keys have a session token.
  assert.deepEqual(
    drawn.slice(0, 3).map((access) => Object.keys(access).length),
    [3, 2, 3],
  );
  const values = drawn.flatMap((access) => Object.values(access));
  assert.equal(new Set(values).size, values.length);
  for (const { accessKeyId, secretAccessKey } of drawn) {
    assert.match(accessKeyId, /^A[SK]IA[A-Z2-7]{16}$/);
    assert.match(secretAccessKey, /^[\w-]{40}$/);
  }
  const foreign = one.kms('us-east-1', other.server.credentials).config.credentials;
  const s3 = new S3Client({ region: 'us-east-1', endpoint: one.server.endpoint, credentials: foreign });
  await refused(s3.send(new CreateBucketCommand({ Bucket: 'never' })), 'InvalidAccessKeyId');
  assert.equal(statSync(join(one.folder, 'hsm-master-key.bin')).mode & 0o777, 0o600);
  assert.equal(statSync(one.folder).mode & 0o777, 0o700);
});
