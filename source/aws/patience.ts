import { Readable } from 'node:stream';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { Expect } from '../ceremony/waiting.ts';
import { ForeignAnswerError, SlowAnswerError } from './patience-errors.ts';
import { watchAnswer } from './watched-answer.ts';

/** How long Keyferry waits for a service, and how much the service may send. */
export type Patience = {
  /** The longest time from the end of the request to the first byte of the answer. */
  readonly answerMs: number;
  /**
   * Replaces `answerMs` for requests in which S3 must first put an object together. S3 API reference,
   * CompleteMultipartUpload.
   */
  readonly assemblyMs: number;
  /** In each period of this length at least `leastBytes` bytes must be sent or received. */
  readonly windowMs: number;
  readonly leastBytes: number;
  /** The largest size of an answer that is read whole into memory. */
  readonly mostBytes: number;
};

/**
 * The standard limits. The slowest allowed transfer is 1 kB/s, measured over a minute. The longest answers that are parsed
 * are pages of ListRoles: 1,000 roles, each with a trust policy of at most 2,048 characters (IAM quotas), which the encoding
 * as a URL makes up to three times as long.
 */
export const patience: Patience = {
  answerMs: 30_000,
  assemblyMs: 10 * 60_000,
  windowMs: 60_000,
  leastBytes: 60_000,
  mostBytes: 8_000_000,
};

/** The longest time to open a connection, with TLS and the tunnel through a proxy. */
export const connectMs = 5000;

/**
 * How long an agent of Node keeps a connection that no request uses. When the server says how long it keeps one, the agent
 * closes it a second earlier (Node, `http.Agent`, `agentKeepAliveTimeoutBuffer`); without a limit of its own, the agent does
 * not. Then a request could be sent at the moment when the server closes the connection. Nobody would know whether the
 * request arrived, and Keyferry would have to look for the thing that the request makes.
 */
export const idleMs = connectMs + 1000;

/**
 * Options of a request handler. They limit only the opening of a connection, and how long it stays open unused. All that is
 * between is limited by {@link bePatient}.
 */
export const connectionLimits = {
  connectionTimeout: connectMs,
  requestTimeout: 0,
  socketTimeout: 0,
  httpAgent: { timeout: idleMs },
  httpsAgent: { timeout: idleMs },
} as const;

/** Requests that may wait for `assemblyMs`. */
const assemblingCommands = new Set(['CompleteMultipartUploadCommand', 'CopyObjectCommand', 'UploadPartCopyCommand']);
/** Requests whose answer is read piece by piece, so that its size has no limit. */
const streamingCommands = new Set(['GetObjectCommand']);

/** A body over this size is sent in pieces, so that its progress can be measured. */
const pieceBytes = 32 * 1024;

/**
 * Limits the time of each request of a client: for sending its body, for the first byte of the answer and for the rest of
 * the answer. Also limits the size of the answer. Call this once for each client. A call past a limit fails with a
 * SlowAnswerError or a ForeignAnswerError.
 * @param limits.expect tells the person which host Keyferry waits for.
 */
export function bePatient(client: Client, limits: Patience & { readonly expect: Expect }): void {
  /** The command name of each request. The request handler does not get it from the SDK. */
  const commands = new WeakMap<object, string>();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        commands.set(args.request as object, commandName);
        return next(args);
      },
    { step: 'deserialize', priority: 'low', name: 'noteCommand' },
  );
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options = {}) =>
    handlePatiently({ handle, request, options, command: commands.get(request) ?? '' }, limits);
}

type Client = Pick<KMSClient, 'middlewareStack' | 'config'>;
type Handle = KMSClient['config']['requestHandler']['handle'];
/** One request, and the SDK's function that sends it. */
type Handling = {
  readonly handle: Handle;
  readonly request: Parameters<Handle>[0];
  readonly options: NonNullable<Parameters<Handle>[1]>;
  readonly command: string;
};

/** Sends one request within the limits of {@link bePatient}. */
async function handlePatiently(
  { handle, request, options, command }: Handling,
  { expect, ...limits }: Patience & { readonly expect: Expect },
): ReturnType<Handle> {
  const host = hostOf(request);
  let slowness: SlowAnswerError | undefined;
  const { abortSignal: callerSignal } = options as { readonly abortSignal?: AbortSignal };
  const { controller: both, leaveCaller } = followCaller(callerSignal);
  const giveUp = (reason: string) => {
    slowness = new SlowAnswerError(host, reason, 'connected');
    both.abort(slowness);
  };
  let timer: NodeJS.Timeout | undefined;
  let endWait = () => {};
  /** Begins the wait for the answer, when the whole body is sent. */
  const onSent = () => {
    clearInterval(timer);
    endWait = expect(host);
    const ms = assemblingCommands.has(command) ? limits.assemblyMs : limits.answerMs + lastBytesMs(request.body);
    timer = setTimeout(() => giveUp(`no answer came within ${Math.round(ms / 1000)} s`), ms);
  };
  try {
    const { body } = request;
    const pieces = piecesOf(body);
    let movedBytes = 0;
    if (pieces !== undefined)
      timer = setInterval(() => {
        if (movedBytes < limits.leastBytes) giveUp(describeSlowness('sent', limits));
        movedBytes = 0;
      }, limits.windowMs);
    else onSent();
    const sentBody =
      pieces === undefined ? body : streamPieces(pieces, { onPiece: (bytes) => (movedBytes += bytes), onSent });
    // A stream can be sent only once, and the SDK may send the same request again. Therefore the request keeps its body, and
    // this copy with the stream is sent.
    const copy = Object.create(request, { body: { value: sentBody } });
    const { response } = await handle(copy, { ...options, abortSignal: both.signal });
    const limit = streamingCommands.has(command) ? Number.POSITIVE_INFINITY : limits.mostBytes;
    // An answer without bytes is whole already.
    if (response.headers['content-length'] === '0') leaveCaller();
    else if (response.body instanceof Readable) {
      // From now on, the end of the answer ends the wait, and not the end of this function.
      const onEnd = endWait;
      endWait = () => {};
      // While an object is read, its progress is shown in place of the wait.
      if (streamingCommands.has(command)) onEnd();
      response.body.once('close', leaveCaller);
      response.body = watchAnswer(response.body, {
        windowMs: limits.windowMs,
        leastBytes: limits.leastBytes,
        mostBytes: limit,
        onEnd,
        makeSlowError: () => new SlowAnswerError(host, describeSlowness('came', limits), 'connected'),
        makeLongError: () =>
          new ForeignAnswerError(host, `sent more than ${limit / 1_000_000} MB where AWS sends a short answer`),
        translateError: (error) => withHost(error, host),
      });
    } else leaveCaller();
    return { response };
  } catch (error) {
    leaveCaller();
    throw slowness ?? withHost(error, host);
  } finally {
    // Node's clearTimeout also stops an interval.
    clearTimeout(timer);
    endWait();
  }
}

