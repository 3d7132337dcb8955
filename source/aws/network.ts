import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { readAuthorities } from './authorities.ts';
import type { ClientSettings } from './client-settings.ts';
import { connectMs } from './patience.ts';
import { type ProxyEnv, proxyName, readProxies } from './proxy.ts';
import type { Settings } from './shared-config.ts';

/** How requests leave this machine. */
export type Network = {
  /** For a request handler of the SDK; empty where its own agents will do. */
  readonly agents: { readonly httpAgent?: HttpAgent; readonly httpsAgent?: HttpsAgent };
  /** The proxy that a URL goes through, as HOST:PORT; nothing where it is asked directly. */
  readonly proxyOf: (url: string) => string | undefined;
};

/**
 * Makes the agents for the proxies and the authorities that are set.
 * @param urls the endpoints that will be asked.
 * @throws SettingsError where a proxy cannot be used or a bundle of authorities cannot be read.
 */
export function openNetwork(env: Settings, { caBundle }: ClientSettings, urls: readonly string[]): Network {
  const proxyEnv = readProxies(env, urls);
  const authorities = caBundle === undefined ? undefined : readAuthorities(caBundle);
  const proxyOf = (url: string) => proxyName(proxyEnv, url);
  if (proxyEnv === undefined && authorities === undefined) return { agents: {}, proxyOf };
  // As many connections as the SDK's own agents. The time is for the way through a proxy, which nobody else can call off: a
  // proxy that says nothing would keep the program from ending. It is longer than the SDK's, whose words are better.
  const options = {
    keepAlive: true,
    maxSockets: 50,
    timeout: connectMs + 1000,
    ...(proxyEnv === undefined ? {} : { proxyEnv: asEnv(proxyEnv) }),
  };
  const httpsAgent = new HttpsAgent({ ...options, ...(authorities === undefined ? {} : { ca: [...authorities] }) });
  return { agents: { httpAgent: new HttpAgent(options), httpsAgent }, proxyOf };
}

const asEnv = (proxies: ProxyEnv): Record<string, string> => ({ ...proxies });
