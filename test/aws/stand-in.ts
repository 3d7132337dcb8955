import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { identity } from '../faults/identity.ts';
import { serve } from '../loopback-server.ts';

/** One request as it came: the host that it was for, and how long its body was. */
export type Came = { readonly host: string; readonly path: string; readonly bytes: number };

/**
 * Answers under every host name, which practice AWS does not: each call of KMS and S3 with nothing, GetCallerIdentity with a
 * user. Ends with the test.
 * @param aheadMs of its clock.
 */
export async function standIn(
  t: TestContext,
  { aheadMs = 0 } = {},
): Promise<{ readonly endpoint: string; readonly came: readonly Came[] }> {
  const came: Came[] = [];
  const server = createServer(async (request, answer) => {
    const body = await buffer(request);
    answer.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
    came.push({ host: request.headers.host ?? '', path: request.url ?? '', bytes: body.length });
    if (request.headers['x-amz-target'] !== undefined) return void answer.writeHead(200).end('{"Keys":[]}');
    const isIdentity = body.toString('latin1').includes('Action=GetCallerIdentity');
    answer.writeHead(200, { 'content-type': 'text/xml' });
    answer.end(isIdentity ? identity('000000000000') : request.method === 'GET' ? '<Result></Result>' : '');
  });
  const { endpoint } = await serve(t, server);
  return { endpoint, came };
}
