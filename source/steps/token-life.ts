import { ProblemError } from '../ceremony/problem.ts';
import { utc } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { fetchAgain, renewPair } from './import-pair.ts';
import type { Services } from './services.ts';

/*
 * An import token is valid for 24 hours. The KMS key and the secret do not depend on it. So when the token has expired, the
 * ceremony goes back to the wrapping key by itself, says so, and continues with the same answers.
 */

/** A token with less than ten minutes left is not used, because KMS checks the token when the request arrives. */
const inHandMs = 10 * 60 * 1000;

/**
 * Refuses an old import token.
 * @throws ProblemError when the import token expires in less than ten minutes; its renewal fetches a new token.
 */
export function refuseOldToken(facts: Facts, { clock }: Services): void {
  const validTo = new Date(need(facts, 'wrapping').validTo);
  const left = validTo.getTime() - clock().getTime();
  if (left > inHandMs) return;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't import with this token any more.",
    why: `The wrapping key and the token ${left > 0 ? 'are' : 'were'} valid until ${utc(validTo)}.`,
    state: 'The KMS key still waits for its material; your secret is unchanged.',
    next: ['Fetch a new pair. The secret is wrapped again, nothing else changes.'],
    remedies: [fetchAgain],
    renewal: renewPair(usedUp, need(facts, 'wrapped').by),
  });
}

/** Why a new pair is fetched, as the beginning of a sentence. */
export const usedUp = 'Import token used up';

/** True when KMS refuses the import token of this ceremony. KMS API reference, ImportKeyMaterial, errors. */
export function isTokenUsedUp(error: unknown): boolean {
  return error instanceof Error && ['ExpiredImportTokenException', 'InvalidImportTokenException'].includes(error.name);
}
