import { type Problem, ProblemError } from '../ceremony/problem.ts';
import { diskReason } from '../disk/reason.ts';
import { UnfitAnswerError } from './check-answers.ts';
import { ForeignAnswerError, SlowAnswerError } from './patience-errors.ts';
import { type ConnectionFailure, connectionReasons, explainProxyFailure } from './problems/connection-reasons.ts';
import { diskEntries } from './problems/disk.ts';
import { SettingsError } from './settings-error.ts';
import { SignInError } from './sign-in-error.ts';

/** The members that an error of the SDK, of Node or of a proxy tunnel may have. */
type Thrown = {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  /** The HTTP status with which a proxy refused a tunnel. */
  readonly statusCode?: number;
  /** The limit in milliseconds, when a proxy did not open a tunnel in time. */
  readonly proxyTunnelTimeout?: number;
  readonly path?: string;
  /** The call of the system that failed. Errors of other origin have none. */
  readonly syscall?: string;
  /** The host to which the failed request was sent. */
  readonly host?: string;
  readonly cause?: unknown;
  /** The SDK hides this member when an error is printed, but it is there. */
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
};

/** The table of errors, once it is loaded. */
let table: typeof import('./problems/catalogue.ts') | undefined;

/** Loads the table of errors. It is large: `openClients` loads it, so that the first frame does not wait for it. */
export async function loadErrorTable(): Promise<void> {
  table ??= await import('./problems/catalogue.ts');
}

/** The members that every problem of a call has in common. */
type Common = Pick<Problem, 'what' | 'state' | 'requestId'>;

/**
 * Says why a connection failed. Gives `undefined` when the error is not about a connection. Looks at the error's code, then
 * its name, then its cause.
 */
export function explainConnectionFailure(error: unknown): ConnectionFailure | undefined {
  if (error instanceof SlowAnswerError) return { reason: error.reason };
  const { code, name, cause, statusCode, proxyTunnelTimeout } = (error ?? {}) as Thrown;
  return (
    (code === 'ERR_PROXY_TUNNEL' ? explainProxyFailure(statusCode, proxyTunnelTimeout !== undefined) : undefined) ??
    connectionReasons.get(code) ??
    connectionReasons.get(name) ??
    (cause === undefined ? undefined : explainConnectionFailure(cause))
  );
}

/**
 * Turns an error of a call into a problem. Finds the explanation by the error's name, because AWS may leave the message out. Gives
 * the problem of a ProblemError unchanged, without these words.
 * @param words.what a sentence that says what did not happen. AWS does not say this; the caller knows it.
 * @param words.state a sentence that says what is true now, such as that nothing was changed.
 * @param words.operation the name of the operation, such as `PutObject`, when that makes the explanation more exact.
 */
export function explainAwsError(
  error: unknown,
  { what, state, operation }: { what: string; state?: string; operation?: string },
): Problem {
  if (error instanceof ProblemError) return error.problem;
  const thrown = (error ?? {}) as Thrown;
  const { name = 'Error', $metadata, code, host } = thrown;
  const common = {
    what,
    ...(state === undefined ? {} : { state }),
    ...($metadata?.requestId === undefined ? {} : { requestId: $metadata.requestId }),
  };
  if (error instanceof SignInError) return { kind: 'fixable', ...common, ...error.failure, code: name };
  if (error instanceof SettingsError) return { kind: 'fixable', ...common, ...error.failure };
  if (error instanceof ForeignAnswerError || error instanceof UnfitAnswerError)
    return describeForeignServer(common, `${error.message} `);
  const entry = table?.findEntry(name);
  // When the table knows the error's name, such as that of a credentials provider, a broken connection in its `cause` is
  // only a detail. Then only the name and the code can make it a connection failure. A SlowAnswerError has its reason itself.
  const mayReadCause = entry === undefined || error instanceof SlowAnswerError;
  const failure = explainConnectionFailure(mayReadCause ? error : { name, code });
  if (failure !== undefined) return describeUnreachable(failure, { host, ...common });
  if (isDiskError(thrown)) return describeDiskError(thrown, common);
  if (isForeignAnswer(thrown)) return describeForeignServer(common);
  const sentence = readSentence(thrown);
  if (table !== undefined && entry !== undefined) {
    const { kind, why, next, speaker: otherSpeaker } = table.chooseReading(entry, { message: sentence, operation });
    const speaker = otherSpeaker ?? ($metadata?.httpStatusCode === undefined ? 'The SDK' : 'AWS');
    // AWS's own sentence names the missing permission: the action and the resource.
    const fullWhy = sentence === '' ? why : `${why} ${speaker} says: ${sentence}`;
    return { kind, ...common, why: fullWhy, code: name, next };
  }
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return describeDefect(error, common);
  return status >= 500
    ? { kind: 'waiting', ...common, why: 'AWS had a fault of its own.', code: name, next: ['Try again in a moment.'] }
    : describeUnknownName(status, { sentence, name, common });
}

