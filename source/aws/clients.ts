import type { AccountClient } from '@aws-sdk/client-account';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { type Expect, type Lend, type Pause, Waiting } from '../ceremony/waiting.ts';
import { type AskIam, makeAskIam } from './asking-iam.ts';
import { noteTls } from './call-tls.ts';
import { checkAnswers } from './check-answers.ts';
import type { ServiceId } from './client-settings.ts';
import {
  clientConfig,
  configureInnerClients,
  type Endpoint,
  endpointOf,
  readConnectionSettings,
} from './connecting.ts';
import { type CredentialSource, makeCredentialProvider, silentLogger } from './credentials.ts';
import { checkedEndpoint } from './endpoint-url.ts';
import { makeInnerHandler } from './inner-handler.ts';
import { MfaCode } from './mfa-code.ts';
import type { Network } from './network.ts';
import { NodeSha256 } from './node-sha256.ts';
import { noteCalls, type ObservedCall } from './note-calls.ts';
import { bePatient, connectionLimits, type Patience, patience as standardPatience } from './patience.ts';
import { keepErrorsPlain } from './plain-errors.ts';
import { isPracticeServer, noteServer } from './practice-server.ts';
import { loadErrorTable } from './problems.ts';
import { allowQuickPuts } from './quick-put.ts';
import { isRegion, noRegion } from './region.ts';
import { makeVisibleRetries, type Retries } from './retrying.ts';
import { SettingsError } from './settings-error.ts';

/** For whom and to where the clients connect, and how they tell the person. */
export type ClientOptions = {
  readonly credentials: CredentialSource;
  readonly region: string;
  /** Replaces the endpoint of every service. When absent, the environment and the profile decide. */
  readonly endpointUrl?: string | undefined;
  readonly onCall: (call: ObservedCall) => void;
  /** Waits before each further try of a request. When absent, the waits happen and the person does not see them. */
  readonly pause?: Pause | undefined;
  /** Shows the person what Keyferry waits for. When absent, nothing is shown. */
  readonly expect?: Expect | undefined;
  /**
   * Frees the terminal while a credential_process of the profile runs. When absent, that program runs without the terminal.
   */
  readonly lend?: Lend | undefined;
  /** Holds the MFA code of the person until it is used. When absent, a profile that needs a code fails with a SignInError. */
  readonly mfa?: MfaCode;
  /** Limits for tests, in place of the standard ones. */
  readonly patience?: Patience;
};

/** The SDK clients of one account and Region, and facts about their calls. */
export type AwsClients = {
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly iam: IAMClient;
  /** Asks `iam` what a ceremony can do without. */
  readonly askIam: AskIam;
  readonly sts: STSClient;
  readonly region: string;
  /** The profile of the shared config that signs in; `undefined` when the credentials come from elsewhere. */
  readonly profile: string | undefined;
  /** The endpoint from {@link ClientOptions}. The endpoints in use are in `endpoints`. */
  readonly endpointUrl: string | undefined;
  readonly endpoints: Readonly<Record<ServiceName, Endpoint>>;
  /** How all requests leave this machine. */
  readonly network: Network;
  /**
   * Gets the credentials that all calls use.
   * @throws SignInError when the chosen identity gives none.
   */
  signIn(): Promise<void>;
  /** Makes a client of Account Management. Its part of the SDK is loaded only then, because few ceremonies need it. */
  openAccount(): Promise<AccountClient>;
  /** Gives a KMS client for a Region, with the same sign-in and settings. For the Region of these clients, gives `kms`. */
  kmsIn(region: string): KMSClient;
  /** Gives a KMS client with the same sign-in for a look that is no part of a ceremony: `onCall` is not told of its calls. */
  openLookingKms(): KMSClient;
  /** True when there was at least one answer, and all answers so far came from practice AWS on this machine. */
  answersAsPractice(): boolean;
  /** True when the service has answered at least once. A refusal is an answer too. */
  hasAnswered(service: ServiceName): boolean;
  /** Gives the service whose call threw this error, or `undefined` when no call of these clients threw it. */
  serviceOf(error: unknown): ServiceName | undefined;
  /** Closes the connections of all clients. */
  close(): void;
};

/** The name of each service in AWS settings. */
const serviceIds = { kms: 'KMS', s3: 'S3', iam: 'IAM', sts: 'STS' } as const;

export type ServiceName = keyof typeof serviceIds;

/**
 * Makes the SDK clients of one account and Region. All clients of Keyferry come from here. The SDK is loaded in this
 * function, so that the first frame does not wait for the SDK.
 * @throws SettingsError when the text is no Region, or a setting of the environment or the profile cannot be followed.
 */
