import { AwsError } from './aws-error.ts';
import { type Exchange, header } from './exchange.ts';

/** What practice AWS calls itself in every answer, so that a client can tell it from AWS. */
export const serverName = 'keyferry-practice';

/** The names of this machine by which practice AWS is reached, at whatever port: relays may stand before it. */
const ownHosts = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Throws AccessDenied (403) for a request that a web page may have sent. Browsers say so by `Origin` or `Sec-Fetch-Site`
 * (Fetch Standard, 3.2; Fetch Metadata, 2.4), and a name that somebody else made point at this machine stands in `Host`.
 * A bucket as a part of the host name is therefore declined too.
 */
export function refuseStrangers(exchange: Exchange): void {
  const host = header(exchange, 'host') ?? '';
  const web = ['origin', 'sec-fetch-site'].find((name) => header(exchange, name) !== undefined);
  if (web !== undefined || !ownHosts.test(host)) {
    throw new AwsError(
      'AccessDenied',
      web === undefined
        ? `Practice AWS answers at 127.0.0.1, localhost and [::1] alone, not at "${host}". For a bucket, use path-style addressing.`
        : `Practice AWS answers no web page: the request has the header ${web}.`,
      { status: 403 },
    );
  }
}
