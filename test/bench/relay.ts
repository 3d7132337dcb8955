import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A relay to a port of this machine, through which every byte takes `milliseconds` longer, there and back. */
export async function startRelay(port: number, milliseconds: number) {
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    pass(near, far, milliseconds / 2);
    pass(far, near, milliseconds / 2);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Passes what comes from one socket to another, later. */
function pass(from: Socket, to: Socket, milliseconds: number): void {
  from.on('data', (bytes) => void setTimeout(() => to.write(bytes), milliseconds));
  from.on('end', () => void setTimeout(() => to.end(), milliseconds));
  from.on('error', () => to.destroy());
}
