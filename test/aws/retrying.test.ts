import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { DefaultRateLimiter } from '@smithy/core/retry';
import { SlowAnswerError } from '../../source/aws/patience-errors.ts';
import { isWithoutAnswer, makeVisibleRetries, wasSentAgain } from '../../source/aws/retrying.ts';
import type { Wait } from '../../source/ceremony/waiting.ts';
import { serve } from '../loopback-server.ts';
import { clientsAt } from './clients-at.ts';

/** Clients of a service that is throttled once, with these headers. */
async function throttledOnce(t: TestContext, status: number, headers: Readonly<Record<string, string>> = {}) {
  let requests = 0;
  const server = createServer((request, answer) => {
    request.resume().on('end', () => {
      requests += 1;
      if (requests === 1)
        answer
          .writeHead(status, { ...headers, 'content-type': 'application/x-amz-json-1.1' })
          .end('{"__type":"ThrottlingException","message":"Rate exceeded"}');
      else answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"Keys":[]}');
    });
  });
  const { endpoint } = await serve(t, server);
  const waits: Wait[] = [];
  const { kms } = await clientsAt(t, endpoint, { pause: async (wait) => void waits.push(wait) });
  return { kms, waits, requestCount: () => requests };
}

/** What a client does when the service names a time to come again, in seconds. */
async function askedToWait(t: TestContext, seconds: number) {
  const { kms, waits, requestCount } = await throttledOnce(t, 400, { 'retry-after': String(seconds) });
  const error = await kms.send(new ListKeysCommand({})).then(
    () => undefined,
    (thrown: Error) => thrown.name,
  );
  return {
    requests: requestCount(),
    error,
    seconds: waits.map(({ milliseconds }) => Math.round(milliseconds / 1000)),
  };
}

test('throttling with a status 5xx, as AWS never sends it, leaves open whether a key was made: no second try', async (t) => {
  const { kms, requestCount } = await throttledOnce(t, 500);
  const error: unknown = await kms.send(new CreateKeyCommand({})).catch((thrown: unknown) => thrown);
  assert.deepEqual([requestCount(), (error as Error).name, isWithoutAnswer(error)], [1, 'ThrottlingException', true]);
});

test('throttling with a status 5xx is a fault of the service where a second try can make nothing', async (t) => {
  const { kms, waits, requestCount } = await throttledOnce(t, 500);
  assert.deepEqual((await kms.send(new ListKeysCommand({}))).Keys, []);
  assert.deepEqual([requestCount(), waits.map(({ label }) => label)], [2, ['KMS had a fault of its own']]);
});

test('a service that asks for up to two minutes is waited for as long as it asks', async (t) => {
  const { requests, error, seconds } = await askedToWait(t, 115);
  assert.deepEqual({ requests, error }, { requests: 2, error: undefined });
  assert.ok(seconds.length === 1 && Math.abs((seconds[0] ?? 0) - 115) <= 1, seconds.join());
});

test('a service that asks for more than two minutes is not waited for', async (t) => {
  assert.deepEqual(await askedToWait(t, 125), { requests: 1, error: 'ThrottlingException', seconds: [] });
});

/** Whether there is a second try after Node has failed with this code. */
async function triesAgainAfter(code: string, { hasAnswered }: { readonly hasAnswered: boolean }): Promise<boolean> {
  const { retryStrategy } = makeVisibleRetries('KMS', async () => {});
  const token = await retryStrategy.acquireInitialRetryToken('');
  if (hasAnswered) retryStrategy.recordSuccess(token);
  const error = Object.assign(new Error(code), { code }) as Error & { readonly cause?: Error };
  return retryStrategy.refreshRetryTokenForRetry(token, { error, errorType: 'TRANSIENT' }).then(
    () => true,
    (thrown: unknown) => {
      assert.equal(thrown, error);
      return false;
    },
  );
}

