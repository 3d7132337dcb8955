import { once } from 'node:events';
import { type AddressInfo, isIPv6, type Server as TcpServer } from 'node:net';
import type { TestContext } from 'node:test';

/** A server of HTTP can end its connections. */
type Server = TcpServer & { readonly closeAllConnections?: () => void };

/** Where a server of a test listens; `endpoint` is its address for plain HTTP. */
export type Loopback = { readonly port: number; readonly endpoint: string; readonly close: () => void };

/** Lets a server listen on a free port of this machine until the test ends. */
export async function serve(t: TestContext, server: Server, host?: string): Promise<Loopback> {
  const loopback = await startServing(server, host);
  t.after(loopback.close);
  return loopback;
}

/** The same for whoever has no test at hand: `close` ends it, and all connections of a server of HTTP. */
export async function startServing(server: Server, host = '127.0.0.1'): Promise<Loopback> {
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections?.();
  };
  return { port, endpoint: `http://${isIPv6(host) ? `[${host}]` : host}:${port}`, close };
}
