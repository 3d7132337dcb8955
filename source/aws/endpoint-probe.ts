import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Expect, orStopped } from '../ceremony/waiting.ts';
import { type CallTls, readTls } from './call-tls.ts';
import type { Endpoint } from './connecting.ts';
import type { Network } from './network.ts';
import { SlowAnswerError } from './patience-errors.ts';
import { isPracticeServer } from './practice-server.ts';

/** The facts that one request to an endpoint showed. */
export type Probe = {
  /** The IP addresses that the name server gave. Empty behind a proxy, because the proxy resolves the name. */
  readonly addresses: readonly string[];
  /** Milliseconds until the connection was open, TLS included. */
  readonly connectMs: number;
  readonly tls?: Exclude<CallTls, 'none'>;
  /** True when practice AWS on this machine answered. */
  readonly isPractice: boolean;
  /** How many milliseconds the server's clock is ahead of ours, exact to a second. Absent when the answer has no date. */
  readonly aheadMs?: number;
};

type ProbeOptions = {
  /** Milliseconds for name lookup, connection and answer together. */
  readonly limitMs?: number;
  readonly signal: AbortSignal;
  readonly expect: Expect;
};

const usualLimitMs = 10_000;

/**
 * Sends a HEAD request without a signature to an endpoint, in the same way as the clients: through the proxy if there is
 * one. Any answer counts, also a refusal.
 * @throws SlowAnswerError after the limit; Node's error when the connection fails; the reason of `signal` when that ends first.
 */
export async function probeEndpoint(
  { url, proxy }: Pick<Endpoint, 'url' | 'proxy'>,
  { agents }: Pick<Network, 'agents'>,
  { limitMs = usualLimitMs, signal, expect }: ProbeOptions,
): Promise<Probe> {
  const { hostname, host } = new URL(url);
  const tooLate = AbortSignal.timeout(limitMs);
  const ended = AbortSignal.any([signal, tooLate]);
  const endWait = expect(host);
  /** What did not happen, if the limit ends the probe now. */
  let missing = 'the name server gave no address';
  try {
    const addresses = proxy === undefined ? await lookUpAddresses(hostname, ended) : [];
    missing = 'no connection came about';
    const onConnected = () => {
      missing = 'no answer came';
    };
    return { addresses, ...(await sendHead(url, agents, { signal: ended, onConnected })) };
  } catch (error) {
    signal.throwIfAborted();
    const reason = `${missing} within ${Math.round(limitMs / 1000)} s`;
    // Whether the request arrived does not matter here: HEAD changes nothing.
    throw tooLate.aborted ? new SlowAnswerError(host, reason, 'not connected') : error;
  } finally {
    endWait();
  }
}

/** Gives the IP addresses of a host, looked up in the same way as for the connection. */
async function lookUpAddresses(hostname: string, signal: AbortSignal): Promise<readonly string[]> {
  // In a URL, an IPv6 address has brackets.
  const name = hostname.replace(/^\[(.*)\]$/, '$1');
  // Node cannot cancel a lookup. After a stop, nobody waits for it any more.
  const found = await orStopped(lookup(name, { all: true }), signal);
  return found.map(({ address }) => address);
}

/** Sends the HEAD request. Calls `onConnected` when the connection is open, TLS included. */
async function sendHead(
  url: string,
  { httpAgent, httpsAgent }: Network['agents'],
  { signal, onConnected }: { readonly signal: AbortSignal; readonly onConnected: () => void },
): Promise<Omit<Probe, 'addresses'>> {
  const isTls = url.startsWith('https:');
  const begun = performance.now();
  let connectMs = 0;
  let connectedAt = Date.now();
  let tls: Probe['tls'];
  // A connection that the clients have kept open would hide how long connecting takes.
  const options = { method: 'HEAD', signal, headers: { connection: 'close' } };
  const response = Promise.withResolvers<IncomingMessage>();
  const sent = isTls
    ? httpsRequest(url, { ...options, agent: httpsAgent ?? new HttpsAgent() })
    : httpRequest(url, { ...options, ...(httpAgent === undefined ? {} : { agent: httpAgent }) });
  sent.on('socket', (socket) => {
    const noteConnection = () => {
      connectMs = Math.round(performance.now() - begun);
      connectedAt = Date.now();
      if (isTls) tls = readTls(socket as TLSSocket);
      onConnected();
    };
    if (isConnected(socket)) noteConnection();
    else socket.once(isTls ? 'secureConnect' : 'connect', noteConnection);
  });
  sent.on('response', response.resolve).on('error', response.reject).end();
  // The signal does not end a connection that the agent is still opening through a proxy. orStopped does not wait for it.
  const answer = await orStopped(response.promise, signal);
  // The server wrote its date at some time between the connection and the answer: the middle is the best guess.
  const answeredAt = (connectedAt + Date.now()) / 2;
  answer.destroy();
  const date = Date.parse(answer.headers.date ?? '');
  return {
    connectMs,
    ...(tls === undefined ? {} : { tls }),
    isPractice: isPracticeServer(new URL(url).hostname, String(answer.headers.server)),
    // The header has whole seconds, rounded down, so that the real time is half a second later on average.
    ...(Number.isNaN(date) ? {} : { aheadMs: Math.round(date + 500 - answeredAt) }),
  };
}

/** True when the connection is open, TLS included. Behind a proxy, Node gives the socket only after that. */
function isConnected(socket: Socket | TLSSocket): boolean {
  if (socket.connecting) return false;
  const isTls = 'getPeerFinished' in socket;
  // The last message of the server's handshake: it is there once TLS is open.
  return !isTls || socket.getPeerFinished() !== undefined;
}
