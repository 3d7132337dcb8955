import { type Problem, ProblemError } from '../ceremony/problem.ts';
import { ForeignAnswerError, SlowAnswerError } from './patience-errors.ts';
import { type ConnectionFailure, connectionReasons, proxyFailure } from './problems/connection-reasons.ts';
import { diskEntries } from './problems/disk.ts';
import { SettingsError } from './settings-error.ts';
import { SignInError } from './sign-in-error.ts';

type Thrown = {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  /** What a proxy answered, where it made no tunnel. */
  readonly statusCode?: number;
  /** Milliseconds, where it made none in time. */
  readonly proxyTunnelTimeout?: number;
  readonly path?: string;
  /** Of the request that it came from. */
  readonly host?: string;
  readonly cause?: unknown;
  /** Hidden by the SDK from inspection, and there. */
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
};
let table: typeof import('./problems/catalogue.ts') | undefined;

/** Loads the table of errors. It is large, so that clients bring it along and the first frame does not wait for it. */
export async function loadErrorTable(): Promise<void> {
  table ??= await import('./problems/catalogue.ts');
}

type Common = Pick<Problem, 'what' | 'state' | 'requestId'>;

/** Says why a connection failed; `undefined` when the error has another kind. */
export function connectionFailure(error: unknown): ConnectionFailure | undefined {
  if (error instanceof SlowAnswerError) return { reason: error.reason };
  const { code, name, cause, statusCode, proxyTunnelTimeout } = (error ?? {}) as Thrown;
  return (
    (code === 'ERR_PROXY_TUNNEL' ? proxyFailure(statusCode, proxyTunnelTimeout !== undefined) : undefined) ??
    connectionReasons[code ?? ''] ??
    connectionReasons[name ?? ''] ??
    (cause === undefined ? undefined : connectionFailure(cause))
  );
}

/**
 * Turns whatever a call threw into a problem, by the error's name: messages may be missing on the wire.
 * @param what did not happen, and what state that leaves: the caller knows, AWS does not say.
 */
export function explainAwsError(error: unknown, { what, state }: { what: string; state?: string }): Problem {
  if (error instanceof ProblemError) return error.problem;
  const { name = 'Error', $metadata, code, host } = (error ?? {}) as Thrown;
  const common = {
    what,
    ...(state === undefined ? {} : { state }),
    ...($metadata?.requestId === undefined ? {} : { requestId: $metadata.requestId }),
  };
  if (error instanceof SignInError) return { kind: 'fixable', ...common, ...error.failure, code: name };
  if (error instanceof SettingsError) return { kind: 'fixable', ...common, ...error.failure };
  if (error instanceof ForeignAnswerError) return notAws(common, `${error.message} `);
  const entry = table?.findEntry(name);
  // Behind an error with a name of its own, such as that of a credentials provider, a cut connection is a detail.
  const isWhole = entry === undefined || error instanceof SlowAnswerError;
  const failure = connectionFailure(isWhole ? error : { name, code });
  if (failure !== undefined) return unreachable(failure, { host, ...common });
  if (code !== undefined && diskEntries.some(({ names }) => names.includes(code)))
    return onDisk(error as Thrown, common);
  if (isWebPage(error as Thrown)) return notAws(common);
  const says = sentenceOf(error as Thrown);
  if (table !== undefined && entry !== undefined) {
    const { kind, why, next } = table.readingOf(entry, { message: says });
    // AWS's own sentence names the action and the resource that a permission is missing for.
    const who = $metadata?.httpStatusCode === undefined ? 'The SDK' : 'AWS';
    return { kind, ...common, why: says === '' ? why : `${why} ${who} says: ${says}`, code: name, next };
  }
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return unforeseen(error, common);
  return status >= 500
    ? { kind: 'waiting', ...common, why: 'AWS had a fault of its own.', code: name, next: ['Try again in a moment.'] }
    : withoutName(status, { says, name, common });
}

/** A proxy, a captive portal or another server answers with a page for people, at any status; AWS never does. */
function isWebPage({ $response, $metadata, message = '' }: Thrown): boolean {
  if ($metadata?.httpStatusCode === undefined) return false;
  const type = $response?.headers?.['content-type'] ?? '';
  return $metadata.httpStatusCode === 407 || type.startsWith('text/html') || message.includes('Deserialization error');
}

function notAws(common: Common, seen = ''): Problem {
  return {
    kind: 'fixable',
    ...common,
    why: `${seen}What answers at the endpoint is not AWS: a proxy, a sign-in page or another server.`,
    next: ['Check the proxy settings and the endpoint: env | grep -iE "proxy|AWS_ENDPOINT"'],
  };
}

/** A HEAD request is answered without a body: the status is all there is. */
function withoutName(status: number, { says, name, common }: { says: string; name: string; common: Common }): Problem {
  const entry = table?.findEntry(status === 403 ? 'AccessDenied' : status === 404 ? 'NotFound' : '');
  if (entry !== undefined && says === '')
    return { ...common, kind: entry.kind, why: entry.why, code: name, next: entry.next };
  return {
    kind: 'fixable',
    ...common,
    why: says === '' ? `AWS refused it with status ${status} and gave no reason.` : `AWS says: ${says}`,
    code: name,
    next: ['Try again, or change the answer.'],
  };
}

function unreachable(
  { reason, help }: ConnectionFailure,
  { host = 'AWS', ...common }: Common & { host: string | undefined },
): Problem {
  return {
    kind: 'waiting',
    ...common,
    why: `The connection to ${host} failed: ${reason}.`,
    next: help?.() ?? ['Check the network, the VPC endpoint and the proxy settings, then try again.'],
  };
}

function onDisk({ code = '', path }: Thrown, common: Common): Problem {
  const entry = diskEntries.find(({ names }) => names.includes(code));
  return {
    kind: 'fixable',
    ...common,
    why: `${entry?.why}${path === undefined ? '' : ` (${path})`}`,
    code,
    next: entry?.next ?? [],
  };
}

/** A defect, told in one line. */
function unforeseen(error: unknown, common: Common): Problem {
  return {
    kind: 'ours',
    ...common,
    why: `Something unforeseen: ${String((error as Thrown | null)?.message ?? error).split('\n')[0]}`,
    next: ['Try again. If it stays, report this line.'],
  };
}

/** AWS's own sentence in one line; empty where the wire carried none, for which the SDK puts a word of its own. */
function sentenceOf({ message = '', name }: Thrown): string {
  const sentence = message.replaceAll(/\s+/g, ' ').trim();
  return ['UnknownError', 'Unknown', name].includes(sentence) ? '' : sentence;
}
