import type { AccountClient } from '@aws-sdk/client-account';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { type Expect, type Lend, type Pause, Waiting } from '../ceremony/waiting.ts';
import type { ServiceId } from './client-settings.ts';
import { clientConfig, type Endpoint, endpointOf, innerClients, readConnecting } from './connecting.ts';
import { type CredentialSource, credentialProvider, silent } from './credentials.ts';
import { innerHandler } from './inner-handler.ts';
import { MfaCode } from './mfa-code.ts';
import type { Network } from './network.ts';
import { bePatient, connectionLimits, type Patience, patience as standardPatience } from './patience.ts';
import { noteServer } from './practice-server.ts';
import { loadErrorTable } from './problems.ts';
import { type Retries, retriesInSight } from './retrying.ts';

/** One call as the journal notes it. */
export type ObservedCall = {
  readonly operation: string;
  readonly requestId?: string;
  readonly error?: string;
  /** Absent where one was enough. */
  readonly tries?: number;
};

export type ClientOptions = {
  readonly credentials: CredentialSource;
  readonly region: string;
  /** Overrides every service's endpoint; without it the settings of the environment and of the profile hold. */
  readonly endpointUrl?: string | undefined;
  readonly onCall: (call: ObservedCall) => void;
  /** Makes every wait before another try; without it they are made unseen. */
  readonly pause?: Pause | undefined;
  /** Tells what is waited for; without it nobody is told. */
  readonly expect?: Expect | undefined;
  /** Gives the terminal to a program of the profile; without it the program gets it unasked. */
  readonly lend?: Lend | undefined;
  /** Where a person's MFA code is until it is used; without it a profile that needs one is refused. */
  readonly mfa?: MfaCode;
  /** Other limits than the standard ones, for tests. */
  readonly patience?: Patience;
};

export type AwsClients = {
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly region: string;
  /** What was given; `endpoints` has what is really used. */
  readonly endpointUrl: string | undefined;
  readonly endpoints: Readonly<Record<ServiceName, Endpoint>>;
  /** How all requests leave this machine. */
  readonly network: Network;
  /**
   * Gets the credentials that all calls use.
   * @throws SignInError where the chosen identity gives none.
   */
  signIn(): Promise<void>;
  /** Gives the client of Account Management. The first call loads it: few need it. */
  openAccount(): Promise<AccountClient>;
  /** Gives a KMS client of another Region, with the same sign-in and settings; `kms` where it is this one. */
  kmsIn(region: string): KMSClient;
  /** Tells whether what has answered so far, with one thing at least, is practice AWS on this machine. */
  answersAsPractice(): boolean;
  /** Tells whether a service has answered anything yet, a refusal too. */
  hasAnswered(service: ServiceName): boolean;
  /** Gives the service whose call threw this error; `undefined` where it came from elsewhere. */
  serviceOf(error: unknown): ServiceName | undefined;
  close(): void;
};

const ids = { kms: 'KMS', s3: 'S3', iam: 'IAM', sts: 'STS' } as const;

export type ServiceName = keyof typeof ids;

/**
 * Makes the clients of one account and Region: the only place that does. The SDK loads here, on first use, so that the
 * first frame does not wait for it.
 */
