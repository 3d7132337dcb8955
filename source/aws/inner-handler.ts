import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { bePatient, type Patience } from './patience.ts';

type InnerHandler = NonNullable<KMSClientConfig['requestHandler']>;

/**
 * Makes the request handler of the clients that the SDK creates inside its credential providers: requests to STS, single
 * sign-on and sign-in are waited for, and their answers bounded, like all others.
 * @param options of the connections.
 */
export async function innerHandler(options: InnerHandler, limits: Patience): Promise<InnerHandler> {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  // Only a client makes a handler from options. This one sends nothing itself.
  const client = new KMSClient({ region: 'us-east-1', requestHandler: options });
  // The person who signs in is told that Keyferry waits for credentials.
  bePatient(client, { ...limits, expect: () => () => {} });
  return client.config.requestHandler;
}
