import type { AccountClient } from '@aws-sdk/client-account';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { type Expect, type Lend, type Pause, Waiting } from '../ceremony/waiting.ts';
import { type AskIam, makeAskIam } from './asking-iam.ts';
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
import type { ObservedCall } from './note-calls.ts';
import { connectionLimits, type Patience, patience as standardPatience } from './patience.ts';
import { isPracticeServer } from './practice-server.ts';
import { loadErrorTable } from './problems.ts';
import { allowQuickPuts } from './quick-put.ts';
import { isRegion, noRegion } from './region.ts';
import { makeVisibleRetries, type Retries } from './retrying.ts';
import { CallNotes, equip, loadSdk, makeClients, type ServiceName, serviceIds } from './service-clients.ts';
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
  /** Gives `kms` for the Region of these clients. For another Region, makes a KMS client with the same sign-in and settings. */
  kmsIn(region: string): KMSClient;
  /** Makes a KMS client with the same sign-in for a look that is no part of a ceremony: `onCall` is not told of its calls. */
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
  const requestHandler = { ...connectionLimits, ...network.agents };
  const [sdk, provider] = await Promise.all([
    loadSdk(),
    makeCredentialProvider(credentials, {
      inner: configureInnerClients(connection, await makeInnerHandler(requestHandler, patience)),
      person: { expect, lend, mfa },
    }),
    loadErrorTable(),
  ]);
  const makeRetries = (service: ServiceId) =>
    makeVisibleRetries(service, pause, {
      ...settings,
      ...(settings.retryMode === 'adaptive' ? { rate: new sdk.DefaultRateLimiter() } : {}),
    });
  const retries = { kms: makeRetries('KMS'), s3: makeRetries('S3'), iam: makeRetries('IAM'), sts: makeRetries('STS') };
  const configFor = (service: ServiceId, { retryStrategy }: Retries, clientRegion = region) => ({
    region: clientRegion,
    logger: silentLogger,
    requestHandler,
    ...clientConfig(connection, service),
    retryStrategy,
  });
  const clients = makeClients(sdk, (name) => configFor(serviceIds[name], retries[name]), { provider, settings });
  const { credentials: signedIn } = clients.sts.config;
  const notes = new CallNotes();
  const limits = { ...patience, expect };
  for (const name of ['kms', 's3', 'iam', 'sts'] as const)
    equip(clients[name], { retries: retries[name], name, notes, limits, onCall });
  allowQuickPuts(clients.s3, {
    onCall,
    onServer: (host, server) => notes.noteServer(isPracticeServer(host, server) ? 'practice' : 'other'),
  });
  /** Clients that were made later. */
  const moreClients: { destroy(): void }[] = [];
  const openMoreKms = (kmsRegion: string, tell = onCall) => {
    const retries = makeRetries('KMS');
    const kms = new sdk.KMSClient({ ...configFor('KMS', retries, kmsRegion), credentials: signedIn });
    equip(kms, { retries, name: 'kms', notes, limits, onCall: tell });
    moreClients.push(kms);
    return kms;
  };
  const openAccount = async () => {
    const { AccountClient } = await import('@aws-sdk/client-account');
    const retries = makeRetries('Account');
    const account = new AccountClient({ ...configFor('Account', retries), credentials: signedIn });
    equip(account, { retries, notes, limits, onCall });
    moreClients.push(account);
    return account;
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
    openAccount,
    kmsIn: (kmsRegion) => (kmsRegion === region ? clients.kms : openMoreKms(kmsRegion)),
    openLookingKms: () => openMoreKms(region, () => {}),
    answersAsPractice: () => notes.answersAsPractice(),
    hasAnswered: (service) => retries[service].hasAnswered(),
    serviceOf: (error) => notes.serviceOf(error),
    close: () => {
      for (const client of [...Object.values(clients), ...moreClients]) client.destroy();
    },
  };
}
