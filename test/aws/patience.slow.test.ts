import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { CreateKeyCommand, GetParametersForImportCommand } from '@aws-sdk/client-kms';
import {
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { openClients } from '../../source/aws/clients.ts';
import { readCaller } from '../../source/aws/identity.ts';
import { readBackSha256 } from '../../source/aws/object-look.ts';
import { patience } from '../../source/aws/patience.ts';
import { isWithoutAnswer } from '../../source/aws/retrying.ts';
import { ample, failureOf, served, short } from './impatient-clients.ts';

type Clients = Awaited<ReturnType<typeof openClients>>;

const calls: readonly (readonly [name: string, call: (clients: Clients) => Promise<unknown>])[] = [
  [
    'KMS',
    ({ kms }) =>
      kms.send(
        new GetParametersForImportCommand({
          KeyId: 'x',
          WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
          WrappingKeySpec: 'RSA_2048',
        }),
      ),
  ],
  ['S3', ({ s3 }) => s3.send(new ListBucketsCommand({}))],
  ['STS', (clients) => readCaller(clients)],
  ['IAM', async ({ iam }) => iam.send(new (await import('@aws-sdk/client-iam')).ListRolesCommand({}))],
];

for (const [service, call] of calls) {
  test(`a silent ${service} is asked twice, then named with the time that it was given`, async (t) => {
    let asked = 0;
    const silent = () => {
      asked += 1;
    };
    const { clients, host, waits } = await served(t, silent, { limits: short });
    const { problem } = await failureOf(call(clients));
    assert.equal(problem.why, `The connection to ${host} failed: no answer came within 0 s.`);
    assert.equal(problem.kind, 'waiting');
    assert.equal(problem.state, 'All is as it was.');
    assert.match(problem.next.join(' '), /Check the network/);
    assert.equal(asked, 2);
    assert.deepEqual(waits, Array.from({ length: 2 }, () => [`${host} begins`, `${host} ends`]).flat());
  });

  test(`a ${service} whose answer drips is given up`, async (t) => {
    const dripping: RequestListener = (_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/xml' });
      const drip = setInterval(() => answer.write(' '), 20);
      answer.on('close', () => clearInterval(drip));
    };
    const { clients, host } = await served(t, dripping, { limits: { ...ample, windowMs: short.windowMs } });
    const { problem } = await failureOf(call(clients));
    assert.equal(problem.why, `The connection to ${host} failed: less than 1 kB came in 0 s.`);
  });

  test(`an endless answer of ${service} is given up once it is too long, and not asked for again`, async (t) => {
    let asked = 0;
    let sent = 0;
    const { clients, host } = await served(t, (_, answer) => {
      asked += 1;
      answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      const more = () => {
        while (!answer.destroyed && answer.write(' '.repeat(10_000))) sent += 10_000;
      };
      answer.on('drain', more);
      more();
    });
    const { problem } = await failureOf(call(clients));
    assert.match(
      problem.why ?? '',
      new RegExp(`^${host} sent more than 0\\.1 MB where AWS sends a short answer\\. What answers .* is not AWS`),
    );
    assert.equal(problem.kind, 'fixable');
    assert.equal(asked, 1);
    assert.ok(sent < 20_000_000, `${sent} bytes were taken`);
  });
}

test('whether a key was made stays open where the answer stops, and CreateKey is not sent again', async (t) => {
  let asked = 0;
  const stopping: RequestListener = (_, answer) => {
    asked += 1;
    answer.writeHead(200).write('{');
  };
  const { clients } = await served(t, stopping, { limits: { ...ample, windowMs: short.windowMs } });
  const { error } = await failureOf(clients.kms.send(new CreateKeyCommand({})));
  assert.equal(isWithoutAnswer(error), true);
  assert.equal(asked, 1);
});

test('the wait for an answer begins when the body is sent', async (t) => {
  let read = 0;
  let readBefore = 0;
  const body = Buffer.alloc(64_000_000);
  const { clients, host, waits } = await served(
    t,
    (request, answer) => {
      request.on('data', (chunk: Buffer) => {
        read += chunk.length;
      });
      request.on('end', () => answer.end());
    },
    {
      onWait: () => {
        readBefore = read;
      },
    },
  );
  await clients.s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: body }));
  assert.deepEqual(waits, [`${host} begins`, `${host} ends`]);
  // The rest is in the buffers of the system.
  assert.ok(readBefore > body.length / 2, `${readBefore} bytes had come`);
});

