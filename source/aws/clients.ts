import type { AccountClient } from '@aws-sdk/client-account';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { type Expect, type Lend, type Pause, Waiting } from '../ceremony/waiting.ts';
import type { ServiceId } from './client-settings.ts';
import { clientConfig, configureInnerClients, type Endpoint, endpointOf, readConnecting } from './connecting.ts';
import { type CredentialSource, makeCredentialProvider, silent } from './credentials.ts';
import { makeInnerHandler } from './inner-handler.ts';
import { MfaCode } from './mfa-code.ts';
import type { Network } from './network.ts';
import { bePatient, connectionLimits, type Patience, patience as standardPatience } from './patience.ts';
import { noteServer } from './practice-server.ts';
import { loadErrorTable } from './problems.ts';
import { makeVisibleRetries, type Retries } from './retrying.ts';

/** One call as the journal notes it. */
export type ObservedCall = {
  readonly operation: string;
  readonly requestId?: string;
  readonly error?: string;
  /** How many times the request was sent; absent when once was enough. */
  readonly tries?: number;
};

export type ClientOptions = {
  readonly credentials: CredentialSource;
  readonly region: string;
  /** Replaces the endpoint of every service. When absent, the settings of the environment and of the profile count. */
  readonly endpointUrl?: string | undefined;
  readonly onCall: (call: ObservedCall) => void;
  /** Waits before each further try of a request. When absent, the waits happen and the person does not see them. */
  readonly pause?: Pause | undefined;
  /** Shows the person what Keyferry waits for. When absent, nothing is shown. */
  readonly expect?: Expect | undefined;
  /**
   * Frees the terminal while a credential_process of the profile runs. When absent, the program runs without that.
   */
  readonly lend?: Lend | undefined;
  /** Holds the MFA code of the person until it is used. When absent, a profile that needs a code fails with a SignInError. */
  readonly mfa?: MfaCode;
  /** Limits for tests, in place of the standard ones. */
  readonly patience?: Patience;
};

export type AwsClients = {
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly region: string;
  /** The endpoint from {@link ClientOptions}. What is really used is in `endpoints`. */
  readonly endpointUrl: string | undefined;
  readonly endpoints: Readonly<Record<ServiceName, Endpoint>>;
  /** How all requests leave this machine. */
  readonly network: Network;
  /**
   * Gets the credentials that all calls use.
   * @throws SignInError when the chosen identity gives none.
   */
  signIn(): Promise<void>;
  /** Gives the client of Account Management. The first call loads it: few need it. */
  openAccount(): Promise<AccountClient>;
  /** Gives a KMS client of another Region, with the same sign-in and settings; `kms` where it is this one. */
  kmsIn(region: string): KMSClient;
  /** Gives a KMS client with the same sign-in whose calls `onCall` is not told of: for a look that is no part of a ceremony. */
  openLookingKms(): KMSClient;
  /** True when at least one answer has come, and practice AWS on this machine gave all answers so far. */
  answersAsPractice(): boolean;
  /** True when the service has answered at least once. A refusal is an answer too. */
  hasAnswered(service: ServiceName): boolean;
  /** Gives the service whose call threw this error, or `undefined` when no call of these clients threw it. */
  serviceOf(error: unknown): ServiceName | undefined;
  close(): void;
};

const ids = { kms: 'KMS', s3: 'S3', iam: 'IAM', sts: 'STS' } as const;

export type ServiceName = keyof typeof ids;

/**
 * Makes the SDK clients of one account and Region. All clients of Keyferry come from here. The SDK is loaded in this
 * function, so that the first frame does not wait for the SDK.
 * @throws SettingsError when a setting of the environment or the profile cannot be followed.
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
    makeCredentialProvider(credentials, {
      inner: configureInnerClients(connecting, await makeInnerHandler(bounded, patience)),
      person: { expect, lend, mfa },
    }),
    loadErrorTable(),
  ]);
  const { DefaultRateLimiter } = await import('@smithy/core/retry');
  const retriesOf = (service: ServiceId) =>
    makeVisibleRetries(service, pause, {
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
  // All clients share one sign-in. Otherwise a credential_process that asks for a touch would run once for each client.
  const { credentials: signedIn } = sts.config;
  const ownStyle = settings.endpointOf('S3') === undefined ? 'virtual' : 'path';
  const clients = {
    sts,
    kms: new KMSClient({ ...optionsOf('kms'), credentials: signedIn }),
    s3: new S3Client({
      ...optionsOf('s3'),
      credentials: signedIn,
      // With a configured endpoint, a bucket seldom has a DNS name. aws-cli uses path style there too.
      forcePathStyle: (settings.s3.addressing ?? ownStyle) === 'path',
    }),
    iam: new IAMClient({ ...optionsOf('iam'), credentials: signedIn }),
  };
  const failures = new WeakMap<object, ServiceName>();
  const servers = new Set<'practice' | 'other'>();
  const equip = (
    given: (typeof clients)[ServiceName] | AccountClient,
    { retries, name, tell = onCall }: { retries: Retries; name?: ServiceName; tell?: ClientOptions['onCall'] },
  ) => {
    // The clients differ only in the types of their commands, so that one type is enough here.
    const client = given as KMSClient;
    retries.use(client);
    bePatient(client, { ...patience, expect });
    noteCalls(client, tell, (error) => {
      if (name !== undefined) failures.set(error, name);
    });
    noteServer(client, (server) => servers.add(server));
  };
  for (const name of ['kms', 's3', 'iam', 'sts'] as const) equip(clients[name], { retries: retries[name], name });
  const further: { destroy(): void }[] = [];
  const openFurtherKms = (where: string, tell = onCall) => {
    const retries = retriesOf('KMS');
    const kms = new KMSClient({ ...settingsOf('KMS', retries, where), credentials: signedIn });
    equip(kms, { retries, name: 'kms', tell });
    further.push(kms);
    return kms;
  };
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
      equip(account, { retries });
      further.push(account);
      return account;
    },
    kmsIn: (other) => (other === region ? clients.kms : openFurtherKms(other)),
    openLookingKms: () => openFurtherKms(region, () => {}),
    answersAsPractice: () => servers.has('practice') && !servers.has('other'),
    hasAnswered: (service) => retries[service].hasAnswered(),
    serviceOf: (error) => failures.get(Object(error)),
    close: () => {
      for (const client of [...Object.values(clients), ...further]) client.destroy();
    },
  };
}

/** Tells `onCall` the operation and request id of each call, as AWS support wants them; tells `onFailure` each error. */
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