/** True when the answer cannot be from AWS. Proxies and other servers send web pages, with any status; AWS does not. */
function isForeignAnswer({ $response, $metadata, message = '' }: Thrown): boolean {
  if ($metadata?.httpStatusCode === undefined) return false;
  const type = $response?.headers?.['content-type'] ?? '';
  const isFromProxy = $metadata.httpStatusCode === 407;
  const isUnreadable = message.includes('Deserialization error');
  return isFromProxy || isUnreadable || type.startsWith('text/html');
}

/**
 * Describes an answer that did not come from AWS.
 * @param seen what the other server did: empty, or a sentence with a space at its end.
 */
function describeForeignServer(common: Common, seen = ''): Problem {
  return {
    kind: 'fixable',
    ...common,
    why: `${seen}What answers at the endpoint is not AWS: a proxy, a sign-in page or another server.`,
    next: ['Check the proxy settings and the endpoint: env | grep -iE "proxy|AWS_ENDPOINT"'],
  };
}

/**
 * Describes an answer whose error name the table does not have. The answer to a HEAD request has neither name nor sentence:
 * there the status decides.
 */
function describeUnknownName(
  status: number,
  { sentence, name, common }: { sentence: string; name: string; common: Common },
): Problem {
  const entry = table?.findEntry(namesOfStatus[status] ?? '');
  if (entry !== undefined && sentence === '')
    return { ...common, kind: entry.kind, why: entry.why, code: name, next: entry.next };
  if (status >= 300 && status < 400 && sentence === '') return describeRedirection(status, common);
  return {
    kind: 'fixable',
    ...common,
    why: sentence === '' ? `AWS refused it with status ${status} and gave no reason.` : `AWS says: ${sentence}`,
    code: name,
    next: ['Try again, or change the answer.'],
  };
}

/**
 * Describes an answer that only names another address, which Keyferry does not ask: a request could carry key material there. S3
 * user guide, "Request redirection and the REST API".
 */
function describeRedirection(status: number, common: Common): Problem {
  return {
    kind: 'fixable',
    ...common,
    why: `The answer only leads to another address (status ${status}), and Keyferry follows none. Proxies and sign-in pages answer so, and S3 for a bucket of another Region or a new one.`,
    next: [
      'Check the proxy settings and the endpoint: env | grep -iE "proxy|AWS_ENDPOINT"',
      'For a bucket, see its Region; where it is new, try again in a few minutes.',
    ],
  };
}

/** The error names that HTTP statuses without a name mean. */
const namesOfStatus: Readonly<Record<number, string>> = { 403: 'AccessDenied', 404: 'NotFound' };

/** Describes a connection that failed. @param host the host that did not answer, when it is known. */
function describeUnreachable(
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

/**
 * Turns an error of the file system into a problem; gives `undefined` for any other error.
 * @param what a sentence that says what did not happen.
 */
export function explainDiskError(error: unknown, what: string): Problem | undefined {
  return isDiskError((error ?? {}) as Thrown) ? describeDiskError(error as Thrown, { what }) : undefined;
}

/** True for a known error of the file system, and for any other error that a call of the system gave about a path. */
function isDiskError({ code = '', syscall, path }: Thrown): boolean {
  const isKnown = diskEntries.some(({ names }) => names.includes(code));
  return isKnown || (syscall !== undefined && path !== undefined && /^E[A-Z\d]+$/.test(code));
}

/** Describes an error of the file system, with the path when the error has one. */
function describeDiskError(error: Thrown, common: Common): Problem {
  const { code = '', path } = error;
  const { why = diskReason(error), next = ['Remove the cause, then try again.'] } =
    diskEntries.find(({ names }) => names.includes(code)) ?? {};
  return { kind: 'fixable', ...common, why: `${why}${path === undefined ? '' : ` (${path})`}`, code, next };
}

/** Describes an error that nobody expected: it is a defect of Keyferry. */
function describeDefect(error: unknown, common: Common): Problem {
  return {
    kind: 'ours',
    ...common,
    why: `Something unforeseen: ${String((error as Thrown | null)?.message ?? error).split('\n')[0]}`,
    next: ['Start Keyferry again. If it stays, report this line.'],
  };
}

/** Gives AWS's sentence on one line. Empty when AWS sent none: in its place, the SDK puts a word such as `Unknown`. */
function readSentence({ message = '', name }: Thrown): string {
  const sentence = message.replaceAll(/\s+/g, ' ').trim();
  return ['UnknownError', 'Unknown', name].includes(sentence) ? '' : sentence;
}
