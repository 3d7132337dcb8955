import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { bePatient, type Patience } from './patience.ts';

type InnerHandler = NonNullable<KMSClientConfig['requestHandler']>;

/**
 * What sends the requests of the clients that the SDK makes inside its providers of credentials: those of STS, single sign-on
 * and sign-in are waited for, and their answers bounded, like all others.
 * @param options of the connections.
 */
export async function innerHandler(options: InnerHandler, limits: Patience): Promise<InnerHandler> {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  // Only a client makes a handler from options. This one sends nothing itself.
  const client = new KMSClient({ region: 'us-east-1', requestHandler: options });
  // Whoever signs in is told of the credentials that are waited for.
  bePatient(client, { ...limits, expect: () => () => {} });
  return client.config.requestHandler;
}