export async function openClients(options: ClientOptions): Promise<AwsClients> {
  const { credentials, region, endpointUrl, onCall, pause = new Waiting().pause, expect = () => () => {} } = options;
  const { lend = async () => async () => {}, mfa = new MfaCode(), patience = standardPatience } = options;
  if (!isRegion(region)) throw new SettingsError({ why: noRegion, next: ['Name another: --region us-east-1'] });
  const connection = await readConnectionSettings(credentials, { region, endpointUrl, env: process.env });
  const { network, settings } = connection;
  const handlerOptions = { ...connectionLimits, ...network.agents };
  const [{ KMSClient }, { S3Client }, { IAMClient }, { STSClient }, provider] = await Promise.all([
    import('@aws-sdk/client-kms'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-sts'),
    makeCredentialProvider(credentials, {
      inner: configureInnerClients(connection, await makeInnerHandler(handlerOptions, patience)),
      person: { expect, lend, mfa },
    }),
    loadErrorTable(),
  ]);
  const { DefaultRateLimiter } = await import('@smithy/core/retry');
  const makeRetries = (service: ServiceId) =>
    makeVisibleRetries(service, pause, {
      ...settings,
      ...(settings.retryMode === 'adaptive' ? { rate: new DefaultRateLimiter() } : {}),
    });
  const retries = { kms: makeRetries('KMS'), s3: makeRetries('S3'), iam: makeRetries('IAM'), sts: makeRetries('STS') };
  const configOf = (service: ServiceId, retries: Retries, clientRegion = region) => ({
    region: clientRegion,
    logger: silentLogger,
    requestHandler: handlerOptions,
    ...clientConfig(connection, service),
    retryStrategy: retries.retryStrategy,
  });
  const ownConfigOf = (name: ServiceName) => configOf(serviceIds[name], retries[name]);
  const sts = new STSClient({ ...ownConfigOf('sts'), credentials: provider });
  // All clients share one sign-in. Otherwise a credential_process that asks for a touch would run once for each client.
  const { credentials: signedIn } = sts.config;
  // With a configured endpoint, a bucket seldom has a DNS name. aws-cli uses path style there too.
  const standardStyle = settings.endpointOf('S3') === undefined ? 'virtual' : 'path';
  const clients = {
    sts,
    kms: new KMSClient({ ...ownConfigOf('kms'), credentials: signedIn }),
    s3: new S3Client({
      ...ownConfigOf('s3'),
      credentials: signedIn,
      sha256: NodeSha256,
      forcePathStyle: (settings.s3.addressing ?? standardStyle) === 'path',
    }),
    iam: new IAMClient({ ...ownConfigOf('iam'), credentials: signedIn }),
  };
  /** The service whose call threw each error. */
  const failures = new WeakMap<object, ServiceName>();
  const servers = new Set<'practice' | 'other'>();
  /** Adds to a client: visible retries, limits of time and size, and notes about its calls and answers. */
  const equip = (
    plainClient: (typeof clients)[ServiceName] | AccountClient,
    { retries, name, tell = onCall }: { retries: Retries; name?: ServiceName; tell?: ClientOptions['onCall'] },
  ) => {
    // The clients differ only in the types of their commands, so that one type is enough here.
    const client = plainClient as KMSClient;
    retries.use(client);
    const tlsOf = noteTls(client);
    bePatient(client, { ...patience, expect });
    const onFailure = (error: object) => {
      if (name !== undefined) failures.set(error, name);
    };
    checkAnswers(client);
    keepErrorsPlain(client);
    noteCalls(client, { onCall: tell, onFailure, tlsOf });
    noteServer(client, (server) => servers.add(server));
  };
  for (const name of ['kms', 's3', 'iam', 'sts'] as const) equip(clients[name], { retries: retries[name], name });
  const onServer = (host: string, server: string | undefined) =>
    servers.add(isPracticeServer(host, server) ? 'practice' : 'other');
  allowQuickPuts(clients.s3, { onCall, onServer });
  /** Clients that were made later. */
  const moreClients: { destroy(): void }[] = [];
  const openMoreKms = (kmsRegion: string, tell = onCall) => {
    const retries = makeRetries('KMS');
    const kms = new KMSClient({ ...configOf('KMS', retries, kmsRegion), credentials: signedIn });
    equip(kms, { retries, name: 'kms', tell });
    moreClients.push(kms);
    return kms;
  };
  return {
    ...clients,
    askIam: makeAskIam(),
    region,
    profile: credentials.from === 'profile' ? credentials.profile : undefined,
    endpointUrl: endpointUrl === undefined ? undefined : checkedEndpoint(endpointUrl),
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
      const retries = makeRetries('Account');
      const account = new AccountClient({ ...configOf('Account', retries), credentials: signedIn });
      equip(account, { retries });
      moreClients.push(account);
      return account;
    },
    kmsIn: (kmsRegion) => (kmsRegion === region ? clients.kms : openMoreKms(kmsRegion)),
    openLookingKms: () => openMoreKms(region, () => {}),
    answersAsPractice: () => servers.has('practice') && !servers.has('other'),
    hasAnswered: (service) => retries[service].hasAnswered(),
    serviceOf: (error) => failures.get(Object(error)),
    close: () => {
      for (const client of [...Object.values(clients), ...moreClients]) client.destroy();
    },
  };
}
