import { createServer, request } from 'node:http';
import { type Loopback, startServing } from '../loopback-server.ts';

/** Stands between a client and practice AWS, and holds each request for a named operation until it is let go. */
export class HeldRequests {
  readonly #target: URL;
  readonly #held = new Map<string, PromiseWithResolvers<() => void>>();
  readonly #server = createServer((incoming, answer) => {
    const operation = String(incoming.headers['x-amz-target'] ?? '').replace('TrentService.', '');
    const forward = () => {
      const { hostname, port } = this.#target;
      const { method, url: path, headers } = incoming;
      // The signature is over the Host header that the client sent, which goes along with the others.
      const outgoing = request({ hostname, port, method, path, headers }, (reply) => {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
      });
      outgoing.on('error', () => answer.destroy());
      incoming.pipe(outgoing);
    };
    const held = this.#held.get(operation);
    if (held === undefined) forward();
    else {
      this.#held.delete(operation);
      held.resolve(forward);
    }
  });

  #loopback: Loopback | undefined;

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  static async before(endpoint: string): Promise<HeldRequests> {
    const requests = new HeldRequests(endpoint);
    requests.#loopback = await startServing(requests.#server);
    return requests;
  }

  get endpoint(): string {
    return this.#loopback?.endpoint ?? '';
  }

  /** Waits for the next request for an operation; what it gives lets the request go on. */
  next(operation: string): Promise<() => void> {
    const held = Promise.withResolvers<() => void>();
    this.#held.set(operation, held);
    return held.promise;
  }

  close(): void {
    this.#loopback?.close();
  }
}
