import { ProblemError } from '../ceremony/problem.ts';
import { utc } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { fetchAgain, makePairRenewal } from './import-pair.ts';
import { materialState } from './material-awaited.ts';
import type { Services } from './services.ts';

/*
 * An import token is valid for 24 hours. The KMS key and the secret do not depend on it. So when the token has expired, the
 * ceremony goes back to the step `wrapping-key` by itself, says so, and continues with the same answers.
 */

/** A token with less than ten minutes left is not used, because KMS checks the token when the request arrives. */
const leastLeftMs = 10 * 60 * 1000;

/**
 * Refuses an import token that cannot be used any more.
 * @throws ProblemError when the token has expired, or expires within ten minutes.
 */
export function refuseOldToken(facts: Facts, { clock }: Services): void {
  const validTo = new Date(need(facts, 'wrapping').validTo);
  const left = validTo.getTime() - clock().getTime();
  if (left > leastLeftMs) return;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't import with this token any more.",
    why: `The wrapping key and the token ${left > 0 ? 'are' : 'were'} valid until ${utc(validTo)}.`,
    state: `${materialState(facts)}; your secret is unchanged.`,
    next: ['Fetch a new pair. The secret is wrapped again, nothing else changes.'],
    remedies: [fetchAgain],
    renewal: makePairRenewal(tokenUsedUpReason, need(facts, 'wrapped').by),
  });
}

/** The reason for fetching a new pair, as the beginning of a sentence. */
export const tokenUsedUpReason = 'The import token cannot be used any more';

/** Tells whether KMS refused the import token as expired or not valid: KMS API reference, ImportKeyMaterial, Errors. */
export function isTokenUsedUp(error: unknown): boolean {
  return error instanceof Error && ['ExpiredImportTokenException', 'InvalidImportTokenException'].includes(error.name);
}
