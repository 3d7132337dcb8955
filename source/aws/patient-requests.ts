import { Readable } from 'node:stream';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { Expect } from '../ceremony/waiting.ts';
import { connectMs, type Patience } from './patience.ts';
import { ForeignAnswerError, SlowAnswerError } from './patience-errors.ts';
import { piecesOf, streamPieces } from './sent-body.ts';
import { watchAnswer } from './watched-answer.ts';

/** Requests that may wait for `assemblyMs`. */
const assemblingCommands = new Set(['CompleteMultipartUploadCommand', 'CopyObjectCommand', 'UploadPartCopyCommand']);
/** Requests whose answer is read piece by piece, so that its size has no limit. */
const streamingCommands = new Set(['GetObjectCommand']);

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
  const { body } = request;
  const { abortSignal: callerSignal } = options as { readonly abortSignal?: AbortSignal };
  const { controller, leaveCaller } = followCaller(callerSignal);
  const answerMs = assemblingCommands.has(command) ? limits.assemblyMs : limits.answerMs + lastBytesMs(body);
  const watch = new RequestWatch(host, { ...limits, answerMs, expect, abort: (reason) => controller.abort(reason) });
  try {
    // A stream can be sent only once, and the SDK may send the same request again. Therefore the request keeps its body, and
    // this copy with the stream is sent.
    const copy = Object.create(request, { body: { value: watch.followBody(body) } });
    const { response } = await handle(copy, { ...options, abortSignal: controller.signal });
    // An answer without bytes is whole already.
    const isWhole = response.headers['content-length'] === '0' || !(response.body instanceof Readable);
    if (isWhole) leaveCaller();
    else response.body = watchBody(response.body, { command, host, limits, watch, leaveCaller });
    return { response };
  } catch (error) {
    leaveCaller();
    throw watch.slowness ?? withHost(error, host);
  } finally {
    watch.end();
  }
}

/** The limits of one request, and how it is given up. */
type RequestLimits = Patience & { readonly expect: Expect; readonly abort: (reason: SlowAnswerError) => void };

/** Watches one request: its body on the way, and then the wait for the answer. */
class RequestWatch {
  readonly #host: string;
  readonly #limits: RequestLimits;
  /** Measures the body on the way, and then the wait for the answer. */
  #timer: NodeJS.Timeout | undefined;
  #endWait = () => {};
  /** The limit that the request has passed; `undefined` when it has passed none. */
  slowness: SlowAnswerError | undefined;

  constructor(host: string, limits: RequestLimits) {
    this.#host = host;
    this.#limits = limits;
  }

  /** Begins to watch, and gives the body to send: a large body as a stream of pieces, so that its progress can be measured. */
  followBody(body: unknown): unknown {
    const pieces = piecesOf(body);
    if (pieces === undefined) {
      this.#waitForAnswer();
      return body;
    }
    const { windowMs, leastBytes } = this.#limits;
    let movedBytes = 0;
    this.#timer = setInterval(() => {
      if (movedBytes < leastBytes) this.#giveUp(describeSlowness('sent', this.#limits));
      movedBytes = 0;
    }, windowMs);
    return streamPieces(pieces, { onPiece: (bytes) => (movedBytes += bytes), onSent: () => this.#waitForAnswer() });
  }

  /** Lets the wait that the person sees go on after {@link end}. Gives the function that ends it. */
  keepWait(): () => void {
    const endWait = this.#endWait;
    this.#endWait = () => {};
    return endWait;
  }

  /** Ends the watch, and the wait that the person sees, unless {@link keepWait} has taken that over. */
  end(): void {
    // Node's clearTimeout also stops an interval.
    clearTimeout(this.#timer);
    this.#endWait();
  }

  /** Begins the wait for the answer, when the whole body is sent. */
  #waitForAnswer(): void {
    clearInterval(this.#timer);
    const { expect, answerMs } = this.#limits;
    this.#endWait = expect(this.#host);
    this.#timer = setTimeout(() => this.#giveUp(`no answer came within ${Math.round(answerMs / 1000)} s`), answerMs);
  }

  #giveUp(reason: string): void {
    this.slowness = new SlowAnswerError(this.#host, reason, 'connected');
    this.#limits.abort(this.slowness);
  }
}

/** What {@link watchBody} needs to know of the request. */
type Watched = {
  readonly command: string;
  readonly host: string;
  readonly limits: Patience;
  readonly watch: RequestWatch;
  readonly leaveCaller: () => void;
};

/** Gives the body of an answer within the limits. The wait that the person sees ends with the body; for an object, at once. */
function watchBody(body: Readable, { command, host, limits, watch, leaveCaller }: Watched): Readable {
  const isStreamed = streamingCommands.has(command);
  const mostBytes = isStreamed ? Number.POSITIVE_INFINITY : limits.mostBytes;
  const onEnd = watch.keepWait();
  // While an object is read, its progress is shown in place of the wait.
  if (isStreamed) onEnd();
  body.once('close', leaveCaller);
  return watchAnswer(body, {
    windowMs: limits.windowMs,
    leastBytes: limits.leastBytes,
    mostBytes,
    onEnd,
    makeSlowError: () => new SlowAnswerError(host, describeSlowness('came', limits), 'connected'),
    makeLongError: () =>
      new ForeignAnswerError(host, `sent more than ${mostBytes / 1_000_000} MB where AWS sends a short answer`),
    translateError: (error) => withHost(error, host),
  });
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

/**
 * Gives the milliseconds that the last bytes of a body may still need after Keyferry has written them: a second for each 64 KiB of
 * the body, at most a minute; for a stream, a minute; for any other body, 0. During this time the bytes may be in a buffer of the
 * operating system (a few MB on Linux), where Keyferry cannot see their progress.
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
