import { setTimeout as wait } from 'node:timers/promises';
import { AwsError } from './aws-error.ts';
import type { Effect } from './control.ts';
import { refusals, type Service } from './signature-refusals.ts';

/** Thrown when practice AWS must close the connection instead of sending an answer. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}

const internalError = 'We encountered an internal error. Please try again.';

/**
 * The errors of each service for throttling and for a fault of its own. Source: "Common error types" of each API reference.
 */
const answers: Record<Service, Record<'throttle' | 'fail', readonly [code: string, text: string, status: number]>> = {
  kms: {
    throttle: ['ThrottlingException', 'Rate exceeded', 400],
    fail: ['KMSInternalException', 'An internal error occurred.', 500],
  },
  s3: { throttle: ['SlowDown', 'Please reduce your request rate.', 503], fail: ['InternalError', internalError, 500] },
  sts: { throttle: ['Throttling', 'Rate exceeded', 400], fail: ['InternalFailure', internalError, 500] },
  iam: { throttle: ['Throttling', 'Rate exceeded', 400], fail: ['ServiceFailure', internalError, 500] },
  account: {
    throttle: ['TooManyRequestsException', 'Rate exceeded', 429],
    fail: ['InternalServerException', internalError, 500],
  },
};

/**
 * Runs `act`, which answers the request, and applies the effects of faults: waits, never answers, refuses, or cuts the
 * connection before or after `act`.
 * @throws AwsError to refuse, ConnectionCut to cut the connection.
 */
export async function applyEffects<Result>(
  effects: readonly Effect[],
  service: Service,
  act: () => Promise<Result>,
): Promise<Result> {
  const has = (kind: Effect['do']) => effects.some((effect) => effect.do === kind);
  const delays = effects.map((effect) => (effect.do === 'slow' ? (effect.milliseconds ?? 1000) : 0));
  const delay = delays.reduce((sum, milliseconds) => sum + milliseconds, 0);
  if (delay > 0) await wait(delay, undefined, { ref: false });
  if (has('drop-before')) throw new ConnectionCut();
  // Never ends: the client gets no answer.
  if (has('silent')) await new Promise<never>(() => undefined);
  for (const kind of ['throttle', 'fail', 'expire'] as const) {
    if (has(kind)) {
      const [code, text, status] = kind === 'expire' ? refusals[service].ended : answers[service][kind];
      throw new AwsError(code, text, { status });
    }
  }
  const result = await act();
  if (has('drop-after')) throw new ConnectionCut();
  return result;
}
