import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { loadErrorTable } from './problems.ts';

/** Where credentials come from. `fixed` is for practice AWS, whose credentials are no secret. */
export type CredentialSource =
  | { readonly from: 'environment' }
  | { readonly from: 'instance-role' }
  | { readonly from: 'profile'; readonly profile: string }
  | {
      readonly from: 'fixed';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };

/** One call as the journal notes it. */
export type Call = { readonly operation: string; readonly requestId?: string; readonly error?: string };

export type ClientOptions = {
  readonly credentials: CredentialSource;
  readonly region: string;
  /** Overrides every service's endpoint; without it the SDK's own AWS_ENDPOINT_URL* settings hold. */
  readonly endpointUrl?: string | undefined;
  readonly onCall: (call: Call) => void;
};

export type AwsClients = {
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly region: string;
  readonly endpointUrl: string | undefined;
  close(): void;
};

/** Nothing of the SDK may write to the screen, such as its warning about a stream's unknown length. */
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * Makes the clients of one account and Region: the only place that does. The SDK loads here, on first use, so that the
 * first frame does not wait for it.
 */
export async function openClients({ credentials, region, endpointUrl, onCall }: ClientOptions): Promise<AwsClients> {
  const [{ KMSClient }, { S3Client }, { IAMClient }, { STSClient }, provider] = await Promise.all([
    import('@aws-sdk/client-kms'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-sts'),
    credentialProvider(credentials),
    loadErrorTable(),
  ]);
  const shared = {
    region,
    credentials: provider,
    logger: silent,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5000 },
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  };
  const clients = {
    kms: new KMSClient(shared),
    // An endpoint of one's own seldom has a DNS name for every bucket.
    s3: new S3Client({ ...shared, forcePathStyle: endpointUrl !== undefined }),
    iam: new IAMClient(shared),
    sts: new STSClient(shared),
  };
  for (const client of Object.values(clients)) noteCalls(client, onCall);
  return {
    ...clients,
    region,
    endpointUrl,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

async function credentialProvider(source: CredentialSource) {
  switch (source.from) {
    case 'fixed': {
      const { accessKeyId, secretAccessKey, sessionToken } = source;
      return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    }
    case 'environment':
      return (await import('@aws-sdk/credential-providers')).fromEnv();
    case 'profile':
      return (await import('@aws-sdk/credential-providers')).fromNodeProviderChain({ profile: source.profile });
    case 'instance-role':
      // The whole chain: container, web identity and instance metadata are alike to a person.
      return (await import('@aws-sdk/credential-providers')).fromNodeProviderChain();
  }
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
        onCall({ operation, ...withId(answer.output.$metadata.requestId) });
        return answer;
      } catch (error) {
        const { name, $metadata } = error as { name?: string; $metadata?: { requestId?: string } };
        onCall({ operation, ...withId($metadata?.requestId), error: name ?? 'Error' });
        throw error;
      }
    },
    { step: 'initialize', name: 'noteCalls' },
  );
}

const withId = (requestId: string | undefined) => (requestId === undefined ? {} : { requestId });
