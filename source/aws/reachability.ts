import type { AwsClients } from './clients.ts';
import { ForeignAnswerError } from './patience-errors.ts';
import type { ConnectionFailure } from './problems/connection-reasons.ts';
import { explainConnectionFailure } from './problems.ts';
import type { ServiceName } from './service-clients.ts';

/** A service whose endpoint did not answer, and why. */
export type Unreachable = ConnectionFailure & {
  /** The service name as people read it, such as `KMS`. */
  readonly service: string;
  /** As {@link endpointName} gives it. */
  readonly endpoint: string;
  /** As {@link vpcEndpointName} gives it. */
  readonly vpcEndpoint: string | undefined;
};

/**
 * Finds out which of KMS and S3 cannot be reached: sends one small request to each and waits at most `timeoutMs`
 * milliseconds. A service that has answered, now or earlier in this session, counts as reached. A refusal is an answer too. An
 * answer that does not come from AWS is not. Whether STS answers is known from {@link readCaller}.
 * @throws the reason of `signal` when that ends first.
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
  const requests = [
    { service: 'KMS', client: 'kms' as const, send: () => clients.kms.send(new ListKeysCommand({ Limit: 1 }), soon) },
    {
      service: 'S3',
      client: 's3' as const,
      send: () => clients.s3.send(new ListBucketsCommand({ MaxBuckets: 1 }), soon),
    },
  ];
  const results = await Promise.all(
    requests.map(async ({ service, client, send }) => {
      try {
        await send();
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        const failure = explainSilence(error, clients.hasAnswered(client));
        return failure === undefined
          ? undefined
          : {
              service,
              endpoint: endpointName(clients, client),
              vpcEndpoint: vpcEndpointName(clients, client),
              ...failure,
            };
      }
    }),
  );
  return results.filter((result) => result !== undefined);
}

/**
 * Says why a service did not answer, as the end of a sentence such as `KMS does not answer: ...`. Gives `undefined` when the
 * service has answered, or when the error is not about a connection. An answer that is not from AWS always gives a reason.
 */
function explainSilence(error: unknown, hasAnswered: boolean): ConnectionFailure | undefined {
  if (error instanceof ForeignAnswerError) return { reason: `something else does, which ${error.did}` };
  return hasAnswered ? undefined : explainConnectionFailure(error);
}

/** Gives the endpoint in use for people: its host, or the whole URL when a setting replaces AWS's endpoint; and the proxy. */
export function endpointName({ endpoints }: Pick<AwsClients, 'endpoints'>, service: ServiceName): string {
  const { url, isOverride, proxy } = endpoints[service];
  return `${isOverride ? url : new URL(url).host}${proxy === undefined ? '' : ` through the proxy ${proxy}`}`;
}

/**
 * Says what a person can do when services do not answer. When one failure has a help of its own, gives that help alone.
 * Otherwise names the VPC endpoints that a private subnet needs.
 */
export function suggestHowToReach(failures: readonly Pick<Unreachable, 'vpcEndpoint' | 'help'>[]): readonly string[] {
  const help = failures.find((failure) => failure.help !== undefined)?.help;
  if (help !== undefined) return help();
  const names = failures.map(({ vpcEndpoint }) => vpcEndpoint).filter((name) => name !== undefined);
  return [
    ...(names.length === 0 ? [] : [`In a private subnet, check the VPC endpoint ${names.join(' and ')}.`]),
    'Check the Region, the firewall and the proxy settings, then try again.',
  ];
}

/**
 * Gives the name of the VPC endpoint service, such as `com.amazonaws.eu-west-1.kms`; `undefined` for IAM, when another endpoint
 * is configured, or when a proxy is used. AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink"; KMS developer
 * guide, "Connect to AWS KMS through a VPC endpoint".
 */
export function vpcEndpointName(clients: AwsClients, service: ServiceName): string | undefined {
  const { isOverride, isFips, proxy } = clients.endpoints[service];
  // The VPC endpoint of IAM exists in one Region only.
  if (service === 'iam' || isOverride || proxy !== undefined) return undefined;
  const { config } = clients[service];
  const standardEndpoint = { Region: clients.region, UseFIPS: false, UseDualStack: false, UseGlobalEndpoint: false };
  // Such as kms.eu-west-1.amazonaws.com: the name of the VPC endpoint service has the same parts in reverse order.
  const [, region = '', ...domain] = config.endpointProvider(standardEndpoint, {}).url.host.split('.');
  // In China, the names for KMS and S3 begin with com.amazonaws as everywhere else. Those for other services begin with
  // cn.com.amazonaws.
  const isInChina = domain.at(-1) === 'cn';
  const beginning = isInChina && (service === 'kms' || service === 's3') ? ['com', 'amazonaws'] : domain.toReversed();
  const suffix = service === 'kms' && isFips ? '-fips' : '';
  return [...beginning, region, `${service}${suffix}`].join('.');
}
