import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { backOff, type Pause } from '../ceremony/waiting.ts';
import { SlowAnswerError } from './patience-errors.ts';
import { explainConnectionFailure } from './problems.ts';

/**
 * Operations that the clients do not repeat after a lost answer, because a second call could make a second thing. Only an
 * `attempt` of a step, or the sending of a file, repeats them: it first looks whether the first call worked.
 */
const creatingCommands = new Set([
  'CreateKeyCommand',
  'CreateAliasCommand',
  'UpdateAliasCommand',
  'ImportKeyMaterialCommand',
  'CreateBucketCommand',
  'CreateMultipartUploadCommand',
]);

/** The number of tries when max_attempts is not set. */
const usualTries = 6;

/** The longest wait that a service may ask for, in milliseconds. When it asks for more, the call fails at once. */
const longestMs = 2 * 60_000;

/** The wait before the second try, in milliseconds. Each further wait is about twice as long. */
const firstMs = 500;

/** The same after throttling. */
const throttledFirstMs = 1000;

/** The number of tries when a service does not answer in the allowed time. */
const mostSlowTries = 2;

/** How the clients of one service try again. */
export type Retries = {
  readonly retryStrategy: RetryStrategyV2;
  /** Adds to the client what the strategy needs to know about its calls. Call this once for each client. */
  use(client: Client): void;
  /** True when the service has answered at least once. A refusal is an answer too. */
  hasAnswered(): boolean;
};

/**
 * Makes the retry strategy for the client of one service. Each wait before another try goes through `pause`, so that the
 * person sees the wait and can end it. Waits longer after throttling, and as long as `Retry-After` asks; when that is more than two
 * minutes, there is no other try. Does not repeat {@link creatingCommands} after a lost answer. After the last try, the call throws
 * the last error. When the service has never answered, and no connection was made (see {@link unreachedCodes}), there is no second
 * try, because its address is probably wrong. After a SlowAnswerError there are two tries at most, unless the service has answered
 * before and this connection was not made.
 * @param service the name that people read, such as `KMS`.
 * @param limits.maxAttempts how often a request is sent at most in all other cases.
 * @param limits.rate limits how fast requests are sent, for the retry mode `adaptive`.
 */
export function makeVisibleRetries(
  service: string,
  pause: Pause,
  { maxAttempts: mostTries = usualTries, rate }: { readonly maxAttempts?: number; readonly rate?: RateLimiter } = {},
): Retries {
  /** The errors of {@link creatingCommands}, which only an `attempt` of a step may repeat. */
  const leftToAttempts = new WeakSet<object>();
  /** True when the service has answered at least once. */
  let hasAnswered = false;

  /** Gives the reason for another try, as the person will read it, or `undefined` when the error is final. */
  const reasonToTryAgain = ({ error, errorType }: RetryErrorInfo): string | undefined => {
    const { name, code, $metadata } = (error ?? {}) as ServiceFailure;
    const status = $metadata?.httpStatusCode;
    // The SDK treats this code as throttling; in KMS it means a quota, and waiting does not help.
    if (name === 'LimitExceededException') return undefined;
    if (errorType === 'THROTTLING' && hasDoneNothing(service, status)) return `${service} asks to wait`;
    if (error === undefined || errorType === 'CLIENT_ERROR') return undefined;
    // The SDK has learned how much the clocks differ, and will sign the next try with the right time.
    if ($metadata?.clockSkewCorrected === true) return `The clock here differs from that of ${service}`;
    if (leftToAttempts.has(error)) return undefined;
    const failure = explainConnectionFailure(error);
    if (failure === undefined) return `${service} had a fault of its own`;
    return hasAnswered || !unreachedCodes.has(code ?? '') ? `No answer from ${service}: ${failure.reason}` : undefined;
  };

  return {
    retryStrategy: {
      acquireInitialRetryToken: async () => {
        await rate?.getSendToken();
        return makeToken(0);
      },
      recordSuccess: () => {
        rate?.updateClientSendingRate({});
        hasAnswered = true;
      },
      async refreshRetryTokenForRetry(token, info) {
        const tries = token.getRetryCount() + 1;
        rate?.updateClientSendingRate(info);
        const { $metadata } = (info.error ?? {}) as ServiceFailure;
        hasAnswered ||= $metadata?.httpStatusCode !== undefined;
        const label = reasonToTryAgain(info);
        // A SlowAnswerError comes only after the whole time limit. There are fewer tries when the connection was open, or
        // when the service has never answered and may be unreachable.
        const hasFewerTries = info.error instanceof SlowAnswerError && (info.error.isConnected || !hasAnswered);
        // Less than 0 when the service has not asked for a wait.
        const askedMs = (info.retryAfterHint?.getTime() ?? 0) - Date.now();
        const isLastTry = tries >= (hasFewerTries ? mostSlowTries : mostTries);
        if (label === undefined || isLastTry || askedMs > longestMs)
          throw info.error ?? new Error('No reason to try again.');
        const milliseconds = Math.max(
          askedMs,
          backOff(tries, info.errorType === 'THROTTLING' ? throttledFirstMs : firstMs),
        );
        await pause({ label, next: tries + 1, milliseconds });
        await rate?.getSendToken();
        return makeToken(tries);
      },
    },
    hasAnswered: () => hasAnswered,
    use: (client) => watchFailures(client, leftToAttempts),
  };
}

