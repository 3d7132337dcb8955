import type { KMSClient } from '@aws-sdk/client-kms';

/** What practice AWS calls itself in the header `Server` of every answer. */
const serverName = 'keyferry-practice';

const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]', '::1'];

/**
 * Tells of each answer whether practice AWS on this machine gave it: the header alone could come from anywhere, and what
 * listens on loopback could be anything.
 */
export function noteServer(
  { middlewareStack }: Pick<KMSClient, 'middlewareStack'>,
  tell: (by: 'practice' | 'other') => void,
): void {
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { hostname = '' } = args.request as { readonly hostname?: string };
      const { headers = {} } = result.response as { readonly headers?: Readonly<Record<string, string>> };
      const isPractice = loopbackHosts.includes(hostname) && headers.server === serverName;
      tell(isPractice ? 'practice' : 'other');
      return result;
    },
    // Behind the deserializer, so that it sees refusals too.
    { step: 'deserialize', priority: 'low', name: 'noteServer' },
  );
}
