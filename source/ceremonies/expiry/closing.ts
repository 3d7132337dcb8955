import { basename } from 'node:path';
import type { Problem } from '../../ceremony/problem.ts';
import type { BroughtMaterial } from '../../record/reimport-record.ts';
import { hasAskedExpiry } from '../../steps/change-expiry.ts';
import { utc } from '../../steps/dates.ts';
import { type Facts, need } from '../../steps/facts.ts';
import { expiryCommand, type KeyNow } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { closingAfterImport } from '../after-import.ts';
import type { Closing } from '../later-conclusion.ts';

/** Gives the last page of a change of an expiry: see {@link closingAfterImport}. @param now the state that KMS told just now. */
export function expiryClosing(facts: Facts, now: KeyNow, services: Services): Closing {
  return closingAfterImport(facts, now, services, {
    nothingImported: ['Nothing to do: the material expires when you want it to.'],
    materialLine,
    problem: otherExpiryProblem(need(facts, 'broughtBack').materials, services),
  });
}

/** Gives the title of the last page. It is shown only when no problem is left. */
export function doneTitle({ broughtBack }: Facts): string {
  return (broughtBack?.materials ?? []).length === 0 ? 'Nothing to change' : 'The expiry is changed';
}

/** Says which expiry the material has (`found`) and had (`before`). KMS told `found` after the import. */
function materialLine({ keyMaterialId, before, found, file, checkValue }: BroughtMaterial): string {
  const from = `imported again from ${basename(file)} (key check value ${checkValue})`;
  return `Material ${keyMaterialId.slice(0, 8)}: ${from}; KMS says that it ${expiryWords(found)}. Before: it ${expiryWords(before)}.`;
}

/** Says an expiry as the end of a sentence about a material. @param expiry ISO 8601, or one of the words below. */
function expiryWords(expiry: string | undefined): string {
  switch (expiry) {
    case 'never':
      return 'does not expire';
    case 'missing':
      return 'is not there';
    case undefined:
    case 'unknown':
      return 'expired at a time that is not known here';
    default:
      return `expires at ${utc(new Date(expiry))}`;
  }
}

/** Gives the problem of a material that has, after the import, another expiry than the person asked for. */
function otherExpiryProblem(materials: readonly BroughtMaterial[], services: Services): Problem | undefined {
  const material = materials.find((each) => !hasAskedExpiry(each));
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
