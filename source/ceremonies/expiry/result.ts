import { type Facts, need } from '../../steps/facts.ts';
import type { KeyNow } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { reimportResult } from '../reimport/result.ts';

/**
 * Gives the result of a finished change of an expiry, which `--json` prints. It has the fields of the result of a reimport, but
 * each material shows its expiry before, as asked for, and after.
 * @param now the state that KMS told just now.
 */
export function expiryResult(facts: Facts, now: KeyNow, services: Services) {
  return {
    ...reimportResult(facts, now, services),
    materials: need(facts, 'broughtBack').materials.map(
      ({ keyMaterialId, before, validTo, found, checkValue, file, importedAt }) => ({
        keyMaterialId,
        before: before ?? 'unknown',
        asked: validTo ?? 'never',
        after: found ?? 'unknown',
        checkValue,
        file,
        importedAt,
      }),
    ),
  };
}
