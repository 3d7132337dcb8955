import type { TestContext } from 'node:test';
import { type ClientOptions, openClients } from '../../source/aws/clients.ts';

/** Access keys that no account has. */
export const anybody = { accessKeyId: 'AKIAKEYFERRYSECOPS01', secretAccessKey: 'x' };

type KeyPair = typeof anybody & { readonly sessionToken?: string };
type Given = Partial<ClientOptions> & { readonly keys?: KeyPair };

/** Clients of what listens in the place of AWS, or of AWS itself where no endpoint is given. They are closed when the test ends. */
export async function clientsAt(
  t: TestContext,
  endpointUrl: string | undefined,
  { keys = anybody, ...options }: Given = {},
) {
  const credentials = { from: 'fixed', ...keys } as const;
  const clients = await openClients({
    credentials,
    region: 'us-east-1',
    endpointUrl,
    onCall: () => {},
    ...options,
  });
  t.after(() => clients.close());
  return clients;
}
