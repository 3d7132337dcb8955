import { blindSpots } from './region-look.ts';
import type { Status } from './status.ts';

/** Gives a status as the object that `--json` prints for programs. Times are ISO 8601. */
export function statusAsJson({ asOf, account, looks, keys }: Status) {
  return {
    asOf: asOf.toISOString(),
    account: account ?? null,
    regions: looks.map((look) => {
      const unseen = blindSpots(look);
      return { region: look.region, ...(unseen.length === 0 ? {} : { error: unseen.join(' ') }) };
    }),
    keys: keys.map(({ key, expiry, backup, known, due }) => ({
      keyArn: key.keyArn,
      region: key.region,
      aliases: key.aliases,
      keyState: key.keyState,
      materials: key.materials.map(({ keyMaterialId, state, importState, validTo, description }) => ({
        keyMaterialId,
        state,
        importState,
        validTo: validTo?.toISOString() ?? null,
        description,
      })),
      earliestExpiry: expiry?.toISOString() ?? null,
      backup: backup ?? null,
      ...(known?.keeper === undefined ? {} : { keptElsewhere: { keeper: known.keeper, checked: false } }),
      due: due.map(({ what, at }) => ({ what, at: at?.toISOString() ?? null })),
    })),
  };
}
