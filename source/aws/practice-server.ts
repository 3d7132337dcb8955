import type { KMSClient } from '@aws-sdk/client-kms';

/** The value of the header `Server` in every answer of practice AWS. */
const serverName = 'keyferry-practice';

const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]', '::1'];

/**
 * True when an answer came from practice AWS on this machine. The function needs both facts: any server could send the
 * header, and any program could listen on loopback.
 * @param hostname the host to which the request was sent.
 * @param server the header `Server` of the answer.
 */
export function isPracticeServer(hostname: string, server: string | undefined): boolean {
  return isLoopback(hostname) && server === serverName;
}

/** True when a host name from a URL or a `Host` header is a loopback name or loopback IP address. */
export function isLoopback(hostname: string): boolean {
  return loopbackHosts.includes(hostname);
}

/** From now on, calls `tell` for each answer to a client: did it come from practice AWS on this machine, or not? */
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
    // This place in the stack sees the raw answer before the SDK turns a refusal into an error.
    { step: 'deserialize', priority: 'low', name: 'noteServer' },
  );
}
