import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { HeadBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { listObjects, listSentParts, listUploadsOf, readBackSha256 } from '../../source/aws/object-look.ts';
import { findUnreachable } from '../../source/aws/reachability.ts';
import { failureOf, served, short } from './impatient-clients.ts';

test('an object that goes on behind its size is given up, as what is not from AWS', async (t) => {
  const { clients } = await served(t, (_, answer) => {
    const more = () => {
      while (!answer.destroyed && answer.write(Buffer.alloc(10_000)));
    };
    answer.on('drain', more);
    more();
  });
  const watch = { onBytes: () => {}, signal: new AbortController().signal };
  const object = { bucket: 'b', key: 'k', owner: '000000000000', size: 50_000 };
  const { problem } = await failureOf(readBackSha256(clients.s3, object, watch));
  assert.match(
    problem.why ?? '',
    /^S3 sent more than the 50000 bytes that s3:\/\/b\/k has\. What answers .* is not AWS/,
  );
});

for (const marker of ['', '7'])
  test(`a list that never ends is read as far as its marker "${marker}" changes`, async (t) => {
    let asked = 0;
    const { clients } = await served(t, (_, answer) => {
      asked += 1;
      // Nobody asks so often.
      if (asked > 9) return void answer.writeHead(400).end();
      answer.writeHead(200, { 'content-type': 'application/xml' });
      const markers = ['NextPartNumberMarker', 'NextKeyMarker', 'NextUploadIdMarker', 'NextContinuationToken'];
      const named = marker === '' ? '' : markers.map((name) => `<${name}>${marker}</${name}>`).join('');
      answer.end(`<List><IsTruncated>true</IsTruncated>${named}</List>`);
    });
    const place = { bucket: 'b', key: 'k', owner: '000000000000' };
    assert.deepEqual(await listSentParts(clients.s3, { ...place, uploadId: 'u' }), []);
    assert.deepEqual(await listUploadsOf(clients.s3, place), []);
    assert.equal(asked, marker === '' ? 2 : 4);
    asked = 0;
    for await (const page of listObjects(clients.s3, { bucket: 'b', owner: '000000000000', prefix: 'k' }))
      assert.deepEqual(page, []);
    assert.equal(asked, marker === '' ? 1 : 2);
  });

for (const [name, bytes, did] of [
  ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', 'answered with something that is no HTTP'],
  ['too many headers', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(70_000)}\r\n`, 'sent more headers than AWS does'],
] as const) {
  test(`${name} is told as what is not AWS, and is not asked for again`, async (t) => {
    let asked = 0;
    const { clients, host } = await served(t, ({ socket }) => {
      asked += 1;
      socket.write(bytes);
    });
    const { problem } = await failureOf(clients.s3.send(new ListBucketsCommand({})));
    assert.ok(problem.why?.startsWith(`${host} ${did}. What answers at the endpoint is not AWS`), problem.why);
    assert.equal(problem.kind, 'fixable');
    assert.equal(asked, 1);
  });
}

test('the texts of a refusal are cut where they are longer than those of AWS', async (t) => {
  const long = 'long '.repeat(1000);
  const { clients } = await served(t, (_, answer) => {
    answer.writeHead(400, { 'content-type': 'application/xml', 'x-amz-request-id': 'r'.repeat(5000) });
    answer.end(`<Error><Code>${long}</Code><Message>${long}</Message></Error>`);
  });
  const { error, problem } = await failureOf(clients.s3.send(new ListBucketsCommand({})));
  // So they are in the journal too.
  const { name, message, $metadata } = error as Error & { $metadata: { requestId: string } };
  assert.deepEqual(
    [name, message, $metadata.requestId].map(({ length }) => length),
    [100, 2000, 200],
  );
  assert.match(problem.why ?? '', /^AWS says: long /);
  const lengths = [problem.why, problem.code, problem.requestId].map((text = '') => text.length);
  assert.deepEqual(lengths, ['AWS says: '.length + 2000, 100, 200]);
});

for (const [what, body, why] of [
  [
    'that gives itself the code of a full disk',
    { message: 'm', code: 'ENOSPC', syscall: 'open', path: '/etc/x' },
    'AWS says: m',
  ],
  ['that gives itself the code of a lost connection', { message: 'm', code: 'ECONNREFUSED', host: 'b' }, 'AWS says: m'],
  ['with the name that every object has', { __type: '__proto__', message: 'm' }, 'AWS says: m'],
  ['with an object as its message', { message: { a: 1 } }, 'AWS refused it with status 400 and gave no reason.'],
  ['with a number as its message', { Message: 7 }, 'AWS refused it with status 400 and gave no reason.'],
] as const)
  test(`a refusal ${what} is told as a refusal`, async (t) => {
    const { clients } = await served(t, (_, answer) => {
      answer.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      answer.end(`{"__type":"FooException",${JSON.stringify(body).slice(1)}`);
    });
    assert.equal((await failureOf(clients.kms.send(new ListKeysCommand({})))).problem.why, why);
  });

for (const status of [301, 302, 307, 308])
  test(`an answer with status ${status} and no words is told as one that leads elsewhere, and nobody goes there`, async (t) => {
    const paths: (string | undefined)[] = [];
    const { clients } = await served(t, ({ url }, answer) => {
      paths.push(url);
      answer.writeHead(status, { location: '/elsewhere' });
      answer.end();
    });
    for (const call of [
      () => clients.kms.send(new ListKeysCommand({})),
      () => clients.s3.send(new HeadBucketCommand({ Bucket: 'a-bucket' })),
    ]) {
      const { problem } = await failureOf(call());
      assert.match(problem.why ?? '', new RegExp(`^The answer only leads to another address \\(status ${status}\\)`));
    }
    assert.deepEqual(paths, ['/', '/a-bucket/']);
  });

test('a refusal with several codes is told as one without a reason', async (t) => {
  const { clients } = await served(t, (_, answer) => {
    answer.writeHead(400, { 'content-type': 'application/xml' });
    answer.end('<Error><Code>A</Code><Code>B</Code><Message>a</Message><Message>b</Message></Error>');
  });
  const { problem } = await failureOf(clients.s3.send(new ListBucketsCommand({})));
  assert.equal(problem.why, 'AWS refused it with status 400 and gave no reason.');
});

test('a connection that is cut in the middle of an answer is named with its host', async (t) => {
  const { clients, host } = await served(t, ({ socket }, answer) => {
    answer.writeHead(200, { 'content-length': '1000' });
    answer.write('<', () => socket.destroy());
  });
  const { problem } = await failureOf(clients.s3.send(new ListBucketsCommand({})));
  assert.equal(problem.why, `The connection to ${host} failed: the connection was cut.`);
});

test('services that something else stands in for count as unreachable, with what it does', async (t) => {
  const { clients } = await served(t, (_, answer) => {
    answer.end(Buffer.alloc(short.mostBytes * 2, ' '));
  });
  const found = await findUnreachable(clients, { timeoutMs: 60_000, signal: new AbortController().signal });
  assert.deepEqual(
    found.map(({ service, reason }) => `${service}: ${reason}`),
    ['KMS', 'S3'].map(
      (service) => `${service}: something else does, which sent more than 0.1 MB where AWS sends a short answer`,
    ),
  );
});
