import type { KMSClient } from '@aws-sdk/client-kms';
import { type KeyMaterial, readMaterials } from '../aws/kms.ts';
import { readBackupCards } from './backup-card.ts';
import { type Facts, type Material, secretInKms } from './facts.ts';
import { keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/** Asks KMS for every material of a key. Adds the recorded check values, and the recorded expiry of missing material. */
export async function readMaterialsOf(kms: KMSClient, keyId: string, services: Services): Promise<readonly Material[]> {
  const checkValues = checkValuesOf(services);
  return (await readMaterials(kms, keyId)).map((material) => ({
    keyMaterialId: material.keyMaterialId,
    state: material.state,
    isImported: material.isImported,
    expiry: expiryOf(material, services.recorded),
    description: material.description ?? null,
    ...(checkValues.has(material.keyMaterialId)
      ? { checkValue: checkValues.get(material.keyMaterialId) as string }
      : {}),
  }));
}

/**
 * Tells whether the key needs this material to work: the current material, which encrypts, and earlier ones, which decrypt
 * older data. The key does not need material that waits for a rotation.
 */
export const isNeeded = ({ state }: Pick<Material, 'state'>) => state === 'CURRENT' || state === 'NON_CURRENT';

/** Gives the materials that the key needs and KMS does not hold. */
export function missingOf(all: readonly Material[]): readonly Material[] {
  return all.filter((material) => isNeeded(material) && !material.isImported);
}

/**
 * Gives the expiry of a material: ISO 8601, `never`, or `unknown`. KMS tells it only for material that it holds. For other
 * material, gives the expiry that the first import recorded.
 */
function expiryOf({ keyMaterialId, isImported, validTo }: KeyMaterial, recorded: Facts | undefined): string {
  if (isImported) return validTo?.toISOString() ?? 'never';
  const { imported } = recorded ?? {};
  return imported?.keyMaterialId === keyMaterialId ? (imported.validTo ?? 'never') : 'unknown';
}

/**
 * Gives the recorded check values by material id. They are from the first import, and from the backup cards in the ceremony's
 * folder and the current folder. Cards of other keys do no harm: KMS derives the id from the key and the bytes, so that each
 * id is unique.
 */
function checkValuesOf({ folder, recorded }: Services): ReadonlyMap<string, string> {
  const checkValues = new Map(
    [folder.path, process.cwd()]
      .flatMap(readBackupCards)
      .map(({ keyMaterialId, checkValue }) => [keyMaterialId, checkValue.value] as const),
  );
  if (recorded?.wrapped === undefined || recorded.imported === undefined) return checkValues;
  const checkValue = keyHere(recorded.secret)?.checkValue.value;
  // Only material with the bytes of the secret has the check value of the secret.
  const isOfSecret = secretInKms(recorded) === 'shown';
  if (isOfSecret && checkValue !== undefined) checkValues.set(recorded.imported.keyMaterialId, checkValue);
  return checkValues;
}

/** Names a material by its whole id; says so when KMS gave no id. @param id empty when KMS gave none. */
export function materialIdWords(id: string): string {
  return id === '' ? 'KMS gave no id of the material' : `material ${id}`;
}

/** Gives the first eight characters of a material id, for people. */
export const shortId = ({ keyMaterialId }: Pick<Material, 'keyMaterialId'>) => keyMaterialId.slice(0, 8);