test('an address at which nobody has answered yet is probably wrong, and is not asked again', async () => {
  for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']) {
    assert.equal(await triesAgainAfter(code, { hasAnswered: false }), false, code);
    assert.equal(await triesAgainAfter(code, { hasAnswered: true }), true, code);
  }
  // A connection that was cut was there.
  assert.equal(await triesAgainAfter('ECONNRESET', { hasAnswered: false }), true);
});

/** An error of an answer with this status, as the SDK throws it. */
const answered = (name: string, httpStatusCode?: number, attempts?: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode, attempts } }) as Error & {
    readonly cause?: Error;
  };

test('throttling is waited for where the service has done nothing, and a quota is never waited for', async () => {
  const labelOf = async (service: string, name: string, status: number) => {
    const labels: string[] = [];
    const { retryStrategy } = makeVisibleRetries(service, async ({ label }) => void labels.push(label));
    const token = await retryStrategy.acquireInitialRetryToken('');
    const error = answered(name, status);
    const info = { error, errorType: 'THROTTLING' } as Parameters<typeof retryStrategy.refreshRetryTokenForRetry>[1];
    await retryStrategy.refreshRetryTokenForRetry(token, info).catch(() => {});
    return labels.join();
  };
  assert.equal(await labelOf('KMS', 'ThrottlingException', 400), 'KMS asks to wait');
  assert.equal(await labelOf('S3', 'SlowDown', 503), 'S3 asks to wait');
  assert.equal(await labelOf('KMS', 'ThrottlingException', 503), 'KMS had a fault of its own');
  assert.equal(await labelOf('S3', 'SlowDown', 500), 'S3 had a fault of its own');
  assert.equal(await labelOf('KMS', 'LimitExceededException', 400), '');
});

test('whether a request was carried out is open without an answer or with a fault, unless it was sent again', () => {
  for (const [error, isOpen] of [
    [answered('InternalError', 500), true],
    [answered('InternalError', 500, 1), true],
    [answered('InternalError', 500, 2), false],
    [answered('AccessDenied', 403), false],
    [answered('TimeoutError'), true],
    [answered('TimeoutError', undefined, 2), false],
    [answered('TypeError'), false],
    [undefined, false],
  ] as const)
    assert.equal(isWithoutAnswer(error), isOpen, error?.message);
  assert.deepEqual(
    [1, 2].map((attempts) => wasSentAgain(answered('x', 400, attempts))),
    [false, true],
  );
});

test('a slow service is asked twice, and one that takes no connection six times where it has answered before', async () => {
  const triesAfter = async (error: Error, hasAnswered: boolean) => {
    const waits: Wait[] = [];
    const { retryStrategy } = makeVisibleRetries('KMS', async (wait) => void waits.push(wait));
    let token = await retryStrategy.acquireInitialRetryToken('');
    if (hasAnswered) retryStrategy.recordSuccess(token);
    const info = { error, errorType: 'TRANSIENT' } as Parameters<typeof retryStrategy.refreshRetryTokenForRetry>[1];
    const failure = await (async () => {
      for (;;) token = await retryStrategy.refreshRetryTokenForRetry(token, info);
    })().catch((thrown: unknown) => thrown);
    assert.equal(failure, error);
    return [waits.length + 1, new Set(waits.map(({ label }) => label)).size];
  };
  const slow = (how: 'connected' | 'not connected') => new SlowAnswerError('host', 'it is slow', how);
  assert.deepEqual(await triesAfter(slow('connected'), true), [2, 1]);
  assert.deepEqual(await triesAfter(slow('connected'), false), [2, 1]);
  assert.deepEqual(await triesAfter(slow('not connected'), true), [6, 1]);
  assert.deepEqual(await triesAfter(slow('not connected'), false), [2, 1]);
});

