import type { AwsClients } from '../aws/clients.ts';
import type { Connection, Source } from './facts.ts';

type Endpoints = Pick<Connection, 'endpoint' | 'endpoints'>;

/** What a flag, the environment or the profile has put in the place of AWS's own endpoints, as the clients tell it. */
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

/** The endpoints that are not AWS's own, behind what is said of a connection; empty where all are. */
export function atEndpoints({ endpoint, endpoints }: Endpoints): string {
  if (endpoint !== undefined) return ` at ${endpoint}`;
  const named = Object.entries(endpoints ?? {}).map(([service, url]) => `${url} (${service.toUpperCase()})`);
  return named.length === 0 ? '' : ` at ${named.join(', ')}`;
}
