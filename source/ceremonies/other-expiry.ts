import type { Problem } from '../ceremony/problem.ts';
import { expiryClause } from '../steps/expiry.ts';
import { expiryCommand } from '../steps/key-now.ts';
import { type AskedExpiry, hasOtherExpiry } from '../steps/read-expiries-back.ts';
import type { Services } from '../steps/services.ts';

// Pages: KMS developer guide, "Logging AWS KMS API calls with AWS CloudTrail".

/**
 * Says an expiry as the end of a sentence about a material.
 * @param expiry ISO 8601 or `never`; `missing` when the material is not there; `unknown` or absent when the material has expired
 * and nobody here knows when.
 */
export function expiryWords(expiry: string | undefined): string {
  switch (expiry) {
    case 'missing':
      return 'is not there';
    case undefined:
    case 'unknown':
      return 'expired at a time that is not known here';
    default:
      return expiryClause(expiry);
  }
}

/**
 * Compares the expiry that KMS tells for each material with the one that the person asked for. Gives the problem of the first
 * material whose expiry is another; `undefined` when there is none.
 */
export function otherExpiryProblem(
  materials: readonly (AskedExpiry & { readonly found?: string })[],
  services: Services,
): (Problem & { readonly code: string }) | undefined {
  const material = materials.find(hasOtherExpiry);
  if (material === undefined) return undefined;
  const { keyMaterialId, validTo, found } = material;
  return {
    kind: 'fixable',
    what: 'KMS tells another expiry than was asked for.',
    code: 'OtherExpiry',
    why: `Material ${keyMaterialId.slice(0, 8)} was to be imported so that it ${expiryWords(validTo ?? 'never')}; KMS says that it ${expiryWords(found)}.`,
    state: 'The material was imported again. What is encrypted is as readable as the key state says.',
    next: [
      'Find out who else imports into this key: CloudTrail has each ImportKeyMaterial.',
      `Look again, and change it: ${expiryCommand(services)}`,
    ],
  };
}
