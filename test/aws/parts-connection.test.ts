import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { sendPart } from '../../source/aws/object-write.ts';
import { serve } from '../loopback-server.ts';
import { clientsAt } from './clients-at.ts';

test('parts go one after the other over the same connection, and nothing asks whether they may', async (t) => {
  const expects: unknown[] = [];
  let connections = 0;
  const server = createServer((request, answer) => {
    expects.push(request.headers.expect);
    request.resume().on('end', () => answer.writeHead(200, { etag: '"part"', 'content-length': 0 }).end());
  });
  server.on('connection', () => {
    connections += 1;
  });
  const { endpoint } = await serve(t, server);
  const clients = await clientsAt(t, endpoint);
  const upload = { bucket: 'a-bucket', key: 'large', owner: '111122223333', uploadId: 'u' };
  const bytes = Buffer.alloc(3 * 2 ** 20);
  for (const number of [1, 2, 3])
    await sendPart(
      clients.s3,
      upload,
      { number, bytes, crc32: 'AAAAAA==', sha256: '0'.repeat(64) },
      new AbortController().signal,
    );
  assert.deepEqual([expects, connections], [[undefined, undefined, undefined], 1]);
});
