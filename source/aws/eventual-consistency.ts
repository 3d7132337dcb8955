import { backOff, type Pause } from '../ceremony/waiting.ts';
import { isErrorNamed } from './error-name.ts';

const mostTries = 8;
/** The wait before the second try, in milliseconds. Each further wait is about twice as long. */
const firstMs = 500;
const mostLooks = 4;
/** The wait before the second look, in milliseconds. Each further wait is twice as long. */
const firstLookMs = 1000;
/** A call that began longer ago has either arrived or failed. */
const longestArrivalMs = 60_000;

/**
 * Repeats an act that fails because something new has not spread to all of AWS yet, such as a principal that IAM made a
 * moment ago. Makes at most eight tries.
 * @param spread.isSpreading true for the errors after which another try makes sense.
 * @param spread.label what has not spread yet, for the person who waits. A function is called after `isSpreading`.
 * @throws the error of the last try, or the first error for which `isSpreading` is false.
 */
export async function retryWhileSpreading<Result>(
  act: () => Promise<Result>,
  {
    isSpreading,
    label,
    pause,
  }: { isSpreading: (error: unknown) => boolean | Promise<boolean>; label: string | (() => string); pause: Pause },
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(await isSpreading(error)) || tries === mostTries) throw error;
      const shown = typeof label === 'string' ? label : label();
      await pause({ label: shown, next: tries + 1, milliseconds: backOff(tries, firstMs) });
    }
  }
}

/**
 * Looks for the thing that a call may have made although its answer was lost. A list of AWS may be a little old, and a
 * request may arrive late. Therefore, while the call began less than a minute ago, the function looks again, four times in all at
 * most.
 * @param begun.begunAt when the call began.
 * @param begun.label what the function looks for, for the person who waits.
 * @returns what was found, or `undefined` when no look has found it.
 */
export async function findIfMade<Found>(
  look: () => Promise<Found | undefined>,
  { begunAt, label, pause }: { begunAt: Date; label: string; pause: Pause },
): Promise<Found | undefined> {
  const hasArrivedOrFailed = () => Date.now() - begunAt.getTime() > longestArrivalMs;
  return lookUntil(look, { isShown: (found) => found !== undefined || hasArrivedOrFailed(), label, pause });
}

/**
 * Looks at what a call has changed. AWS may still show how it was before: then the function looks again, four times in all at most.
 * @param look gets the number of the look. The first is 1.
 * @param change.isShown true for an answer that shows the change.
 * @param change.label what AWS still shows, for the person who waits.
 * @returns the last answer, which may not show the change.
 */
export async function lookUntil<Answer>(
  look: (tries: number) => Promise<Answer>,
  {
    isShown,
    label,
    pause,
  }: { isShown: (answer: Answer) => boolean; label: string | ((answer: Answer) => string); pause: Pause },
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await look(tries);
    if (isShown(answer) || tries === mostLooks) return answer;
    const shown = typeof label === 'string' ? label : label(answer);
    await pause({ label: shown, next: tries + 1, milliseconds: firstLookMs * 2 ** (tries - 1) });
  }
}

/** True when CreateKey or PutKeyPolicy failed because KMS does not know a principal, perhaps because the principal is new. */
export const isUnknownPrincipal = (error: unknown) =>
  isErrorNamed(error, 'MalformedPolicyDocumentException') && /invalid principals/.test(error.message);

/** True when KMS did not find the key: a part of KMS may not know a new key yet. */
export const isNotFoundYet = (error: unknown) => isErrorNamed(error, 'NotFoundException');

/** True when KMS cannot use or find the key: shortly after an import, a part of KMS may not know the material or the key yet. */
export const isNotUsableYet = (error: unknown) =>
  isErrorNamed(error, 'KMSInvalidStateException') || isNotFoundYet(error);

/** True when S3 does not know a bucket: shortly after CreateBucket, a part of S3 may not know it yet. */
export const isBucketUnknown = (error: unknown) => isErrorNamed(error, 'NoSuchBucket');

/**
 * True when S3 could not encrypt under the key: shortly after an import, a part of KMS may not know the key or its material yet.
 */
export const isUnusableForS3 = (error: unknown) =>
  isErrorNamed(error, 'KMS.KMSInvalidStateException') || isErrorNamed(error, 'KMS.NotFoundException');

/** True when the alias exists already. Perhaps the first try of the same request made it, and its answer was lost. */
export const isAliasTaken = (error: unknown) => isErrorNamed(error, 'AlreadyExistsException');

/**
 * True when the key holds the same bytes already. Perhaps an earlier try of this import worked, and its answer was lost. KMS API
 * reference, ImportKeyMaterial.
 */
export const isImportedAlready = (error: unknown) =>
  isErrorNamed(error, 'IncorrectKeyMaterialException') && /already associated/.test(error.message);

/** True when this account has the bucket already. Perhaps an earlier try of this request made it, and its answer was lost. */
export const isOwnBucket = (error: unknown) => isErrorNamed(error, 'BucketAlreadyOwnedByYou');

/**
 * True when the condition of a write failed: the object exists, or it is another version than expected. HTTP 412, S3
 * user guide, "How to prevent object overwrites with conditional writes".
 */
export const isPreconditionFailed = (error: unknown) => isErrorNamed(error, 'PreconditionFailed');

/**
 * True when another write to the same object was running. S3 wrote nothing and asks to send the whole object again.
 * HTTP 409, S3 user guide, "How to prevent object overwrites with conditional writes".
 */
export const isWriteConflict = (error: unknown) => isErrorNamed(error, 'ConditionalRequestConflict');

/** True when the multipart upload does not exist any more. Perhaps the first try of this request ended it. */
export const isUploadEnded = (error: unknown) => isErrorNamed(error, 'NoSuchUpload');

/** True when AWS refused the request (HTTP 4xx), so that nothing was done. Without an answer or with 5xx, this is unknown. */
export function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500;
}
