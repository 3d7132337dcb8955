import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';

/* How practice AWS stops. */

/** A client that has its answer before it has sent all of its request: the server cannot call the connection idle. */
async function amidRequest(t: TestContext, endpoint: string) {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port) });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.write('PUT /a-bucket/a HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9\r\n\r\nhalf');
  await once(socket, 'data');
  return socket;
}

test('practice AWS ends at once, also while a request is arriving, and a second close waits for the same end', async (t) => {
  const server = await startPracticeAws({ stateFolder: newFolder() });
  const socket = await amidRequest(t, server.endpoint);
  const isCut = once(socket, 'close', { signal: AbortSignal.timeout(5000) });
  const closing = [server.close(), server.close()];
  await assert.doesNotReject(isCut, 'the connection is cut');
  await Promise.all(closing);
  await assert.rejects(fetch(server.endpoint), 'nobody listens any more');
});
