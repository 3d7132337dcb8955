import type { AwsClients, ServiceName } from '../aws/clients.ts';
import { type Probe, probeEndpoint } from '../aws/endpoint-probe.ts';
import { isLoopback } from '../aws/practice-server.ts';
import { explainConnectionFailure } from '../aws/problems.ts';
import { endpointName, suggestHowToReach, vpcEndpointName } from '../aws/reachability.ts';
import type { Expect } from '../ceremony/waiting.ts';
import type { Check } from './check.ts';

type Looking = {
  readonly signal: AbortSignal;
  readonly expect: Expect;
  /** Another limit than the usual one, for tests. */
  readonly limitMs?: number;
};

/**
 * Checks whether the endpoint of a service answers, by which way and with which TLS. For IAM no answer is only a warning: in
 * a private subnet there often is none, and only the lists of users and roles and the test of permissions need it.
 */
export async function checkEndpoint(
  service: ServiceName,
  clients: AwsClients,
  looking: Looking,
): Promise<{ readonly check: Check; readonly probe?: Probe }> {
  const id = `endpoint-${service}` as const;
  const { url, isOverride, proxy } = clients.endpoints[service];
  const name = `${service.toUpperCase()} at ${endpointName(clients, service)}`;
  const where = { url, isOverride, ...(proxy === undefined ? {} : { proxy }) };
  try {
    const probe = await probeEndpoint(clients.endpoints[service], clients.network, looking);
    const { aheadMs, ...seen } = probe;
    const facts = { ...where, ...seen };
    const exposure = exposureOf(url);
    const what = `${name} answers after ${probe.connectMs} ms${probe.isPractice ? ': practice AWS' : ''}.`;
    const check: Check = { id, state: exposure === undefined ? 'fine' : 'warning', what, ...exposure, facts };
    return { check: { ...check, details: detailsOf(probe, url) }, probe };
  } catch (error) {
    looking.signal.throwIfAborted();
    const failure = (proxy === undefined ? undefined : proxyOutOfReach(error)) ??
      explainConnectionFailure(error) ?? { reason: String((error as Error).message).split('\n')[0] ?? '' };
    const next = suggestHowToReach([{ vpcEndpoint: vpcEndpointName(clients, service), ...failure }]);
    const what = `${name} does not answer: ${failure.reason}.`;
    const facts = { ...where, reason: failure.reason };
    if (service !== 'iam') return { check: { id, state: 'fails', what, next, facts } };
    const why = 'Users and roles are not listed then, and your permissions not tested.';
    return { check: { id, state: 'warning', what, why, next, facts } };
  }
}

function detailsOf({ addresses, tls }: Probe, url: string): readonly string[] {
  const [first, second, ...more] = addresses;
  const known = [first, second].filter((address) => address !== undefined).join(', ');
  const plain = isLoopback(new URL(url).hostname) ? 'plain HTTP on this machine' : 'plain HTTP';
  const { protocol, group = 'a key exchange that this Node does not name', issuer } = tls ?? {};
  return [
    [
      ...(known === '' ? [] : [more.length === 0 ? known : `${known} and ${more.length} more`]),
      ...(tls ? [] : [plain]),
    ].join('; '),
    ...(tls === undefined ? [] : [`${protocol} with ${group}; certificate by ${issuer}`]),
  ].filter((line) => line !== '');
}

/** Says why the proxy cannot be reached. The usual words for these errors would blame the endpoint. */
function proxyOutOfReach(error: unknown): { readonly reason: string } | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { reason: 'the name of the proxy is not known here (DNS)' };
  return code === 'ECONNREFUSED' ? { reason: 'nothing listens at the address of the proxy' } : undefined;
}

function exposureOf(url: string): Pick<Check, 'why' | 'next'> | undefined {
  if (url.startsWith('https:') || isLoopback(new URL(url).hostname)) return undefined;
  return {
    why: 'It speaks plain HTTP beyond this machine: anyone on the way can read and change what is sent.',
    next: ['Name an endpoint that starts with https://'],
  };
}
