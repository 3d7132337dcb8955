import { basename } from 'node:path';
import type { BroughtMaterial } from '../../record/reimport-record.ts';
import { type Facts, need } from '../../steps/facts.ts';
import type { KeyNow } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { closingAfterImport } from '../after-import.ts';
import type { Closing } from '../later-conclusion.ts';
import { expiryWords, otherExpiryProblem } from '../other-expiry.ts';

/** Gives the lines of the last page: see {@link closingAfterImport}. @param now the state that KMS told just now. */
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
