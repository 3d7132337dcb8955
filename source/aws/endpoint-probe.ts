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

/** What one request to an endpoint showed. */
export type Probe = {
  /** The IP addresses that the name server gave. Empty when a proxy is used, because then the proxy resolves the name. */
  readonly addresses: readonly string[];
  /** Milliseconds until the connection was there, TLS included. */
  readonly connectMs: number;
  readonly tls?: TlsFacts;
  /** True when practice AWS on this machine answered. */
  readonly isPractice: boolean;
  /** How many milliseconds their clock is ahead of ours, exact to a second. Absent when the answer has no date. */
  readonly aheadMs?: number;
};

type TlsFacts = {
  /** As in `TLSv1.3`. */
  readonly protocol: string;
  /** The group of the key exchange, as OpenSSL names it. Absent when this Node does not tell it. */
  readonly group?: string;
  /** Who signed the certificate: organisation and name. */
  readonly issuer: string;
};

type Asking = {
  /** Milliseconds for name lookup, connection and answer together. */
  readonly limitMs?: number;
  readonly signal: AbortSignal;
  readonly expect: Expect;
};

const usualLimitMs = 10_000;

/**
 * Sends a HEAD request without a signature to an endpoint, on the same way as the clients: through the proxy if there is
 * one. Any answer will do. Notes the addresses, the time to connect and TLS.
 * @throws SlowAnswerError after the limit, or Node's error when the connection fails.
 */
export async function probeEndpoint(
  { url, proxy }: Pick<Endpoint, 'url' | 'proxy'>,
  { agents }: Pick<Network, 'agents'>,
  { limitMs = usualLimitMs, signal, expect }: Asking,
): Promise<Probe> {
  const { hostname, host } = new URL(url);
  const tooLate = AbortSignal.timeout(limitMs);
  const ended = AbortSignal.any([signal, tooLate]);
  const endWait = expect(host);
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
    endWait();
  }
}

/** Looks the name up in the same way as the connection does. */
async function addressesOf(hostname: string, signal: AbortSignal): Promise<readonly string[]> {
  // A lookup cannot be cancelled, so that after a stop it goes on without us. Only in a URL, an IPv6 address has brackets.
  const found = await orStopped(lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true }), signal);
  return found.map(({ address }) => address);
}

/** Sends the HEAD request. Calls `onConnected` when the connection is there, TLS included. */
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
  // A connection that the clients have kept open would hide how long connecting takes.
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
  // The signal does not end a connection that the agent is still opening through a proxy, so that orStopped is needed.
  const answer = await orStopped(answered.promise, signal);
  // The server wrote its date at some time between the connection and the answer.
  const answeredAt = (connectedAt + Date.now()) / 2;
  answer.destroy();
  const date = Date.parse(answer.headers.date ?? '');
  return {
    connectMs,
    ...(tls === undefined ? {} : { tls }),
    isPractice: isPracticeServer(new URL(url).hostname, String(answer.headers.server)),
    // The header has whole seconds, rounded down.
    ...(Number.isNaN(date) ? {} : { aheadMs: Math.round(date + 500 - answeredAt) }),
  };
}

/** True when the connection is there, TLS included. Through a proxy this is so already when Node gives us the socket. */
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
