import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { type Expect, type Pause, Waiting } from '../ceremony/waiting.ts';
import { type CredentialSource, credentialProvider, silent } from './credentials.ts';
import { MfaCode } from './mfa-code.ts';
import { bePatient, connectionLimits, type Patience, patience as standardPatience } from './patience.ts';
import { noteServer } from './practice-server.ts';
import { loadErrorTable } from './problems.ts';
import { retriesInSight } from './retrying.ts';

/** One call as the journal notes it. */
export type Call = {
  readonly operation: string;
  readonly requestId?: string;
  readonly error?: string;
  /** Absent where one was enough. */
  readonly tries?: number;
};

export type ClientOptions = {
  readonly credentials: CredentialSource;
  readonly region: string;
  /** Overrides every service's endpoint; without it the SDK's own AWS_ENDPOINT_URL* settings hold. */
  readonly endpointUrl?: string | undefined;
  readonly onCall: (call: Call) => void;
  /** Makes every wait before another try; without it they are made unseen. */
  readonly pause?: Pause | undefined;
  /** Tells what is waited for; without it nobody is told. */
  readonly expect?: Expect | undefined;
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
  readonly endpointUrl: string | undefined;
  /** Gets the credentials that all calls use. @throws SignInError where the chosen identity gives none. */
  signIn(): Promise<void>;
  /** Whether what has answered so far, with one thing at least, is practice AWS on this machine. */
  answersAsPractice(): boolean;
  /** Whether a service has answered anything yet, a refusal too. */
  hasAnswered(service: 'kms' | 's3'): boolean;
  close(): void;
};

/**
 * Makes the clients of one account and Region: the only place that does. The SDK loads here, on first use, so that the
 * first frame does not wait for it.
 */
export async function openClients(options: ClientOptions): Promise<AwsClients> {
  const { credentials, region, endpointUrl, onCall, pause = new Waiting().pause, expect = () => () => {} } = options;
  const [{ KMSClient }, { S3Client }, { IAMClient }, { STSClient }, provider] = await Promise.all([
    import('@aws-sdk/client-kms'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-sts'),
    credentialProvider(credentials, { expect, mfa: options.mfa ?? new MfaCode() }),
    loadErrorTable(),
  ]);
  const shared = {
    region,
    logger: silent,
    requestHandler: connectionLimits,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  };
  const retries = {
    kms: retriesInSight('KMS', pause),
    s3: retriesInSight('S3', pause),
    iam: retriesInSight('IAM', pause),
    sts: retriesInSight('STS', pause),
  };
  const sts = new STSClient({ ...shared, credentials: provider, retryStrategy: retries.sts.retryStrategy });
  // One sign-in for all: a program of the profile that asks for a touch must not run once a client.
  const { credentials: signedIn } = sts.config;
  const clients = {
    sts,
    kms: new KMSClient({ ...shared, credentials: signedIn, retryStrategy: retries.kms.retryStrategy }),
    s3: new S3Client({
      ...shared,
      credentials: signedIn,
      retryStrategy: retries.s3.retryStrategy,
      // An endpoint of one's own seldom has a DNS name for every bucket.
      forcePathStyle: endpointUrl !== undefined,
    }),
    iam: new IAMClient({ ...shared, credentials: signedIn, retryStrategy: retries.iam.retryStrategy }),
  };
  const servers = new Set<'practice' | 'other'>();
  for (const name of ['kms', 's3', 'iam', 'sts'] as const) {
    retries[name].use(clients[name] as KMSClient);
    bePatient(clients[name] as KMSClient, { ...(options.patience ?? standardPatience), expect });
    noteCalls(clients[name], onCall);
    noteServer(clients[name] as KMSClient, (server) => servers.add(server));
  }
  return {
    ...clients,
    region,
    endpointUrl,
    signIn: async () => {
      await signedIn();
    },
    answersAsPractice: () => servers.has('practice') && !servers.has('other'),
    hasAnswered: (service) => retries[service].hasAnswered(),
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

type AnyClient = KMSClient | S3Client | IAMClient | STSClient;

/** Passes on each call's operation and request id, the pair that AWS support asks for. */
function noteCalls(client: AnyClient, onCall: (call: Call) => void): void {
  // The four stacks differ only in the types of their commands.
  const { middlewareStack } = client as KMSClient;
  middlewareStack.add(
    (next, context) => async (args) => {
      const operation = `${context.clientName?.replace(/Client$/, '') ?? ''}.${context.commandName?.replace(/Command$/, '') ?? ''}`;
      try {
        const answer = await next(args);
        onCall({ operation, ...noted(answer.output.$metadata) });
        return answer;
      } catch (error) {
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
