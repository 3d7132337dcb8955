import type { KMSClient } from '@aws-sdk/client-kms';
import { type KeyMaterial, readMaterials } from '../aws/kms.ts';
import { readBackupCards } from './backup-card.ts';
import { type Facts, type Material, secretInKms } from './facts.ts';
import type { Services } from './services.ts';

/** Asks KMS for every material of a key, and adds what is recorded here of those that KMS does not hold. */
export async function readMaterialsOf(kms: KMSClient, keyId: string, services: Services): Promise<readonly Material[]> {
  const known = checkValuesOf(services);
  return (await readMaterials(kms, keyId)).map((material) => ({
    keyMaterialId: material.keyMaterialId,
    state: material.state,
    isImported: material.isImported,
    expiry: expiryOf(material, services.recorded),
    description: material.description ?? null,
    ...(known.has(material.keyMaterialId) ? { checkValue: known.get(material.keyMaterialId) as string } : {}),
  }));
}

/**
 * Tells whether the key works only while KMS holds this material: the one that encrypts, and earlier ones. One that waits
 * for a rotation is not needed yet, and nobody changes it unasked.
 */
export const isNeeded = ({ state }: Pick<Material, 'state'>) => state === 'CURRENT' || state === 'NON_CURRENT';

/** Gives the materials that the key needs and KMS does not hold. */
export function missingOf(all: readonly Material[]): readonly Material[] {
  return all.filter((material) => isNeeded(material) && !material.isImported);
}

/** What is known of when a material expires: KMS tells it only of material that it holds. */
function expiryOf({ keyMaterialId, isImported, validTo }: KeyMaterial, recorded: Facts | undefined): string {
  if (isImported) return validTo?.toISOString() ?? 'never';
  const { imported } = recorded ?? {};
  return imported?.keyMaterialId === keyMaterialId ? (imported.validTo ?? 'never') : 'unknown';
}

/** The check values that are recorded for materials, by material id: KMS derives that from key and bytes, so it is unique. */
function checkValuesOf({ folder, recorded }: Services): ReadonlyMap<string, string> {
  const known = new Map(
    [folder.path, process.cwd()]
      .flatMap(readBackupCards)
      .map(({ keyMaterialId, checkValue }) => [keyMaterialId, checkValue.value] as const),
  );
  const { secret, imported, wrapped } = recorded ?? {};
  if (recorded === undefined || wrapped === undefined || imported === undefined || secret === undefined) return known;
  return secretInKms(recorded) === 'shown' ? known.set(imported.keyMaterialId, secret.checkValue.value) : known;
}

/** Gives the short form of a material id for people: its beginning. */
export const shortId = ({ keyMaterialId }: Pick<Material, 'keyMaterialId'>) => keyMaterialId.slice(0, 8);
