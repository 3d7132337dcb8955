import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line: how long a byte takes there and back, in milliseconds, and how many bits a second it carries each way. */
export type Line = { readonly milliseconds: number; readonly bitsPerSecond?: number };

/** So many bytes of one connection wait in the relay. Then the sender waits too, as in front of a slow line. */
const mostWaiting = 256 * 1024;

/** Starts a relay to a port of this machine. All its connections together are one line. */
export async function startRelay(port: number, line: Line) {
  const [there, back] = [makeWay(line), makeWay(line)];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    pass(near, far, there);
    pass(far, near, back);
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

/** Gives the milliseconds until so many bytes, sent now behind all others, have arrived. */
type Way = (bytes: number) => number;

function makeWay({ milliseconds, bitsPerSecond = Number.POSITIVE_INFINITY }: Line): Way {
  /** When the line has carried all that was sent. */
  let isFreeAt = 0;
  return (bytes) => {
    const now = performance.now();
    isFreeAt = Math.max(now, isFreeAt) + (bytes * 8 * 1000) / bitsPerSecond;
    return isFreeAt - now + milliseconds / 2;
  };
}

/** Passes what comes from one socket to another, later. */
function pass(from: Socket, to: Socket, way: Way): void {
  let waiting = 0;
  from.on('data', (bytes) => {
    waiting += bytes.length;
    if (waiting > mostWaiting) from.pause();
    setTimeout(() => {
      waiting -= bytes.length;
      if (waiting <= mostWaiting) from.resume();
      to.write(bytes);
    }, way(bytes.length));
  });
  from.on('end', () => void setTimeout(() => to.end(), way(0)));
  from.on('error', () => to.destroy());
}
