import { ProblemError } from '../ceremony/problem.ts';
import { utc } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { fetchAgain, renewPair } from './import-pair.ts';
import type { Services } from './services.ts';

/*
 * An import token lives for 24 hours and is throw-away: the KMS key and the secret outlive it. So when it is used up, the
 * ceremony goes back to the wrapping key by itself, says so, and comes on again with the answers that were given.
 */

/** Ten minutes are kept in hand: KMS looks at the token when the request arrives. */
const inHandMs = 10 * 60 * 1000;

/** @throws ProblemError when the token is too old, with the renewal that mends it. */
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

/** KMS does not take the token any more that it gave to this ceremony. KMS API reference, ImportKeyMaterial, errors. */
export function isTokenUsedUp(error: unknown): boolean {
  return error instanceof Error && ['ExpiredImportTokenException', 'InvalidImportTokenException'].includes(error.name);
}
