import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { serve } from '../loopback-server.ts';
import { newFolder } from '../new-folder.ts';
import { environmentKeys } from './identity-world.ts';
import { keyferryAlone } from './program.ts';

test('a proxy that takes connections and says nothing is told in words, and the program ends', async (t) => {
  const server = createServer((socket) => socket.on('error', () => {}));
  const { port } = await serve(t, server);
  const settings = {
    ...environmentKeys('securityAdmin'),
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
  };
  const [looked, listed] = await Promise.all([
    keyferryAlone(['doctor'], newFolder(), settings),
    keyferryAlone(['unfinished'], newFolder(), settings),
  ]);
  assert.deepEqual([looked.status, listed.status], [1, 1]);
  assert.match(
    looked.stdout.replaceAll(/\n +/g, ' '),
    new RegExp(
      `x S3 at s3\\.us-east-1\\.amazonaws\\.com through the proxy 127\\.0\\.0\\.1:${port} does not answer: the proxy made no way through in time\\.`,
    ),
  );
  assert.match(listed.stderr, /no connection came about within 5 s/);
});
