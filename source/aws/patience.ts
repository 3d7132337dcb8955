import { Readable } from 'node:stream';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { Expect } from '../ceremony/waiting.ts';
import { ForeignAnswerError, SlowAnswerError } from './patience-errors.ts';
import { watchAnswer } from './watched-answer.ts';

/** How long a service is waited for, and how much it may send. */
export type Patience = {
  /** From the end of the sent request to the first byte of the answer. */
  readonly answerMs: number;
  /** The same where S3 first puts an object together. S3 API reference, CompleteMultipartUpload. */
  readonly assemblyMs: number;
  /** In each window of this length at least `leastBytes` bytes must move. */
  readonly windowMs: number;
  readonly leastBytes: number;
  /** Of an answer that is read whole into memory. */
  readonly mostBytes: number;
};

/**
 * 1 kB/s over a minute. The longest answers that are parsed are pages of ListRoles: 1,000 roles, each with a trust policy of
 * at most 2,048 characters (IAM quotas), which the encoding as a URL makes up to three times as long.
 */
export const patience: Patience = {
  answerMs: 30_000,
  assemblyMs: 10 * 60_000,
  windowMs: 60_000,
  leastBytes: 60_000,
  mostBytes: 8_000_000,
};

/** For a connection to come about, with TLS and the way through a proxy. */
export const connectMs = 5000;

/** Bounds the time for a connection. All that comes after that is bounded by {@link bePatient}. */
export const connectionLimits = { connectionTimeout: connectMs, requestTimeout: 0, socketTimeout: 0 } as const;

const assembling = new Set(['CompleteMultipartUploadCommand', 'CopyObjectCommand', 'UploadPartCopyCommand']);
const streaming = new Set(['GetObjectCommand']);

/** A larger body is sent in pieces, so that it is seen how far it has come. */
const pieceBytes = 32 * 1024;

/**
 * Bounds each request of a client: its connection, the sending of its body, the wait for the first byte of the answer and
 * the answer itself. To be called once for a client.
 * @param limits.expect tells the person what is waited for.
 */
export function bePatient(client: Client, limits: Patience & { readonly expect: Expect }): void {
  /** The command of each request; the request handler is not told. */
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
type Handling = {
  readonly handle: Handle;
  readonly request: Parameters<Handle>[0];
  readonly options: NonNullable<Parameters<Handle>[1]>;
  readonly command: string;
};

async function handlePatiently(
  { handle, request, options, command }: Handling,
  { expect, ...limits }: Patience & { readonly expect: Expect },
): ReturnType<Handle> {
  const host = hostOf(request);
  const tooSlow = new AbortController();
  const { abortSignal: caller } = options as { readonly abortSignal?: AbortSignal };
  const abortSignal = caller === undefined ? tooSlow.signal : AbortSignal.any([caller, tooSlow.signal]);
  const giveUp = (reason: string) => tooSlow.abort(new SlowAnswerError(host, reason, 'connected'));
  let timer: NodeJS.Timeout | undefined;
  let endWait = () => {};
  const onSent = () => {
    clearInterval(timer);
    endWait = expect(host);
    const ms = assembling.has(command) ? limits.assemblyMs : limits.answerMs + onTheWayMs(request.body);
    timer = setTimeout(() => giveUp(`no answer came within ${Math.round(ms / 1000)} s`), ms);
  };
  try {
    const { body } = request;
    const isLarge = body instanceof Uint8Array && body.length > pieceBytes;
    let moved = 0;
    if (isLarge)
      timer = setInterval(() => {
        if (moved < limits.leastBytes) giveUp(slowly('sent', limits));
        moved = 0;
      }, limits.windowMs);
    else onSent();
    const sent = isLarge ? inPieces(body, { onPiece: (bytes) => (moved += bytes), onSent }) : body;
    // The SDK may send the same request again, so that it keeps its own body: this one shares all but that.
    const once = Object.create(request, { body: { value: sent } });
    const { response } = await handle(once, { ...options, abortSignal });
    const limit = streaming.has(command) ? Number.POSITIVE_INFINITY : limits.mostBytes;
    if (response.body instanceof Readable) {
      const onEnd = endWait;
      endWait = () => {};
      // An object is read for as long as it takes, and its progress is shown.
      if (streaming.has(command)) onEnd();
      response.body = watchAnswer(response.body, {
        windowMs: limits.windowMs,
        leastBytes: limits.leastBytes,
        mostBytes: limit,
        onEnd,
        tooSlow: () => new SlowAnswerError(host, slowly('came', limits), 'connected'),
        tooLong: () =>
          new ForeignAnswerError(host, `sent more than ${limit / 1_000_000} MB where AWS sends a short answer`),
        brokenOff: (error) => withHost(error, host),
      });
    }
    return { response };
  } catch (error) {
    throw tooSlow.signal.aborted ? tooSlow.signal.reason : withHost(error, host);
  } finally {
    // Clears either kind.
    clearTimeout(timer);
    endWait();
  }
}

/** The bytes in pieces, as fast as the connection takes them. */
function inPieces(
  bytes: Uint8Array,
  { onPiece, onSent }: { onPiece: (bytes: number) => void; onSent: () => void },
): Readable {
  function* pieces() {
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const piece = bytes.subarray(start, start + pieceBytes);
      yield piece;
      onPiece(piece.length);
    }
    onSent();
  }
  return Readable.from(pieces(), { objectMode: false, highWaterMark: pieceBytes });
}

/**
 * What has been sent may still wait in the buffer of the system, a few MB on Linux, where nobody sees how far it has come: a
 * second is given for each 64 KiB, a minute at most.
 */
function onTheWayMs(body: unknown): number {
  return body instanceof Uint8Array ? Math.min(60, Math.floor(body.length / 65_536)) * 1000 : 0;
}

function slowly(verb: 'sent' | 'came', { leastBytes, windowMs }: Patience): string {
  const seconds = Math.round(windowMs / 1000);
  const least = `${Math.round(leastBytes / 1000)} kB`;
  return verb === 'sent'
    ? `less than ${least} could be sent in ${seconds} s`
    : `less than ${least} came in ${seconds} s`;
}

function hostOf({ hostname, port }: Handling['request']): string {
  return port === undefined ? hostname : `${hostname}:${port}`;
}

/** The handler's own words for a connection that does not come about name no host; Node's errors seldom do. */
function withHost<Thrown>(error: Thrown, host: string): Thrown | Error {
  const { name, code } = error as { name?: string; code?: string };
  if (code === 'HPE_HEADER_OVERFLOW') return new ForeignAnswerError(host, 'sent more headers than AWS does');
  if (code?.startsWith('HPE_') === true) return new ForeignAnswerError(host, 'answered with something that is no HTTP');
  if (name === 'TimeoutError' && code === undefined)
    return new SlowAnswerError(host, `no connection came about within ${connectMs / 1000} s`, 'not connected');
  if (error instanceof Error) Object.defineProperty(error, 'host', { value: host, configurable: true });
  return error;
}