/**
 * From now on, adds the errors of {@link creatingCommands} of a client to `leftToAttempts`. When a time limit ends the tries of a
 * call, the call fails with the last answer of status 5xx, if there was one: it says more than the AbortError.
 */
function watchFailures({ middlewareStack }: Client, leftToAttempts: WeakSet<object>): void {
  /** The last answer with status 5xx to each call, by the call's context. */
  const faults = new WeakMap<object, unknown>();
  middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw (error as ServiceFailure).name === 'AbortError' ? (faults.get(context) ?? error) : error;
      }
    },
    { step: 'initialize', priority: 'low', name: 'tellAnswers' },
  );
  middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (((error as ServiceFailure).$metadata?.httpStatusCode ?? 0) >= 500) faults.set(context, error);
        if (creatingCommands.has(context.commandName ?? '')) leftToAttempts.add(error as object);
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'leaveToAttempts' },
  );
}

/**
 * Tells whether a throttling error says that the service has done nothing. The services say it with a status 4xx, and S3 with 503.
 * With any other status, the name of the error is not to be trusted: the service may have acted. An error without a status counts
 * as one with 4xx.
 */
const hasDoneNothing = (service: string, status = 400) => status < 500 || (service === 'S3' && status === 503);

type RateLimiter = InstanceType<typeof import('@smithy/core/retry').DefaultRateLimiter>;
type Client = Pick<KMSClient, 'middlewareStack'>;
type RetryStrategyV2 = Extract<NonNullable<KMSClientConfig['retryStrategy']>, { recordSuccess: unknown }>;
type RetryErrorInfo = Parameters<RetryStrategyV2['refreshRetryTokenForRetry']>[1];
type RetryToken = Parameters<RetryStrategyV2['recordSuccess']>[0];

/** The members of an error of a call that decide about another try. */
type ServiceFailure = {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
};

/** Codes of Node that mean: no connection was made at all. */
const unreachedCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Makes the SDK's token for the next try, after `count` tries. Its delay is 0, because `pause` has already waited. */
const makeToken = (count: number): RetryToken => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

/**
 * True when nobody knows whether AWS carried out a request: the connection broke, or AWS answered with 5xx. False when the
 * clients have already repeated the request themselves.
 */
export function isWithoutAnswer(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  if (wasSentAgain(error)) return false;
  const status = $metadata?.httpStatusCode;
  return status === undefined ? explainConnectionFailure(error) !== undefined : status >= 500;
}

/** True when a client has sent the request more than once: then an earlier try may have done what the last one was refused. */
export function wasSentAgain(error: unknown): boolean {
  return ((error as { $metadata?: { attempts?: number } } | null)?.$metadata?.attempts ?? 1) > 1;
}
