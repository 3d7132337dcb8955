import { suggestTrust } from '../authorities.ts';

/** Why a connection failed. */
export type ConnectionFailure = {
  /** The end of a sentence, such as `nothing listens there`. */
  readonly reason: string;
  /** Says what to do. It may read files, so that it is called only when a person will read the result. */
  readonly help?: () => readonly string[];
};

const untrusted: ConnectionFailure = {
  reason: 'its certificate is not trusted here, as behind an inspecting proxy',
  help: suggestTrust,
};

/**
 * The reason of each failure, by the error code or error name of Node and the SDK. It is a map, because an answer may have any
 * name: an object also has the names that every object has, such as `constructor`.
 */
export const connectionReasons: ReadonlyMap<string | undefined, ConnectionFailure> = new Map(
  Object.entries<ConnectionFailure>({
    ENOTFOUND: { reason: 'the name of the endpoint is not known here (DNS)' },
    EAI_AGAIN: { reason: 'the name server does not answer (DNS)' },
    ECONNREFUSED: { reason: 'nothing listens there' },
    ECONNRESET: { reason: 'the connection was cut' },
    EPIPE: { reason: 'the connection was cut' },
    EHOSTUNREACH: { reason: 'there is no route to it' },
    ENETUNREACH: { reason: 'there is no route to it' },
    ETIMEDOUT: { reason: 'no answer came in time' },
    TimeoutError: { reason: 'no answer came in time' },
    AbortError: { reason: 'no answer came in time' },
    CERT_HAS_EXPIRED: { reason: 'its certificate has expired', help: suggestTrust },
    CERT_NOT_YET_VALID: {
      reason: 'its certificate is not valid yet, so the clock here may be wrong',
      help: suggestTrust,
    },
    ERR_TLS_CERT_ALTNAME_INVALID: { reason: 'its certificate is for another name', help: suggestTrust },
    SELF_SIGNED_CERT_IN_CHAIN: untrusted,
    DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
    EPROTO: { reason: 'it does not speak TLS there, as when a plain port is asked with https' },
    ERR_SSL_WRONG_VERSION_NUMBER: { reason: 'it does not speak TLS there, as when a plain port is asked with https' },
    ERR_INVALID_URL: { reason: 'the address of the endpoint is not one' },
  }),
);

/**
 * Says why a proxy did not connect to AWS. Node.js manual, "ERR_PROXY_TUNNEL".
 * @param status the HTTP status of the proxy's answer; `undefined` when it did not answer.
 * @param isLate true when the proxy did not answer in time.
 */
export function explainProxyFailure(status: number | undefined, isLate = false): ConnectionFailure {
  if (isLate) return { reason: 'the proxy made no way through in time', help: suggestOpeningProxy };
  if (status === undefined)
    return { reason: 'the proxy broke off before there was a way through', help: suggestOpeningProxy };
  // Some proxies answer 401 to a wrong password.
  if (status === 407 || status === 401)
    return {
      reason: `the proxy wants a user and password, or others than it was given (${status})`,
      help: suggestPassword,
    };
  if (status === 403) return { reason: 'the proxy does not let it through (403)', help: suggestOpeningProxy };
  return { reason: `the proxy answered with status ${status}`, help: suggestOpeningProxy };
}

const suggestPassword = () => [
  'Give both in the variable: export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT (special characters as %XX)',
  'Then start Keyferry again.',
];

const suggestOpeningProxy = () => [
  'Check HTTPS_PROXY, and ask those who run the proxy to let the hosts of AWS through.',
  'For hosts that are reached without it, add them to NO_PROXY.',
];
