import { diskReason } from '../disk/reason.ts';
import { foreignLine } from './foreign-line.ts';
import { type ConnectionFailure, connectionReasons, explainProxyFailure } from './problems/connection-reasons.ts';
import { explainConnectionFailure } from './problems.ts';

/** An error of the SDK's credential providers, with the members that Keyferry reads. */
export type ProviderFailure = Error & {
  /** The HTTP status that the metadata service answered. */
  readonly statusCode?: number;
  readonly code?: string;
  /** The path of a file that could not be read. */
  readonly path?: string;
  /** The error code and the sentence that the credentials endpoint of a container answered. */
  readonly Code?: string;
  readonly Message?: string;
  /** Present when AWS has answered. */
  readonly $metadata?: { readonly httpStatusCode?: number };
};

/** Says why a connection failed, also when the reason is only in the message; `undefined` for another kind of failure. */
export function findConnectionFailure(error: ProviderFailure): ConnectionFailure | undefined {
  // The message of a refused tunnel names the code, and then the status line of the proxy when it answered.
  const tunnel = /ERR_PROXY_TUNNEL[^\n]*?(?:HTTP\/\d\.\d (\d{3})|$)/m.exec(error.message);
  if (tunnel !== null) return explainProxyFailure(tunnel[1] === undefined ? undefined : Number(tunnel[1]));
  const [, certificateCode = ''] = certificateErrors.find(([sentence]) => error.message.includes(sentence)) ?? [];
  // Words with a capital letter, such as ECONNREFUSED.
  const words = error.message.match(/\b[A-Z]\w{3,}\b/g) ?? [];
  const codeInMessage = words.find((word) => connectionReasons.has(word));
  return (
    explainConnectionFailure(error) ?? connectionReasons.get(codeInMessage) ?? connectionReasons.get(certificateCode)
  );
}

/**
 * Sentences about certificates, with the codes of Node: the SDK keeps the sentence and drops the code. OpenSSL,
 * `X509_verify_cert_error_string(3)`.
 */
const certificateErrors = [
  ['self-signed certificate in certificate chain', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['unable to get local issuer certificate', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ['unable to verify the first certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['certificate has expired', 'CERT_HAS_EXPIRED'],
] as const;

/** Gives the reason why a credential provider failed, as the end of a sentence with a full stop. It contains no secret. */
export function reasonOf(error: ProviderFailure): string {
  const { message, code, path, Code, Message } = error;
  if (path !== undefined) return `${path} cannot be read. ${diskReason({ code })}`;
  const connection = findConnectionFailure(error);
  if (connection !== undefined) return `${connection.reason}.`;
  const status = error.statusCode ?? /responded with status: (\d+)/.exec(message)?.[1];
  // Adds a full stop when the line has none.
  if (status === undefined) return foreignLine(message).replace(/[^.]$/, '$&.');
  const answer = foreignLine([Code, Message].filter((part) => part !== undefined).join(': '));
  return `it answered with status ${status}${answer === '' ? '' : ` (${answer})`}.`;
}