test('an upload that nobody reads is given up', async (t) => {
  const { clients, host } = await served(t, (request) => request.pause(), { limits: short });
  const body = Buffer.alloc(32_000_000);
  const { problem } = await failureOf(clients.s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: body })));
  assert.equal(problem.why, `The connection to ${host} failed: less than 1 kB could be sent in 0 s.`);
});

test('S3 may take longer where it puts an object together', async (t) => {
  const assembling: RequestListener = (request, answer) => {
    request.resume();
    const whole = '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>';
    setTimeout(() => answer.end(whole), short.answerMs * 3);
  };
  const { clients } = await served(t, assembling, { limits: { ...ample, answerMs: short.answerMs } });
  const parts = { Parts: [{ PartNumber: 1, ETag: 'e' }] };
  const done = await clients.s3.send(
    new CompleteMultipartUploadCommand({ Bucket: 'b', Key: 'k', UploadId: 'u', MultipartUpload: parts }),
  );
  assert.equal(done.ETag, '"e"');
});

test('a connection that is cut is named with its host', async (t) => {
  const { clients, host } = await served(t, ({ socket }) => socket.destroy());
  const { problem } = await failureOf(readCaller(clients));
  assert.equal(problem.why, `The connection to ${host} failed: the connection was cut.`);
});

test('the last bytes of a body have time to leave this machine before the wait for the answer counts', async (t) => {
  const late: RequestListener = (request, answer) => {
    request.resume().on('end', () => setTimeout(() => answer.setHeader('etag', '"e"').end(), short.answerMs * 3));
  };
  const { clients } = await served(t, late, { limits: { ...ample, answerMs: short.answerMs } });
  // A second for each 64 KiB.
  const sent = await clients.s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: Buffer.alloc(200_000) }));
  assert.equal(sent.ETag, '"e"');
});

test('an object may be long, and one that stops is given up', async (t) => {
  const { clients } = await served(t, (_, answer) => answer.end(Buffer.alloc(short.mostBytes * 3)));
  const stopping: RequestListener = (_, answer) => answer.writeHead(200).write(Buffer.alloc(2000));
  const { clients: stuck } = await served(t, stopping, { limits: { ...ample, windowMs: short.windowMs } });
  const object = { bucket: 'b', owner: '000000000000', size: short.mostBytes * 3 };
  const watch = { onBytes: () => {}, signal: new AbortController().signal };
  assert.match(await readBackSha256(clients.s3, { ...object, key: 'k' }, watch), /^[0-9a-f]{64}$/);
  await assert.rejects(readBackSha256(stuck.s3, { ...object, key: 'k' }, watch), {
    reason: 'less than 1 kB came in 0 s',
  });
});

test('an object that is read slowly here is not taken for a slow one', async (t) => {
  const sending: RequestListener = (_, answer) => answer.end(Buffer.alloc(10_000_000));
  const { clients } = await served(t, sending, { limits: { ...ample, windowMs: short.windowMs } });
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
  let read = 0;
  for await (const chunk of Body as AsyncIterable<Uint8Array>) {
    if (read === 0) await new Promise((resolve) => setTimeout(resolve, short.windowMs * 2.5));
    read += chunk.length;
  }
  assert.equal(read, 10_000_000);
});

test('the limits are those that people are told of', () => {
  assert.deepEqual(patience, {
    answerMs: 30_000,
    assemblyMs: 600_000,
    windowMs: 60_000,
    leastBytes: 60_000,
    mostBytes: 8_000_000,
  });
});

test('a body that is a stream is waited for as any other: by its progress, and then by the answer', async (t) => {
  const piece = Buffer.alloc(100_000);
  async function* pieces(count: number, everyMs: number) {
    for (let sent = 0; sent < count; sent += 1) {
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
      yield piece;
    }
  }
  const part = (count: number, everyMs: number) =>
    new UploadPartCommand({
      Bucket: 'b',
      Key: 'k',
      UploadId: 'u',
      PartNumber: 1,
      ContentLength: count * piece.length,
      Body: Readable.from(pieces(count, everyMs), { objectMode: false }),
    });
  const taking: RequestListener = (request, answer) => {
    request.resume();
    request.on('end', () => answer.setHeader('etag', '"e"').end());
  };
  const answerMs = 2000;
  const { clients } = await served(t, taking, { limits: { ...ample, answerMs } });
  // It takes longer than an answer may.
  assert.equal((await clients.s3.send(part(20, answerMs / 15))).ETag, '"e"');
  const { clients: stuck, host } = await served(t, (request) => request.pause(), { limits: short });
  const { problem } = await failureOf(stuck.s3.send(part(640, 0)));
  assert.match(problem.why ?? '', new RegExp(`^The connection to ${host} failed: less than 1 kB could be sent in 0 s`));
});
