import { type KeyRecord, type Material, withoutBytes } from './key-record.ts';

const day = 24 * 60 * 60_000;

/**
 * Applies the passing of time to a key and its replicas: expired bytes go, passing states pass, rotations end, and keys
 * whose deletion is due are gone. Takes one key, or all Regions of a multi-Region key; gives the same list when nothing
 * has changed. Source: recorded answers, Sep 2026.
 */
export function asOf(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
  const rotated = withRotationsEnded(family, now);
  const settled = withoutDeleted(rotated, now).map((key) => expired(passed(key, now), now));
  return settled.length === family.length && settled.every((key, index) => key === family[index]) ? family : settled;
}

function passed(key: KeyRecord, now: number): KeyRecord {
  if (!key.passing || key.passing.until > now) return key;
  const { passing: _, ...kept } = key;
  return kept;
}

/** Material that waits for its rotation keeps its bytes past their time; the key that rotates it in then lacks them. */
function expired(key: KeyRecord, now: number): KeyRecord {
  const isOver = (one: Material) =>
    one.sealed !== undefined && !one.pending && one.validTo !== undefined && one.validTo <= now;
  return key.materials.some(isOver)
    ? { ...key, materials: key.materials.map((one) => (isOver(one) ? withoutBytes(one) : one)) }
    : key;
}

/** The primary's own window begins when the last replica is gone. */
function withoutDeleted(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
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
  return withoutDeleted(changed, now);
}

/**
 * A rotation whose time has come brings in the material that waits at that moment; without any it goes on waiting, so
 * that the next material that is imported comes in under the old request.
 */
function withRotationsEnded(family: readonly KeyRecord[], now: number): readonly KeyRecord[] {
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
