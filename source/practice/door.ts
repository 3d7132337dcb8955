import { AwsError } from './aws-error.ts';
import { type Exchange, header } from './exchange.ts';

/** The value of the header `Server` in every answer. With it a client can tell practice AWS from AWS. */
export const serverName = 'keyferry-practice';

/** The host names by which practice AWS may be called. Any port is allowed, because a relay may forward the connection. */
const ownHosts = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Refuses a request that a web page may have sent. A browser sends `Origin` or `Sec-Fetch-Site` (Fetch Standard, 3.2; Fetch
 * Metadata, 2.4). A foreign `Host` is refused too, because a web page can use a name that resolves to this machine (DNS
 * rebinding). Therefore host names that begin with a bucket name do not work here.
 * @throws AccessDenied (403).
 */
export function refuseStrangers(exchange: Exchange): void {
  const host = header(exchange, 'host') ?? '';
  const webHeader = ['origin', 'sec-fetch-site'].find((name) => header(exchange, name) !== undefined);
  if (webHeader !== undefined || !ownHosts.test(host)) {
    throw new AwsError(
      'AccessDenied',
      webHeader === undefined
        ? `Practice AWS answers at 127.0.0.1, localhost and [::1] alone, not at "${host}". For a bucket, use path-style addressing.`
        : `Practice AWS answers no web page: the request has the header ${webHeader}.`,
      { status: 403 },
    );
  }
}
