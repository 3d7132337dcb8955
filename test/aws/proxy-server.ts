import { createServer, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { serve } from '../loopback-server.ts';

export type ProxyServer = {
  readonly port: number;
  /** What was asked of it, in order: `CONNECT host:port` or a method with a whole URL. */
  readonly asked: readonly string[];
};

type Given = {
  /** Where tunnels lead, whatever name was asked for. */
  readonly to: number;
  /** As `user:password`; without it everybody may pass. */
  readonly credentials?: string;
  /** A status for everything, in the place of a way through. */
  readonly status?: number;
};

/** An HTTP proxy on loopback. All ways through it lead to one port of this machine. Ends with the test. */
export async function proxyServer(t: TestContext, { to, credentials, status }: Given): Promise<ProxyServer> {
  const asked: string[] = [];
  const refusal = ({ headers }: IncomingMessage): number | undefined => {
    const expected = `Basic ${Buffer.from(credentials ?? '').toString('base64')}`;
    const isKnown = credentials === undefined || headers['proxy-authorization'] === expected;
    return isKnown ? status : 407;
  };
  const server = createServer((from, answer) => {
    asked.push(`${from.method} ${from.url}`);
    const refused = refusal(from);
    if (refused !== undefined)
      return void answer.writeHead(refused, { 'content-type': 'text/html' }).end('<html>No</html>');
    const { method, headers } = from;
    const { pathname, search } = new URL(from.url ?? '');
    const onward = request({ port: to, method, headers, path: pathname + search }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    from.pipe(onward);
  });
  server.on('connect', (from, socket) => {
    asked.push(`CONNECT ${from.url}`);
    const refused = refusal(from);
    if (refused !== undefined) return void socket.end(`HTTP/1.1 ${refused} No\r\ncontent-length: 0\r\n\r\n`);
    const onward = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on('error', () => {});
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  });
  const { port } = await serve(t, server);
  return { port, asked };
}
