import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { backOff, type Pause } from '../ceremony/waiting.ts';
import { SlowAnswerError } from './patience-errors.ts';
import { connectionFailure } from './problems.ts';

/**
 * Operations that make something new each time they are called. After a broken connection nobody knows whether they
 * did, so that only an attempt may send them again: it looks first.
 */
const makesAnew = new Set([
  'CreateKeyCommand',
  'CreateAliasCommand',
  'ImportKeyMaterialCommand',
  'CreateBucketCommand',
]);

/** Where max_attempts is not set. */
const usualTries = 6;

/** When a service asks for a longer wait, Keyferry does not wait but tells the person. */
const longestMs = 2 * 60_000;

/** The number of tries with a service that does not answer in the time allowed. */
const mostSlowTries = 2;

/** How the clients of one service try again. */
export type Retries = {
  readonly retryStrategy: RetryStrategyV2;
  /** To be called once for the client that has this strategy. */
  use(client: Client): void;
  /** Tells whether the service has answered anything yet, a refusal too. */
  hasAnswered(): boolean;
};

/**
 * Makes the retry strategy for the clients of one service. Each wait uses `pause`, so that the person sees it and can end it.
 * `Retry-After` and throttling are honoured. In the end the last error is thrown, and is a problem of kind `waiting`.
 * An address that has never answered is more likely wrong than busy, and is told at once.
 * @param limits.rate is asked before each request and told its result. After the service has throttled a request, it waits.
 */
export function retriesInSight(
  service: string,
  pause: Pause,
  { maxAttempts: mostTries = usualTries, rate }: { readonly maxAttempts?: number; readonly rate?: RateLimiter } = {},
): Retries {
  const ofAttempts = new WeakSet<object>();
  let reached = false;

  const reasonToTryAgain = ({ error, errorType }: RetryErrorInfo): string | undefined => {
    const { name, code, $metadata } = (error ?? {}) as ServiceFailure;
    const status = $metadata?.httpStatusCode;
    reached ||= status !== undefined;
    // The SDK treats this code as throttling; in KMS it means a quota, and waiting does not help.
    if (name === 'LimitExceededException') return undefined;
    if (errorType === 'THROTTLING') return `${service} asks to wait`;
    if (error === undefined || errorType === 'CLIENT_ERROR') return undefined;
    // The SDK has learned the difference and signs with it from now on.
    if ($metadata?.clockSkewCorrected === true) return `The clock here differs from that of ${service}`;
    if (ofAttempts.has(error)) return undefined;
    const failure = connectionFailure(error);
    if (failure === undefined) return `${service} had a fault of its own`;
    return reached || !neverReached.has(code ?? '') ? `No answer from ${service}: ${failure.reason}` : undefined;
  };

  return {
    retryStrategy: {
      acquireInitialRetryToken: async () => {
        await rate?.getSendToken();
        return tokenOf(0);
      },
      recordSuccess: () => {
        rate?.updateClientSendingRate({});
        reached = true;
      },
      async refreshRetryTokenForRetry(token, info) {
        const tries = token.getRetryCount() + 1;
        rate?.updateClientSendingRate(info);
        const label = reasonToTryAgain(info);
        const isSlow = info.error instanceof SlowAnswerError && (info.error.isConnected || !reached);
        const asked = (info.retryAfterHint?.getTime() ?? 0) - Date.now();
        if (label === undefined || tries >= (isSlow ? mostSlowTries : mostTries) || asked > longestMs)
          throw info.error ?? new Error('No reason to try again.');
        const milliseconds = Math.max(asked, backOff(tries, info.errorType === 'THROTTLING' ? 1000 : 500));
        await pause({ label, next: tries + 1, milliseconds });
        await rate?.getSendToken();
        return tokenOf(tries);
      },
    },
    hasAnswered: () => reached,
    use({ middlewareStack }) {
      const faults = new WeakMap<object, unknown>();
      middlewareStack.add(
        (next, context) => async (args) => {
          try {
            return await next(args);
          } catch (error) {
            // A deadline that ends the tries does not hide what the service has answered to them.
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
            if (makesAnew.has(context.commandName ?? '')) ofAttempts.add(error as object);
            throw error;
          }
        },
        { step: 'finalizeRequest', priority: 'low', name: 'leaveToAttempts' },
      );
    },
  };
}

type RateLimiter = InstanceType<typeof import('@smithy/core/retry').DefaultRateLimiter>;
type Client = Pick<KMSClient, 'middlewareStack'>;
type RetryStrategyV2 = Extract<NonNullable<KMSClientConfig['retryStrategy']>, { recordSuccess: unknown }>;
type RetryErrorInfo = Parameters<RetryStrategyV2['refreshRetryTokenForRetry']>[1];
type RetryToken = Parameters<RetryStrategyV2['recordSuccess']>[0];

type ServiceFailure = {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
};

const neverReached = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The pause has been made by the time the SDK gets the token. */
const tokenOf = (count: number): RetryToken => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

/**
 * No clear answer came to a request, so that it may have been carried out: the connection broke or AWS had a fault of
 * its own. Not so where the clients have tried again themselves and given up.
 */
export function isWithoutAnswer(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number; attempts?: number } };
  if (($metadata?.attempts ?? 1) > 1) return false;
  const status = $metadata?.httpStatusCode;
  return status === undefined ? connectionFailure(error) !== undefined : status >= 500;
}
