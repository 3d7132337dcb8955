import type { AwsClients } from '../aws/clients.ts';
import { type Probe, probeEndpoint } from '../aws/endpoint-probe.ts';
import { explainConnectionFailure } from '../aws/problems.ts';
import { endpointName, suggestHowToReach, vpcEndpointName } from '../aws/reachability.ts';
import type { ServiceName } from '../aws/service-clients.ts';
import type { Expect } from '../ceremony/waiting.ts';
import type { Check } from './check.ts';

type ProbeOptions = {
  /** Aborts when the person stops. */
  readonly signal: AbortSignal;
  /** Shows a wait that takes long. */
  readonly expect: Expect;
  /** How long the probe waits at most. Only tests set it. */
  readonly limitMs?: number;
};

/**
 * Checks whether the endpoint of a service answers, at which address, through which proxy and with which TLS. A missing
 * answer of IAM is only a warning: a private subnet often cannot reach IAM, and Keyferry needs it only for the lists of
 * users and roles and for the test of permissions.
 * @returns the check, and what the probe found when the endpoint answered.
 */
export async function checkEndpoint(
  service: ServiceName,
  clients: AwsClients,
  options: ProbeOptions,
): Promise<{ readonly check: Check; readonly probe?: Probe }> {
  const id = `endpoint-${service}` as const;
  const { url, isOverride, proxy } = clients.endpoints[service];
  const name = `${service.toUpperCase()} at ${endpointName(clients, service)}`;
  const endpointFacts = { url, isOverride, ...(proxy === undefined ? {} : { proxy }) };
  try {
    const probe = await probeEndpoint(clients.endpoints[service], clients.network, options);
    // The check of the clock reports `aheadMs`.
    const { aheadMs, ...probeFacts } = probe;
    const facts = { ...endpointFacts, ...probeFacts };
    const what = `${name} answers after ${probe.connectMs} ms${probe.isPractice ? ': practice AWS' : ''}.`;
    return { check: { id, state: 'fine', what, details: detailsOf(probe), facts }, probe };
  } catch (error) {
    options.signal.throwIfAborted();
    const proxyFailure = proxy === undefined ? undefined : explainProxyFailure(error);
    const firstLine = String((error as Error).message).split('\n')[0] ?? '';
    const failure = proxyFailure ?? explainConnectionFailure(error) ?? { reason: firstLine };
    const next = suggestHowToReach([{ vpcEndpoint: vpcEndpointName(clients, service), ...failure }]);
    const what = `${name} does not answer: ${failure.reason}.`;
    const facts = { ...endpointFacts, reason: failure.reason };
    if (service !== 'iam') return { check: { id, state: 'fails', what, next, facts } };
    const why = 'Users and roles are not listed then, and your permissions not tested.';
    return { check: { id, state: 'warning', what, why, next, facts } };
  }
}

/** Gives the lines about an endpoint that answered: its first two addresses, and its TLS or that it has none. */
function detailsOf({ addresses, tls }: Probe): readonly string[] {
  const shown = addresses.slice(0, 2).join(', ');
  const hiddenCount = addresses.length - 2;
  const addressList = hiddenCount > 0 ? `${shown} and ${hiddenCount} more` : shown;
  if (tls === undefined) {
    // An endpoint of another machine always has TLS.
    const plain = 'plain HTTP on this machine';
    return [addressList === '' ? plain : `${addressList}; ${plain}`];
  }
  const {
    protocol,
    group = 'a key exchange that this Node does not name',
    issuer = 'an authority without a name',
  } = tls;
  const tlsLine = `${protocol} with ${group}; certificate by ${issuer}`;
  return addressList === '' ? [tlsLine] : [addressList, tlsLine];
}

/**
 * Says why the proxy cannot be reached; `undefined` for an error that does not mean this. The usual sentences for these errors
 * would blame the endpoint.
 */
function explainProxyFailure(error: unknown): { readonly reason: string } | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { reason: 'the name of the proxy is not known here (DNS)' };
  return code === 'ECONNREFUSED' ? { reason: 'nothing listens at the address of the proxy' } : undefined;
}
