import { diskReason } from '../disk/reason.ts';
import { foreignLine } from './foreign-line.ts';
import { type ConnectionFailure, connectionReasons, proxyFailure } from './problems/connection-reasons.ts';
import { connectionFailure } from './problems.ts';

/** What the SDK's credential providers throw, as far as it tells something. */
export type ProviderFailure = Error & {
  /** Of the metadata service. */
  readonly statusCode?: number;
  readonly code?: string;
  /** Of a file that could not be read. */
  readonly path?: string;
  /** What a container's endpoint answers beside its status. */
  readonly Code?: string;
  readonly Message?: string;
  /** There where AWS has answered. */
  readonly $metadata?: { readonly httpStatusCode?: number };
};

/** Says why a connection failed, also when the SDK has put the error into the message of another error. */
export function missingConnection(error: ProviderFailure): ConnectionFailure | undefined {
  const tunnel = /ERR_PROXY_TUNNEL[^\n]*?(?:HTTP\/\d\.\d (\d{3})|$)/m.exec(error.message);
  if (tunnel !== null) return proxyFailure(tunnel[1] === undefined ? undefined : Number(tunnel[1]));
  const [, code = ''] = certificateErrors.find(([sentence]) => error.message.includes(sentence)) ?? [];
  const words = error.message.match(/\b[A-Z]\w{3,}\b/g) ?? [];
  const inWords = words.find((word) => Object.hasOwn(connectionReasons, word)) ?? '';
  return connectionFailure(error) ?? connectionReasons[inWords] ?? connectionReasons[code];
}

/** The sentences of OpenSSL by the codes of Node, which the SDK leaves out. OpenSSL, `X509_verify_cert_error_string(3)`. */
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
  const connection = missingConnection(error);
  if (connection !== undefined) return `${connection.reason}.`;
  const status = error.statusCode ?? /responded with status: (\d+)/.exec(message)?.[1];
  if (status === undefined) return foreignLine(message).replace(/[^.]$/, '$&.');
  const words = foreignLine([Code, Message].filter((word) => word !== undefined).join(': '));
  return `it answered with status ${status}${words === '' ? '' : ` (${words})`}.`;
}
