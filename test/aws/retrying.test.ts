import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { openClients } from '../../source/aws/clients.ts';
import type { Wait } from '../../source/ceremony/waiting.ts';
import { serve } from '../loopback-server.ts';

/** What a client does with a service that is throttled once and names a time to come again, in seconds. */
async function askedToWait(t: TestContext, seconds: number) {
  let requests = 0;
  const server = createServer((request, answer) => {
    request.resume().on('end', () => {
      requests += 1;
      if (requests === 1)
        answer
          .writeHead(400, { 'retry-after': String(seconds), 'content-type': 'application/x-amz-json-1.1' })
          .end('{"__type":"ThrottlingException","message":"Rate exceeded"}');
      else answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"Keys":[]}');
    });
  });
  const { endpoint } = await serve(t, server);
  const waits: Wait[] = [];
  const clients = await openClients({
    credentials: { from: 'fixed', accessKeyId: 'AKIAKEYFERRYSECOPS01', secretAccessKey: 'x' },
    region: 'us-east-1',
    endpointUrl: endpoint,
    onCall: () => {},
    pause: async (wait) => void waits.push(wait),
  });
  t.after(() => clients.close());
  const error = await clients.kms.send(new ListKeysCommand({})).then(
    () => undefined,
    (thrown: Error) => thrown.name,
  );
  return { requests, error, seconds: waits.map(({ milliseconds }) => Math.round(milliseconds / 1000)) };
}

test('a service that asks for up to two minutes is waited for as long as it asks', async (t) => {
  const { requests, error, seconds } = await askedToWait(t, 115);
  assert.deepEqual({ requests, error }, { requests: 2, error: undefined });
  assert.ok(seconds.length === 1 && Math.abs((seconds[0] ?? 0) - 115) <= 1, seconds.join());
});

test('a service that asks for more than two minutes is not waited for', async (t) => {
  assert.deepEqual(await askedToWait(t, 125), { requests: 1, error: 'ThrottlingException', seconds: [] });
});
