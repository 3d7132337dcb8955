import { basename } from 'node:path';
import type { BroughtMaterial } from '../../record/reimport-record.ts';
import { expiryClause } from '../../steps/expiry.ts';
import { type Facts, need } from '../../steps/facts.ts';
import { expiryCommand, type KeyNow } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { closingAfterImport } from '../after-import.ts';
import type { Closing } from '../later-conclusion.ts';
import { otherExpiryProblem } from '../other-expiry.ts';

/** Gives the lines for the last page of a reimport: see {@link closingAfterImport}. @param now the state that KMS told just now. */
export function reimportClosing(facts: Facts, now: KeyNow, services: Services): Closing {
  return closingAfterImport(facts, now, services, {
    nothingImported: [
      'Nothing to do: KMS has every material with its expiry.',
      `To change when it expires: ${expiryCommand(services)}`,
    ],
    materialLine,
    problem: otherExpiryProblem(need(facts, 'broughtBack').materials, services),
  });
}

/** Gives the title of the last page of a reimport. It is shown only when no problem is left. */
export function doneTitle({ broughtBack }: Facts): string {
  const materials = broughtBack?.materials ?? [];
  if (materials.length === 0) return 'Nothing was missing';
  // A material that was there before was imported again only for another expiry.
  return materials.every(({ wasThere }) => wasThere) ? 'The expiry is changed' : 'The material is back';
}

/** Says what the reimport did with a material. `wasThere` is true when KMS still held it, so that only its expiry changed. */
function materialLine({ keyMaterialId, checkValue, file, validTo, wasThere }: BroughtMaterial): string {
  const done = wasThere ? 'was imported again' : 'came back';
  const bytes = checkValue === undefined ? 'wrapped elsewhere' : `key check value ${checkValue}`;
  return `Material ${keyMaterialId.slice(0, 8)} ${done} from ${basename(file)} (${bytes}); it ${expiryClause(validTo)}.`;
}
