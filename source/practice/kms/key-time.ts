import { type KeyRecord, type Material, withoutBytes } from './key-record.ts';

const day = 24 * 60 * 60_000;

/**
 * Brings the records of a key up to date: removes expired bytes, ends passing states and rotations, and leaves out keys whose
 * time for deletion has come. When nothing has changed, gives the same list object back. Source: recorded answers, Sep 2026.
 * @param family one key, or the records of a multi-Region key in all Regions.
 * @param now milliseconds since 1970, by the practice clock.
 */
export function bringUpToDate(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
  const rotated = endRotations(family, now);
  const updated = removeDueKeys(rotated, now).map((key) => removeExpiredBytes(endPassingState(key, now), now));
  return updated.length === family.length && updated.every((key, index) => key === family[index]) ? family : updated;
}

/** Removes the state Creating or Updating when its time is over. */
function endPassingState(key: KeyRecord, now: number): KeyRecord {
  if (!key.passing || key.passing.until > now) return key;
  const { passing: _, ...kept } = key;
  return kept;
}

/** Removes expired bytes. Material that waits for a rotation keeps its bytes until the rotation. */
function removeExpiredBytes(key: KeyRecord, now: number): KeyRecord {
  const isExpired = ({ sealed, pending, validTo }: Material) =>
    sealed !== undefined && !pending && validTo !== undefined && validTo <= now;
  return key.materials.some(isExpired)
    ? { ...key, materials: key.materials.map((material) => (isExpired(material) ? withoutBytes(material) : material)) }
    : key;
}

/**
 * Leaves out the keys whose time for deletion has come, and their Regions in the records of the related keys. The deletion of
 * the last replica begins the waiting time of the primary key. That time can be over too; therefore the function calls itself.
 */
function removeDueKeys(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
  const isDue = (key: KeyRecord) => key.deletionDate !== undefined && key.deletionDate <= now;
  if (!family.some(isDue)) return family;
  const lastDeletion = Math.max(...family.flatMap((key) => (isDue(key) ? (key.deletionDate ?? 0) : [])));
  const remaining = family.filter((key) => !isDue(key));
  const regions = remaining.map((key) => key.region);
  const changed = remaining.map((key): KeyRecord => {
    const multiRegion = key.multiRegion && { ...key.multiRegion, regions };
    const { deletionWindow, ...kept } = key;
    return deletionWindow !== undefined && regions.length === 1
      ? { ...kept, ...(multiRegion ? { multiRegion } : {}), deletionDate: lastDeletion + deletionWindow * day }
      : { ...key, ...(multiRegion ? { multiRegion } : {}) };
  });
  return removeDueKeys(changed, now);
}

/**
 * Ends a rotation whose time has come: the next material, which AWS made or somebody imported, becomes the current one. When
 * there is no next material, the rotation goes on until new material is imported.
 */
function endRotations(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
  // A single-Region key counts as its own primary key.
  const primary = family.find((key) => (key.multiRegion?.primary ?? key.region) === key.region);
  const { rotation } = primary ?? {};
  const nextId = rotation?.material?.id ?? primary?.materials.find(({ pending }) => pending)?.id;
  if (!primary || !rotation || rotation.ends > now || nextId === undefined) return family;
  return family.map((key) => {
    const { rotation: ownRotation, ...kept } = key;
    // Material that AWS makes is part of the rotation until this moment. Imported material is in the list already.
    const all: readonly Material[] = ownRotation?.material ? [...key.materials, ownRotation.material] : key.materials;
    const materials = all.map((material): Material => {
      const { pending: _, ...withoutPending } = material;
      return material.id === nextId ? { ...withoutPending, rotatedIn: rotation.ends } : material;
    });
    return { ...kept, materials, currentMaterialId: nextId };
  });
}
