import { setTimeout as pause } from 'node:timers/promises';

/**
 * Runs an act again while AWS has not yet spread what it depends on, such as a principal that IAM made a moment ago.
 * @param onWait told before each pause: which try comes next and how long the pause is, in seconds.
 * @throws the last error when it is of another kind or `tries` are used up.
 */
export async function whileSpreading<Result>(
  act: () => Promise<Result>,
  {
    isSpreading,
    onWait,
    signal,
    tries = 8,
    firstPauseMs = 500,
  }: {
    isSpreading: (error: unknown) => boolean;
    onWait: (next: number, seconds: number) => void;
    signal: AbortSignal;
    tries?: number;
    firstPauseMs?: number;
  },
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt === tries || !isSpreading(error)) throw error;
      const milliseconds = Math.min(firstPauseMs * 2 ** (attempt - 1), 15_000);
      onWait(attempt + 1, Math.max(1, Math.round(milliseconds / 1000)));
      await pause(milliseconds, undefined, { signal });
    }
  }
}

const named = (error: unknown, name: string) => error instanceof Error && error.name === name;

/** CreateKey or PutKeyPolicy met a principal that KMS cannot see, perhaps because it is new. */
export const isUnknownPrincipal = (error: unknown) =>
  named(error, 'MalformedPolicyDocumentException') && /invalid principals/.test((error as Error).message);

/** A key that was made a moment ago is not everywhere yet. */
export const isNotFoundYet = (error: unknown) => named(error, 'NotFoundException');

/** A key whose material was imported a moment ago is not usable everywhere yet. */
export const isNotUsableYet = (error: unknown) => named(error, 'KMSInvalidStateException') || isNotFoundYet(error);

/** AWS received the request and said no: nothing was done. Without an answer, or with a 5xx, nobody knows. */
export function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500;
}
