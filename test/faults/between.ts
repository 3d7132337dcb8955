import { createServer, type IncomingMessage, request } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { startServing } from '../loopback-server.ts';
import type { WireAnswer } from './hostile-answer.ts';
import { type Spoil, spoil } from './spoiled-answer.ts';

/**
 * What becomes of a request: an answer in the place of AWS's, AWS's own with its body or its headers changed, one that never
 * comes or ends, a connection that is cut, or nothing out of the ordinary.
 */
export type Fate =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  | { readonly changeBody: (body: string) => string }
  /** AWS's own answer, without the headers whose names match. */
  | { readonly dropHeaders: RegExp }
  /** The bytes that go back in the place of AWS's answer, after which the connection ends. */
  | { readonly sendBack: (answer: WireAnswer) => Buffer }
  /** AWS may have acted, and what comes back is no answer. */
  | { readonly spoil: Spoil; readonly everyMs: number; readonly hasActed: boolean }
  | 'cut'
  | undefined;

/** An error of S3 as the fate of a request. */
export const s3Error = (code: string, status = 403, message = code) => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});

/** A proxy between the program and practice AWS that does what practice AWS has no fault for. */
export type Between = {
  readonly endpoint: string;
  /** Stands before another server from now on. */
  aim(at: string): void;
  /** Decides about each request from now on. A request waits for a fate that is a promise. */
  decide(by: (call: string) => Fate | Promise<Fate>): void;
  close(): void;
};

/** Starts the proxy. A call is `kms:CreateKey`, `sts:GetCallerIdentity`, or `s3:PUT /bucket/key`. */
export async function between(endpoint: string): Promise<Between> {
  let target = endpoint;
  let fateOf: (call: string) => Fate | Promise<Fate> = () => undefined;
  const server = createServer(async (from, to) => {
    const fate = await fateOf(await callOf(from));
    if (fate === 'cut') return void from.socket.destroy();
    if (fate !== undefined && 'status' in fate) return void to.writeHead(fate.status, fate.headers).end(fate.body);
    if (fate !== undefined && 'spoil' in fate && !fate.hasActed) return spoil(to, fate.spoil, fate.everyMs);
    const { method, url, headers } = from;
    const passedOn = request(new URL(url ?? '/', target), { method, headers }, async (answer) => {
      if (fate !== undefined && 'spoil' in fate)
        return void answer.resume().on('end', () => spoil(to, fate.spoil, fate.everyMs));
      if (fate !== undefined && 'sendBack' in fate) {
        const { statusCode: status = 500, headers } = answer;
        return void to.socket?.end(fate.sendBack({ status, headers, body: await buffer(answer) }));
      }
      if (fate !== undefined && 'dropHeaders' in fate) {
        const kept = Object.entries(answer.headers).filter(([name]) => !fate.dropHeaders.test(name));
        to.writeHead(answer.statusCode ?? 500, Object.fromEntries(kept));
        return void answer.pipe(to);
      }
      if (fate !== undefined) {
        const { 'content-length': _, ...others } = answer.headers;
        return void to.writeHead(answer.statusCode ?? 500, others).end(fate.changeBody(await text(answer)));
      }
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
    });
    passedOn.on('error', () => to.destroy());
    const body = bodies.get(from);
    if (body === undefined) from.pipe(passedOn);
    else passedOn.end(body);
  });
  const { endpoint: shown, close } = await startServing(server);
  return {
    endpoint: shown,
    aim: (at) => {
      target = at;
    },
    decide: (by) => {
      fateOf = by;
    },
    close,
  };
}

const bodies = new WeakMap<IncomingMessage, string>();

async function callOf(from: IncomingMessage): Promise<string> {
  const target = from.headers['x-amz-target'];
  if (target !== undefined) return `kms:${String(target).replace('TrentService.', '')}`;
  const service = /\/(s3|sts|iam)\/aws4_request/.exec(from.headers.authorization ?? '')?.[1];
  if (service === 's3') return `s3:${from.method} ${from.url}`;
  const body = await text(from);
  bodies.set(from, body);
  return `${service}:${new URLSearchParams(body).get('Action')}`;
}
