import type { AwsClients } from '../aws/clients.ts';
import type { Connection, Source } from './facts.ts';

/** The endpoints that replace AWS's own: one for all services, or one for each of some services. */
export type Endpoints = Pick<Connection, 'endpoint' | 'endpoints'>;

/**
 * Gives the endpoints that replace AWS's own: a flag, the environment or the profile may set them. Gives `endpoint` when all
 * services have the same, else `endpoints` by service. Gives neither for practice AWS, or when nothing is replaced.
 */
export function endpointsOf(source: Source, { endpoints }: Pick<AwsClients, 'endpoints'>): Endpoints {
  if (source === 'practice') return {};
  const overrides = Object.entries(endpoints).filter(([, { isOverride }]) => isOverride);
  const [first] = overrides;
  if (first === undefined) return {};
  const isSameForAll =
    overrides.length === Object.keys(endpoints).length && overrides.every(([, { url }]) => url === first[1].url);
  if (isSameForAll) return { endpoint: first[1].url };
  return { endpoints: Object.fromEntries(overrides.map(([service, { url }]) => [service, url])) };
}

/** Gives what a connection notes of who answers: {@link endpointsOf}, and `practice` when practice AWS has answered there. */
export function endpointFacts(
  source: Source,
  clients: Pick<AwsClients, 'endpoints' | 'answersAsPractice'>,
): Endpoints & Pick<Connection, 'practice'> {
  return { ...endpointsOf(source, clients), ...(clients.answersAsPractice() ? { practice: true } : {}) };
}

/** Says which endpoints replace AWS's own, as the end of a sentence; an empty text when none does. */
export function endpointWords({ endpoint, endpoints }: Endpoints): string {
  if (endpoint !== undefined) return ` at ${endpoint}`;
  const list = Object.entries(endpoints ?? {}).map(([service, url]) => `${url} (${service.toUpperCase()})`);
  return list.length === 0 ? '' : ` at ${list.join(', ')}`;
}
