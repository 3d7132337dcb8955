import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { serve } from '../loopback-server.ts';
import { clientsAt } from './clients-at.ts';

/** A server that tells its clients that it keeps a connection for two seconds, and really keeps it for a minute. */
async function serverThatKeeps(t: TestContext) {
  const connection = Promise.withResolvers<Socket>();
  const server = createServer((request, answer) => {
    answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'keep-alive': 'timeout=2' });
    request.resume().on('end', () => answer.end('{"Keys":[]}'));
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', connection.resolve);
  return { ...(await serve(t, server)), connection: connection.promise };
}

test('a connection that nobody uses is closed before the server closes it', async (t) => {
  const { endpoint, connection } = await serverThatKeeps(t);
  const { kms } = await clientsAt(t, endpoint);
  await kms.send(new ListKeysCommand({}));
  // The client closes it. A server that closed it would not see an end.
  await once(await connection, 'end', { signal: AbortSignal.timeout(20_000) });
});
