import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { Patience } from './patience.ts';
import { bePatient } from './patient-requests.ts';

type InnerHandler = NonNullable<KMSClientConfig['requestHandler']>;

/**
 * Makes the request handler for the clients that the SDK creates inside its credential providers. With this handler,
 * requests to STS, single sign-on and sign-in have the same limits as all others.
 * @param options agents and time-outs of the connections, as a handler of the SDK takes them.
 */
export async function makeInnerHandler(options: InnerHandler, limits: Patience): Promise<InnerHandler> {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  // Only an SDK client turns options into a handler. This client itself sends nothing.
  const client = new KMSClient({ region: 'us-east-1', requestHandler: options });
  // No message here: the sign-in itself tells the person that Keyferry waits for credentials.
  bePatient(client, { ...limits, expect: () => () => {} });
  return client.config.requestHandler;
}
