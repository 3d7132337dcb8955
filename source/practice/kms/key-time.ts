import { type KeyRecord, type Material, withoutBytes } from './key-record.ts';

const day = 24 * 60 * 60_000;

/**
 * Brings the records of a key up to date: removes expired bytes, ends passing states and rotations, and leaves out keys whose
 * deletion is due. `family` is one key, or the records of a multi-Region key in all Regions. Gives the very same list when
 * nothing has changed. Source: recorded answers, Sep 2026.
 */
export function bringUpToDate(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
  const rotated = endRotations(family, now);
  const settled = removeDueKeys(rotated, now).map((key) => removeExpiredBytes(endPassingState(key, now), now));
  return settled.length === family.length && settled.every((key, index) => key === family[index]) ? family : settled;
}

function endPassingState(key: KeyRecord, now: number): KeyRecord {
  if (!key.passing || key.passing.until > now) return key;
  const { passing: _, ...kept } = key;
  return kept;
}

/** Removes bytes whose time is over. Material that waits for a rotation keeps its bytes until the rotation. */
function removeExpiredBytes(key: KeyRecord, now: number): KeyRecord {
  const isOver = (one: Material) =>
    one.sealed !== undefined && !one.pending && one.validTo !== undefined && one.validTo <= now;
  return key.materials.some(isOver)
    ? { ...key, materials: key.materials.map((one) => (isOver(one) ? withoutBytes(one) : one)) }
    : key;
}

/** Leaves out the keys whose deletion is due. When the last replica is gone, the waiting time of the primary begins. */
function removeDueKeys(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
  const isDue = (key: KeyRecord) => key.deletionDate !== undefined && key.deletionDate <= now;
  if (!family.some(isDue)) return family;
  const last = Math.max(...family.flatMap((key) => (isDue(key) ? (key.deletionDate ?? 0) : [])));
  const left = family.filter((key) => !isDue(key));
  const regions = left.map((key) => key.region);
  const changed = left.map((key): KeyRecord => {
    const multiRegion = key.multiRegion && { ...key.multiRegion, regions };
    const { deletionWindow, ...kept } = key;
    return deletionWindow !== undefined && regions.length === 1
      ? { ...kept, ...(multiRegion ? { multiRegion } : {}), deletionDate: last + deletionWindow * day }
      : { ...key, ...(multiRegion ? { multiRegion } : {}) };
  });
  return removeDueKeys(changed, now);
}

/**
 * Ends a rotation whose time has come: the pending material becomes the current one. Without pending material, the rotation
 * does not end, and takes the next material that is imported.
 */
function endRotations(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
  const primary = family.find((key) => (key.multiRegion?.primary ?? key.region) === key.region);
  const { rotation } = primary ?? {};
  const next = rotation?.material?.id ?? primary?.materials.find((one) => one.pending)?.id;
  if (!primary || !rotation || rotation.ends > now || next === undefined) return family;
  return family.map((key) => {
    const { rotation: own, ...kept } = key;
    const known: readonly Material[] = own?.material ? [...key.materials, own.material] : key.materials;
    const materials = known.map((one): Material => {
      const { pending: _, ...rest } = one;
      return one.id === next ? { ...rest, rotatedIn: rotation.ends } : one;
    });
    return { ...kept, materials, currentMaterialId: next };
  });
}
