import { backOff, type Pause } from '../ceremony/waiting.ts';

const mostTries = 8;

/**
 * Runs an act again while AWS has not yet spread what it depends on, such as a principal that IAM made a moment ago.
 * @param spread.label what is not everywhere yet, for the person who waits.
 * @throws the last error when it is of another kind or the tries are used up.
 */
export async function retryWhileSpreading<Result>(
  act: () => Promise<Result>,
  { isSpreading, label, pause }: { isSpreading: (error: unknown) => boolean; label: string; pause: Pause },
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (tries === mostTries || !isSpreading(error)) throw error;
      await pause({ label, next: tries + 1, milliseconds: backOff(tries, 500) });
    }
  }
}

/**
 * Looks for what a call without an answer may have made. AWS's lists lag behind, and a request may arrive late: what was
 * begun less than a minute ago is looked for several times before it counts as not made.
 * @param begun.label what is looked for, for the person who waits.
 */
export async function findIfMade<Found>(
  look: () => Promise<Found | undefined>,
  { begunAt, label, pause }: { begunAt: Date; label: string; pause: Pause },
): Promise<Found | undefined> {
  for (let tries = 1; ; tries += 1) {
    const found = await look();
    if (found !== undefined || tries === mostLooks || Date.now() - begunAt.getTime() > 60_000) return found;
    await pause({ label, next: tries + 1, milliseconds: 1000 * 2 ** (tries - 1) });
  }
}

const mostLooks = 4;

const named = (error: unknown, name: string) => error instanceof Error && error.name === name;

/** CreateKey or PutKeyPolicy met a principal that KMS cannot see, perhaps because it is new. */
export const isUnknownPrincipal = (error: unknown) =>
  named(error, 'MalformedPolicyDocumentException') && /invalid principals/.test((error as Error).message);

/** A key that was made a moment ago is not everywhere yet. */
export const isNotFoundYet = (error: unknown) => named(error, 'NotFoundException');

/** A key whose material was imported a moment ago is not usable everywhere yet. */
export const isNotUsableYet = (error: unknown) => named(error, 'KMSInvalidStateException') || isNotFoundYet(error);

/** The alias exists: made by this very request, perhaps, whose first answer was lost. */
export const isAliasTaken = (error: unknown) => named(error, 'AlreadyExistsException');

/** The same bytes are in this key already: this very import, whose first answer was lost. KMS API reference, ImportKeyMaterial. */
export const isImportedAlready = (error: unknown) =>
  named(error, 'IncorrectKeyMaterialException') && /already associated/.test((error as Error).message);

/** The bucket is there, and this account's: made by this very request, whose first answer was lost. */
export const isOwnBucket = (error: unknown) => named(error, 'BucketAlreadyOwnedByYou');

/** The object is not as the condition of a write asks: it exists, or it is another one. 412, S3 user guide, "Conditional writes". */
export const isNotAsAsked = (error: unknown) => named(error, 'PreconditionFailed');

/** Another write to the same object was under way. Nothing was written; S3 asks to send all of it again. 409, the same page. */
export const isWriteConflict = (error: unknown) => named(error, 'ConditionalRequestConflict');

/** The upload in parts is no longer there: it was ended, perhaps by this very request, whose first answer was lost. */
export const isUploadEnded = (error: unknown) => named(error, 'NoSuchUpload');

/** AWS received the request and said no: nothing was done. Without an answer, or with a 5xx, nobody knows. */
export function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500;
}
