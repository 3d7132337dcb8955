import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Expect, orStopped } from '../ceremony/waiting.ts';
import type { Endpoint } from './connecting.ts';
import type { Network } from './network.ts';
import { SlowAnswerError } from './patience-errors.ts';
import { isPracticeServer } from './practice-server.ts';

/** What was seen of an endpoint on the way to it. */
export type Probe = {
  /** By the name server; empty where a proxy asks for the name. */
  readonly addresses: readonly string[];
  /** Until the connection stood, with TLS. */
  readonly connectMs: number;
  readonly tls?: TlsFacts;
  /** Practice AWS on this machine has answered. */
  readonly isPractice: boolean;
  /** How far the clock there is ahead of the one here, to a second; absent where the answer has no date. */
  readonly aheadMs?: number;
};

type TlsFacts = {
  /** As in `TLSv1.3`. */
  readonly protocol: string;
  /** Of the key exchange, as OpenSSL names it; absent where this Node does not tell. */
  readonly group?: string;
  /** Who signed the certificate: organisation and name. */
  readonly issuer: string;
};

type Asking = {
  /** For the name, the connection and the answer together. */
  readonly limitMs?: number;
  readonly signal: AbortSignal;
  readonly expect: Expect;
};

const usualLimitMs = 10_000;

/**
 * Asks an endpoint for nothing (HEAD without a signature), the way that the clients take: any answer will do. Resolves the
 * name, connects, through the proxy if there is one, and looks at TLS.
 * @throws SlowAnswerError past the limit, or what Node says of the connection.
 */
export async function probeEndpoint(
  { url, proxy }: Pick<Endpoint, 'url' | 'proxy'>,
  { agents }: Pick<Network, 'agents'>,
  { limitMs = usualLimitMs, signal, expect }: Asking,
): Promise<Probe> {
  const { hostname, host } = new URL(url);
  const tooLate = AbortSignal.timeout(limitMs);
  const ended = AbortSignal.any([signal, tooLate]);
  const came = expect(host);
  let missing = 'the name server gave no address';
  try {
    const addresses = proxy === undefined ? await addressesOf(hostname, ended) : [];
    missing = 'no connection came about';
    const onConnected = () => {
      missing = 'no answer came';
    };
    return { addresses, ...(await ask(url, agents, { signal: ended, onConnected })) };
  } catch (error) {
    signal.throwIfAborted();
    const reason = `${missing} within ${Math.round(limitMs / 1000)} s`;
    throw tooLate.aborted ? new SlowAnswerError(host, reason, 'not connected') : error;
  } finally {
    came();
  }
}

/** As the connection itself looks the name up. */
async function addressesOf(hostname: string, signal: AbortSignal): Promise<readonly string[]> {
  // A lookup cannot be cancelled: after a stop nobody waits for it. An IPv6 address has brackets only in a URL.
  const found = await orStopped(lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true }), signal);
  return found.map(({ address }) => address);
}

async function ask(
  url: string,
  { httpAgent, httpsAgent }: Network['agents'],
  { signal, onConnected }: { readonly signal: AbortSignal; readonly onConnected: () => void },
): Promise<Omit<Probe, 'addresses'>> {
  const isTls = url.startsWith('https:');
  const begun = performance.now();
  let connectMs = 0;
  let connectedAt = Date.now();
  let tls: TlsFacts | undefined;
  // A connection of the clients, which may be kept, would tell nothing of the time that connecting takes.
  const options = { method: 'HEAD', signal, headers: { connection: 'close' } };
  const answered = Promise.withResolvers<IncomingMessage>();
  const sent = isTls
    ? httpsRequest(url, { ...options, agent: httpsAgent ?? new HttpsAgent() })
    : httpRequest(url, { ...options, ...(httpAgent === undefined ? {} : { agent: httpAgent }) });
  sent.on('socket', (socket) => {
    const note = () => {
      connectMs = Math.round(performance.now() - begun);
      connectedAt = Date.now();
      if (isTls) tls = tlsFacts(socket as TLSSocket);
      onConnected();
    };
    if (isConnected(socket)) note();
    else socket.once(isTls ? 'secureConnect' : 'connect', note);
  });
  sent.on('response', answered.resolve).on('error', answered.reject).end();
  // The signal does not end a connection that the agent is still opening through a proxy.
  const answer = await orStopped(answered.promise, signal);
  const at = (connectedAt + Date.now()) / 2;
  answer.destroy();
  const date = Date.parse(answer.headers.date ?? '');
  return {
    connectMs,
    ...(tls === undefined ? {} : { tls }),
    isPractice: isPracticeServer(new URL(url).hostname, String(answer.headers.server)),
    // The header has whole seconds, cut off.
    ...(Number.isNaN(date) ? {} : { aheadMs: Math.round(date + 500 - at) }),
  };
}

/** Behind a proxy, TLS is established already when the socket is handed over. */
function isConnected(socket: Socket | TLSSocket): boolean {
  return !socket.connecting && !('getPeerFinished' in socket && socket.getPeerFinished() === undefined);
}

function tlsFacts(socket: TLSSocket): TlsFacts {
  const { name: group } = socket.getEphemeralKeyInfo() as { readonly name?: string };
  const { O: organisation, CN: name } = socket.getPeerCertificate().issuer ?? {};
  const issuer = [organisation, name]
    .flat()
    .filter((part) => part !== undefined)
    .join(', ');
  return { protocol: socket.getProtocol() ?? 'unknown', ...(group === undefined ? {} : { group }), issuer };
}