test('each wait is told with the next try and is longer than the one before, after throttling twice as long', async () => {
  const waitsAfter = async (errorType: 'THROTTLING' | 'SERVER_ERROR', status: number) => {
    const waits: Wait[] = [];
    const { retryStrategy } = makeVisibleRetries('KMS', async (wait) => void waits.push(wait), { maxAttempts: 4 });
    let token = await retryStrategy.acquireInitialRetryToken('');
    const info = { error: answered('Any', status), errorType };
    await (async () => {
      for (;;) token = await retryStrategy.refreshRetryTokenForRetry(token, info);
    })().catch(() => {});
    assert.deepEqual(
      waits.map(({ next }) => next),
      [2, 3, 4],
    );
    return waits.map(({ milliseconds }) => milliseconds);
  };
  // Each wait is drawn, from half of the usual one to all of it.
  for (const [errorType, status, first] of [
    ['THROTTLING', 400, 1000],
    ['SERVER_ERROR', 500, 500],
  ] as const)
    for (const [index, waited] of (await waitsAfter(errorType, status)).entries()) {
      const usual = first * 2 ** index;
      assert.ok(waited >= usual / 2 && waited <= usual, `${errorType} ${index}: ${waited}`);
    }
});

test('a refusal is not tried again, a request whose clock was corrected is, and a service that has answered is known', async () => {
  const labels: string[] = [];
  const retries = makeVisibleRetries('KMS', async ({ label }) => void labels.push(label));
  const { retryStrategy } = retries;
  const token = await retryStrategy.acquireInitialRetryToken('');
  type Info = Parameters<typeof retryStrategy.refreshRetryTokenForRetry>[1];
  const after = (error: Error | undefined, errorType: Info['errorType']) =>
    retryStrategy.refreshRetryTokenForRetry(token, { error, errorType } as Info).then(
      () => labels.splice(0).join(),
      (thrown: unknown) => thrown,
    );
  assert.equal(retries.hasAnswered(), false);
  const unreached = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
  assert.equal(await after(unreached, 'TRANSIENT'), unreached);
  assert.equal(retries.hasAnswered(), false);
  const refused = answered('AccessDenied', 403);
  assert.equal(await after(refused, 'CLIENT_ERROR'), refused);
  // A refusal is an answer too.
  assert.equal(retries.hasAnswered(), true);
  assert.equal(await after(unreached, 'TRANSIENT'), 'No answer from KMS: nothing listens there');
  const skewed = Object.assign(answered('RequestTimeTooSkewed', 403), {
    $metadata: { httpStatusCode: 403, clockSkewCorrected: true },
  });
  assert.equal(await after(skewed, 'TRANSIENT'), 'The clock here differs from that of KMS');
  assert.match(String(await after(undefined, 'SERVER_ERROR')), /No reason to try again/);
  const others = makeVisibleRetries('S3', async () => {});
  others.retryStrategy.recordSuccess(token);
  assert.equal(others.hasAnswered(), true);
});

test('with a limit for the rate of requests, each one waits for its turn and tells how it ended', async (t) => {
  const steps: unknown[] = [];
  const rate = new DefaultRateLimiter();
  t.mock.method(rate, 'getSendToken', async () => void steps.push('turn'));
  t.mock.method(rate, 'updateClientSendingRate', (ended: object) => void steps.push(ended));
  const { retryStrategy } = makeVisibleRetries('KMS', async () => void steps.push('pause'), { rate });
  const info = { error: answered('ThrottlingException', 400), errorType: 'THROTTLING' } as const;
  const first = await retryStrategy.acquireInitialRetryToken('');
  const second = await retryStrategy.refreshRetryTokenForRetry(first, info);
  retryStrategy.recordSuccess(second);
  assert.deepEqual(steps, ['turn', info, 'pause', 'turn', {}]);
  assert.deepEqual(
    [first, second].map((token) => [token.getRetryCount(), token.getRetryDelay()]),
    [
      [0, 0],
      [1, 0],
    ],
  );
});
