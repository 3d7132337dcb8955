import type { AwsClients } from '../aws/clients.ts';
import type { Connection, Source } from './facts.ts';

type Endpoints = Pick<Connection, 'endpoint' | 'endpoints'>;

/** Gives the endpoints that a flag, the environment or the profile has set instead of AWS's own, as the clients report them. */
export function endpointsOf(source: Source, { endpoints }: Pick<AwsClients, 'endpoints'>): Endpoints {
  if (source === 'practice') return {};
  const overrides = Object.entries(endpoints).filter(([, { isOverride }]) => isOverride);
  const [first] = overrides;
  if (first === undefined) return {};
  const isOne =
    overrides.length === Object.keys(endpoints).length && overrides.every(([, { url }]) => url === first[1].url);
  if (isOne) return { endpoint: first[1].url };
  return { endpoints: Object.fromEntries(overrides.map(([service, { url }]) => [service, url])) };
}

/** Gives the words about endpoints that replace AWS's own, to end a sentence about a connection; empty without such. */
export function atEndpoints({ endpoint, endpoints }: Endpoints): string {
  if (endpoint !== undefined) return ` at ${endpoint}`;
  const named = Object.entries(endpoints ?? {}).map(([service, url]) => `${url} (${service.toUpperCase()})`);
  return named.length === 0 ? '' : ` at ${named.join(', ')}`;
}
