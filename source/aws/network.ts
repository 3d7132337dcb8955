import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { readAuthorities } from './authorities.ts';
import type { ClientSettings } from './client-settings.ts';
import { idleMs } from './patience.ts';
import { type ProxyEnv, proxyName, readProxies } from './proxy.ts';
import type { Settings } from './shared-config.ts';

/** How requests leave this machine. */
export type Network = {
  /** The agents for a request handler of the SDK. Empty when agents that the SDK makes are enough. */
  readonly agents: { readonly httpAgent?: HttpAgent; readonly httpsAgent?: HttpsAgent };
  /** Gives the proxy (HOST:PORT) through which a URL is reached, or `undefined` when it is reached directly. */
  readonly proxyOf: (url: string) => string | undefined;
};

/**
 * Makes the HTTP agents for the proxies and the certificate authorities that are set.
 * @param urls the URLs that Keyferry will call.
 * @throws SettingsError when a needed proxy cannot be used, or when the bundle of authorities cannot be read.
 */
export function openNetwork(env: Settings, { caBundle }: ClientSettings, urls: readonly string[]): Network {
  const proxyEnv = readProxies(env, urls);
  const authorities = caBundle === undefined ? undefined : readAuthorities(caBundle);
  const proxyOf = (url: string) => proxyName(proxyEnv, url);
  if (proxyEnv === undefined && authorities === undefined) return { agents: {}, proxyOf };
  // `maxSockets` is the same as in the SDK's own agents. `timeout` also limits how long a proxy may take to open a tunnel.
  // Nothing else can end that wait, and a silent proxy would keep the program from ending. `timeout` is longer than
  // connectMs, so that the person reads the better message of connectMs.
  const options = {
    keepAlive: true,
    maxSockets: 50,
    timeout: idleMs,
    // A copy, because Node's type wants an object with an index signature.
    ...(proxyEnv === undefined ? {} : { proxyEnv: toRecord(proxyEnv) }),
  };
  const httpsAgent = new HttpsAgent({ ...options, ...(authorities === undefined ? {} : { ca: [...authorities] }) });
  return { agents: { httpAgent: new HttpAgent(options), httpsAgent }, proxyOf };
}

const toRecord = (proxies: ProxyEnv): Record<string, string> => ({ ...proxies });
