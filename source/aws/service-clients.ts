import type { AccountClient } from '@aws-sdk/client-account';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Expect } from '../ceremony/waiting.ts';
import { noteTls } from './call-tls.ts';
import { checkAnswers } from './check-answers.ts';
import type { ClientSettings } from './client-settings.ts';
import type { makeCredentialProvider } from './credentials.ts';
import { NodeSha256 } from './node-sha256.ts';
import { noteCalls, type ObservedCall } from './note-calls.ts';
import type { Patience } from './patience.ts';
import { bePatient } from './patient-requests.ts';
import { keepErrorsPlain } from './plain-errors.ts';
import { noteServer } from './practice-server.ts';
import type { Retries } from './retrying.ts';

/** The name of each service in AWS settings. */
export const serviceIds = { kms: 'KMS', s3: 'S3', iam: 'IAM', sts: 'STS' } as const;

export type ServiceName = keyof typeof serviceIds;

/** Loads the parts of the SDK that every ceremony needs. */
export async function loadSdk() {
  const [{ KMSClient }, { S3Client }, { IAMClient }, { STSClient }, { DefaultRateLimiter }] = await Promise.all([
    import('@aws-sdk/client-kms'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-sts'),
    import('@smithy/core/retry'),
  ]);
  return { KMSClient, S3Client, IAMClient, STSClient, DefaultRateLimiter };
}

/** Makes a client for each service. Only the client of STS gets the credentials provider; the others use its sign-in. */
export function makeClients<Config extends object>(
  { KMSClient, S3Client, IAMClient, STSClient }: Awaited<ReturnType<typeof loadSdk>>,
  configOf: (name: ServiceName) => Config,
  { provider, settings }: { readonly provider: Credentials; readonly settings: ClientSettings },
) {
  const sts = new STSClient({ ...configOf('sts'), credentials: provider });
  // All clients share one sign-in. Otherwise a credential_process that asks for a touch would run once for each client.
  const { credentials } = sts.config;
  // With a configured endpoint, a bucket seldom has a DNS name. aws-cli uses path style there too.
  const standardStyle = settings.endpointOf('S3') === undefined ? 'virtual' : 'path';
  const forcePathStyle = (settings.s3.addressing ?? standardStyle) === 'path';
  return {
    sts,
    kms: new KMSClient({ ...configOf('kms'), credentials }),
    s3: new S3Client({ ...configOf('s3'), credentials, sha256: NodeSha256, forcePathStyle }),
    iam: new IAMClient({ ...configOf('iam'), credentials }),
  };
}

/** The result of {@link makeCredentialProvider}. */
type Credentials = Awaited<ReturnType<typeof makeCredentialProvider>>;

/** What {@link equip} adds to a client. */
type Equipment = {
  readonly retries: Retries;
  /** Absent for a service that is no {@link ServiceName}. */
  readonly name?: ServiceName;
  readonly notes: CallNotes;
  readonly limits: Patience & { readonly expect: Expect };
  readonly onCall: (call: ObservedCall) => void;
};

/** Adds to a client: visible retries, limits of time and size, checks of answers and errors, and notes about its calls. */
export function equip(
  plainClient: KMSClient | S3Client | IAMClient | STSClient | AccountClient,
  { retries, name, notes, limits, onCall }: Equipment,
): void {
  // The clients differ only in the types of their commands, so that one type is enough here.
  const client = plainClient as KMSClient;
  retries.use(client);
  const tlsOf = noteTls(client);
  bePatient(client, limits);
  checkAnswers(client);
  keepErrorsPlain(client);
  noteCalls(client, { onCall, onFailure: (error) => notes.noteFailure(error, name), tlsOf });
  noteServer(client, (server) => notes.noteServer(server));
}

/** What the clients have learned from their calls. */
export class CallNotes {
  readonly #services = new WeakMap<object, ServiceName>();
  readonly #servers = new Set<'practice' | 'other'>();

  /** Notes the service whose call threw an error. */
  noteFailure(error: object, service: ServiceName | undefined): void {
    if (service !== undefined) this.#services.set(error, service);
  }

  /** Notes who has answered. */
  noteServer(server: 'practice' | 'other'): void {
    this.#servers.add(server);
  }

  /** Gives the service whose call threw this error; `undefined` for any other error. */
  serviceOf(error: unknown): ServiceName | undefined {
    return this.#services.get(Object(error));
  }

  /** True when there was at least one answer, and all answers so far came from practice AWS. */
  answersAsPractice(): boolean {
    return this.#servers.has('practice') && !this.#servers.has('other');
  }
}
