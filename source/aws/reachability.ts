import type { AwsClients } from './clients.ts';
import { connectionFailure } from './problems.ts';

/** A service whose endpoint did not answer, and why. */
export type Unreachable = {
  readonly service: string;
  readonly endpoint: string;
  readonly vpcEndpoint: string | undefined;
  readonly reason: string;
};

/**
 * Sends one small request to KMS and S3 and waits at most `timeoutMs`: any answer, a refusal too, shows that the
 * endpoint is reached. STS answers when the caller is read.
 */
export async function findUnreachable(
  clients: AwsClients,
  { timeoutMs = 5000, signal }: { timeoutMs?: number; signal: AbortSignal },
): Promise<readonly Unreachable[]> {
  const [{ ListKeysCommand }, { ListBucketsCommand }] = await Promise.all([
    import('@aws-sdk/client-kms'),
    import('@aws-sdk/client-s3'),
  ]);
  const soon = { abortSignal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) };
  const tries = [
    { service: 'KMS', host: 'kms' as const, send: () => clients.kms.send(new ListKeysCommand({ Limit: 1 }), soon) },
    {
      service: 'S3',
      host: 's3' as const,
      send: () => clients.s3.send(new ListBucketsCommand({ MaxBuckets: 1 }), soon),
    },
  ];
  const results = await Promise.all(
    tries.map(async ({ service, host, send }) => {
      try {
        await send();
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        const reason = clients.hasAnswered(host) ? undefined : connectionFailure(error);
        return reason === undefined
          ? undefined
          : { service, endpoint: endpointName(clients, host), vpcEndpoint: vpcEndpointName(clients, host), reason };
      }
    }),
  );
  return results.filter((result) => result !== undefined);
}

/**
 * The endpoint's name as a person would look it up: the override, or the service's public name in the Region, which the
 * SDK knows for every partition.
 */
export function endpointName(clients: AwsClients, service: EndpointService): string {
  const { endpointUrl, region } = clients;
  if (endpointUrl !== undefined) return endpointUrl;
  const asked = { Region: region, UseFIPS: false, UseDualStack: false, UseGlobalEndpoint: false };
  return clients[service].config.endpointProvider(asked, {}).url.host;
}

export type EndpointService = 'kms' | 's3' | 'sts';

/**
 * The name under which a VPC offers the service, such as `com.amazonaws.eu-west-1.kms`; nothing where an override stands.
 * AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink".
 */
export function vpcEndpointName(clients: AwsClients, service: EndpointService): string | undefined {
  if (clients.endpointUrl !== undefined) return undefined;
  const [, region = '', ...domain] = endpointName(clients, service).split('.');
  return [...domain.reverse(), region, service].join('.');
}
