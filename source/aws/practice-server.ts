import type { KMSClient } from '@aws-sdk/client-kms';

/** What practice AWS calls itself in the header `Server` of every answer. */
const serverName = 'keyferry-practice';

const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]', '::1'];

/**
 * Tells whether practice AWS on this machine gave an answer: the header alone could come from anywhere, and what listens on
 * loopback could be anything.
 * @param server the header `Server` of the answer.
 */
export function isPracticeServer(hostname: string, server: string | undefined): boolean {
  return isLoopback(hostname) && server === serverName;
}

/** Tells whether a host name from a URL or a `Host` header is a loopback name or loopback IP address of this machine. */
export function isLoopback(hostname: string): boolean {
  return loopbackHosts.includes(hostname);
}

/** Tells of each answer whether practice AWS on this machine gave it. */
export function noteServer(
  { middlewareStack }: Pick<KMSClient, 'middlewareStack'>,
  tell: (by: 'practice' | 'other') => void,
): void {
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { hostname = '' } = args.request as { readonly hostname?: string };
      const { headers = {} } = result.response as { readonly headers?: Readonly<Record<string, string>> };
      tell(isPracticeServer(hostname, headers.server) ? 'practice' : 'other');
      return result;
    },
    // Behind the deserializer, so that it sees refusals too.
    { step: 'deserialize', priority: 'low', name: 'noteServer' },
  );
}