/**
 * Makes a controller that aborts with the caller's signal, until `leaveCaller` is called. AbortSignal.any would do the same, but
 * the caller's signal would keep each signal that it made. An upload has one caller's signal for any number of requests.
 */
function followCaller(callerSignal: AbortSignal | undefined) {
  const controller = new AbortController();
  const onCallerAbort = () => controller.abort(callerSignal?.reason);
  if (callerSignal?.aborted === true) onCallerAbort();
  callerSignal?.addEventListener('abort', onCallerAbort, { once: true });
  const leaveCaller = () => callerSignal?.removeEventListener('abort', onCallerAbort);
  return { controller, leaveCaller };
}

/** Gives the pieces of a body that is sent in pieces: a large body or a stream. Gives `undefined` for any other body. */
function piecesOf(body: unknown): Iterable<Uint8Array> | Readable | undefined {
  if (body instanceof Readable) return body;
  return body instanceof Uint8Array && body.length > pieceBytes ? cutIntoPieces(body) : undefined;
}

function* cutIntoPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

/** Watches a body on its way: `onPiece` gets the size of a piece when the next one is wanted; `onSent` follows the last one. */
type OnTheWay = { readonly onPiece: (bytes: number) => void; readonly onSent: () => void };

/** Gives a stream of the pieces. */
function streamPieces(pieces: Iterable<Uint8Array> | Readable, watch: OnTheWay): Readable {
  const watched = pieces instanceof Readable ? watchStream(pieces, watch) : watchPieces(pieces, watch);
  return Readable.from(watched, { objectMode: false, highWaterMark: pieceBytes });
}

function* watchPieces(pieces: Iterable<Uint8Array>, { onPiece, onSent }: OnTheWay): Generator<Uint8Array> {
  for (const piece of pieces) {
    yield piece;
    onPiece(piece.length);
  }
  onSent();
}

async function* watchStream(stream: Readable, { onPiece, onSent }: OnTheWay): AsyncGenerator<Uint8Array> {
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    yield piece;
    onPiece(piece.length);
  }
  onSent();
}

/**
 * Gives the milliseconds that the last bytes of a body may still need after Keyferry has written them: a second for each 64
 * KiB of the body, at most a minute; for a stream, a minute. During this time they may be in a buffer of the operating system
 * (a few MB on Linux), where Keyferry cannot see their progress.
 */
function lastBytesMs(body: unknown): number {
  if (body instanceof Readable) return 60_000;
  return body instanceof Uint8Array ? Math.min(60, Math.floor(body.length / 65_536)) * 1000 : 0;
}

/** Gives the end of a sentence about a transfer that is too slow. */
function describeSlowness(verb: 'sent' | 'came', { leastBytes, windowMs }: Patience): string {
  const seconds = Math.round(windowMs / 1000);
  const least = `${Math.round(leastBytes / 1000)} kB`;
  return verb === 'sent'
    ? `less than ${least} could be sent in ${seconds} s`
    : `less than ${least} came in ${seconds} s`;
}

/** Gives HOST or HOST:PORT of a request. */
function hostOf({ hostname, port }: Handling['request']): string {
  return port === undefined ? hostname : `${hostname}:${port}`;
}

/**
 * Gives the same error with the member `host`, because the errors of Node and of the SDK's handler seldom name the host. The
 * error of a broken HTTP answer becomes a ForeignAnswerError. The error of a connection that was not opened in time becomes
 * a SlowAnswerError.
 */
function withHost<Thrown>(error: Thrown, host: string): Thrown | Error {
  const { name, code } = error as { name?: string; code?: string };
  if (code === 'HPE_HEADER_OVERFLOW') return new ForeignAnswerError(host, 'sent more headers than AWS does');
  if (code?.startsWith('HPE_') === true) return new ForeignAnswerError(host, 'answered with something that is no HTTP');
  // The SDK's handler throws this error, without a code, when a connection is not opened in time.
  if (name === 'TimeoutError' && code === undefined)
    return new SlowAnswerError(host, `no connection came about within ${connectMs / 1000} s`, 'not connected');
  if (error instanceof Error) Object.defineProperty(error, 'host', { value: host, configurable: true });
  return error;
}