export async function openClients(options: ClientOptions): Promise<AwsClients> {
  const { credentials, region, endpointUrl, onCall, pause = new Waiting().pause, expect = () => () => {} } = options;
  const { lend = async () => async () => {}, mfa = new MfaCode(), patience = standardPatience } = options;
  const connecting = await readConnecting(credentials, { region, endpointUrl, env: process.env });
  const { network, settings } = connecting;
  const bounded = { ...network.agents, ...connectionLimits };
  const [{ KMSClient }, { S3Client }, { IAMClient }, { STSClient }, provider] = await Promise.all([
    import('@aws-sdk/client-kms'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-sts'),
    credentialProvider(credentials, {
      inner: innerClients(connecting, await innerHandler(bounded, patience)),
      person: { expect, lend, mfa },
    }),
    loadErrorTable(),
  ]);
  const { DefaultRateLimiter } = await import('@smithy/core/retry');
  const retriesOf = (service: ServiceId) =>
    retriesInSight(service, pause, {
      ...settings,
      ...(settings.retryMode === 'adaptive' ? { rate: new DefaultRateLimiter() } : {}),
    });
  const retries = { kms: retriesOf('KMS'), s3: retriesOf('S3'), iam: retriesOf('IAM'), sts: retriesOf('STS') };
  const settingsOf = (service: ServiceId, retries: Retries, where = region) => ({
    region: where,
    logger: silent,
    requestHandler: bounded,
    ...clientConfig(connecting, service),
    retryStrategy: retries.retryStrategy,
  });
  const optionsOf = (name: ServiceName) => settingsOf(ids[name], retries[name]);
  const sts = new STSClient({ ...optionsOf('sts'), credentials: provider });
  // One sign-in for all: a program of the profile that asks for a touch must not run once a client.
  const { credentials: signedIn } = sts.config;
  const ownStyle = settings.endpointOf('S3') === undefined ? 'virtual' : 'path';
  const clients = {
    sts,
    kms: new KMSClient({ ...optionsOf('kms'), credentials: signedIn }),
    s3: new S3Client({
      ...optionsOf('s3'),
      credentials: signedIn,
      // An endpoint of one's own seldom has a DNS name for every bucket, wherever it was set. So does aws-cli.
      forcePathStyle: (settings.s3.addressing ?? ownStyle) === 'path',
    }),
    iam: new IAMClient({ ...optionsOf('iam'), credentials: signedIn }),
  };
  const failures = new WeakMap<object, ServiceName>();
  const servers = new Set<'practice' | 'other'>();
  const equip = (client: KMSClient, retries: Retries, name?: ServiceName) => {
    retries.use(client);
    bePatient(client, { ...patience, expect });
    noteCalls(client, onCall, (error) => {
      if (name !== undefined) failures.set(error, name);
    });
    noteServer(client, (server) => servers.add(server));
  };
  // The stacks differ only in the types of their commands.
  for (const name of ['kms', 's3', 'iam', 'sts'] as const) equip(clients[name] as KMSClient, retries[name], name);
  const further: { destroy(): void }[] = [];
  return {
    ...clients,
    region,
    endpointUrl,
    endpoints: {
      kms: await endpointOf(clients.kms.config, network),
      s3: await endpointOf(clients.s3.config, network),
      iam: await endpointOf(clients.iam.config, network),
      sts: await endpointOf(clients.sts.config, network),
    },
    network,
    signIn: async () => {
      await signedIn();
    },
    openAccount: async () => {
      const { AccountClient } = await import('@aws-sdk/client-account');
      const retries = retriesOf('Account');
      const account = new AccountClient({ ...settingsOf('Account', retries), credentials: signedIn });
      equip(account as unknown as KMSClient, retries);
      further.push(account);
      return account;
    },
    kmsIn: (other) => {
      if (other === region) return clients.kms;
      const retries = retriesOf('KMS');
      const kms = new KMSClient({ ...settingsOf('KMS', retries, other), credentials: signedIn });
      equip(kms, retries, 'kms');
      further.push(kms);
      return kms;
    },
    answersAsPractice: () => servers.has('practice') && !servers.has('other'),
    hasAnswered: (service) => retries[service].hasAnswered(),
    serviceOf: (error) => failures.get(Object(error)),
    close: () => {
      for (const client of [...Object.values(clients), ...further]) client.destroy();
    },
  };
}

/** Passes on each call's operation and request id, the pair that AWS support asks for. */
function noteCalls(
  { middlewareStack }: Pick<KMSClient, 'middlewareStack'>,
  onCall: (call: ObservedCall) => void,
  onFailure: (error: object) => void,
): void {
  middlewareStack.add(
    (next, context) => async (args) => {
      const operation = `${context.clientName?.replace(/Client$/, '') ?? ''}.${context.commandName?.replace(/Command$/, '') ?? ''}`;
      try {
        const answer = await next(args);
        onCall({ operation, ...noted(answer.output.$metadata) });
        return answer;
      } catch (error) {
        onFailure(Object(error));
        const { name, $metadata } = error as { name?: string; $metadata?: Metadata };
        onCall({ operation, ...noted($metadata), error: name ?? 'Error' });
        throw error;
      }
    },
    { step: 'initialize', name: 'noteCalls' },
  );
}

type Metadata = { readonly requestId?: string | undefined; readonly attempts?: number | undefined };

const noted = ({ requestId, attempts = 1 }: Metadata = {}) => ({
  ...(requestId === undefined ? {} : { requestId }),
  ...(attempts === 1 ? {} : { tries: attempts }),
});
