import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for work, or until the person stops: then at most `graceMs` more for the work to end.
 * @throws the signal's reason once it has aborted.
 */
export async function orStopped<Result>(work: Promise<Result>, signal: AbortSignal, graceMs = 0): Promise<Result> {
  const stopped = Promise.withResolvers<'stopped'>();
  const onAbort = () => stopped.resolve('stopped');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const first = await Promise.race([work.then((result) => ({ result })), stopped.promise]);
    if (first !== 'stopped') return first.result;
    const timer = new AbortController();
    await Promise.race([work.then(ignore, ignore), pause(graceMs, undefined, { signal: timer.signal }).catch(ignore)]);
    timer.abort();
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const ignore = () => {};
