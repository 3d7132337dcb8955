/** Why no connection came about, by the code of Node, the end of a sentence. */
export const connectionReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the endpoint is not known here (DNS)',
  EAI_AGAIN: 'the name server does not answer (DNS)',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'no answer came in time',
  TimeoutError: 'no answer came in time',
  AbortError: 'no answer came in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, so the clock here may be wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted here, as behind an inspecting proxy',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted here, as behind an inspecting proxy',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted here, as behind an inspecting proxy',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted here, as behind an inspecting proxy',
  EPROTO: 'it does not speak TLS there, as when a plain port is asked with https',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there, as when a plain port is asked with https',
  ERR_INVALID_URL: 'the address of the endpoint is not one',
};

/** Why a proxy gave no way to AWS, the end of a sentence. Node.js manual, "ERR_PROXY_TUNNEL". */
export function proxyReason(status: number | undefined): string {
  if (status === undefined) return 'the proxy broke off before there was a way through';
  // Some proxies answer 401 to a wrong password.
  if (status === 407 || status === 401)
    return `the proxy wants a user and password, or others than it was given (${status})`;
  if (status === 403) return 'the proxy does not let it through (403)';
  return `the proxy answered with status ${status}`;
}

/** What to do about a reason of {@link proxyReason}. */
export function proxyHelp(reason: string): readonly string[] {
  if (/\((407|401)\)$/.test(reason))
    return [
      'Give both in the variable: export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT (special characters as %XX)',
      'Then start Keyferry again.',
    ];
  return [
    'Check HTTPS_PROXY, and ask those who run the proxy to let the hosts of AWS through.',
    'For hosts that are reached without it, add them to NO_PROXY.',
  ];
}
