import { createServer, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { serve } from '../loopback-server.ts';

/** Every request that passed: what it asked for, its body as text, and the id of the access key that signed it. */
export type Recorded = { readonly target: string; readonly body: string; readonly signedBy: string | undefined };

/** Stands before an endpoint, passes every request on as it is, and keeps what passed. Ends with the test. */
export async function recordingProxy(t: TestContext, endpoint: string) {
  const { hostname, port } = new URL(endpoint);
  const requests: Recorded[] = [];
  const proxy = createServer(async (incoming, answer) => {
    const body = await buffer(incoming);
    const target = `${incoming.headers['x-amz-target'] ?? `${incoming.method} ${incoming.url}`}`;
    const signedBy = /Credential=([^/]+)/.exec(incoming.headers.authorization ?? '')?.[1];
    requests.push({ target, body: body.toString('latin1'), signedBy });
    const { method, url: path, headers } = incoming;
    const onward = send({ hostname, port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    onward.end(body);
  });
  return { endpoint: (await serve(t, proxy)).endpoint, requests };
}
