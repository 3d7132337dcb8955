import { foreignLine } from './foreign-line.ts';
import { connectionReasons } from './problems/connection-reasons.ts';
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

/** Why no connection came about; also where the SDK has put it into the words of another error. The end of a sentence. */
export function missingConnection(error: ProviderFailure): string | undefined {
  const words = error.message.match(/\b[A-Z]\w{3,}\b/g) ?? [];
  const inWords = words.find((word) => Object.hasOwn(connectionReasons, word)) ?? '';
  return connectionFailure(error) ?? connectionReasons[inWords];
}

/** What a provider met, as the end of a sentence with its full stop. Nothing secret is in it. */
export function reasonOf(error: ProviderFailure): string {
  const { message, code, path, Code, Message } = error;
  if (path !== undefined) return `${path} cannot be read (${code}).`;
  const connection = missingConnection(error);
  if (connection !== undefined) return `${connection}.`;
  const status = error.statusCode ?? /responded with status: (\d+)/.exec(message)?.[1];
  if (status === undefined) return foreignLine(message).replace(/[^.]$/, '$&.');
  const words = foreignLine([Code, Message].filter((word) => word !== undefined).join(': '));
  return `it answered with status ${status}${words === '' ? '' : ` (${words})`}.`;
}
