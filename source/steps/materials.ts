import type { KMSClient } from '@aws-sdk/client-kms';
import { type KeyMaterial, readMaterials } from '../aws/kms.ts';
import { readBackupCards } from './backup-card.ts';
import { type Facts, type Material, secretInKms } from './facts.ts';
import type { Services } from './services.ts';

/** Asks KMS for every material of a key, and adds what is recorded here of those that KMS does not hold. */
export async function readMaterialsOf(
  kms: KMSClient,
  { keyId, keyArn }: { readonly keyId: string; readonly keyArn: string },
  services: Services,
): Promise<readonly Material[]> {
  const known = checkValuesOf(keyArn, services);
  return (await readMaterials(kms, keyId)).map((material) => ({
    keyMaterialId: material.keyMaterialId,
    state: material.state,
    isImported: material.isImported,
    expiry: expiryOf(material, services.recorded),
    description: material.description ?? null,
    ...(known.has(material.keyMaterialId) ? { checkValue: known.get(material.keyMaterialId) as string } : {}),
  }));
}

/** What is known of when a material expires: KMS tells it only of material that it holds. */
function expiryOf({ keyMaterialId, isImported, validTo }: KeyMaterial, recorded: Facts | undefined): string {
  if (isImported) return validTo?.toISOString() ?? 'never';
  const { imported } = recorded ?? {};
  return imported?.keyMaterialId === keyMaterialId ? (imported.validTo ?? 'never') : 'unknown';
}

/** The check values that are recorded for materials of a key, by material id. */
function checkValuesOf(keyArn: string, { folder, recorded }: Services): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const card of readBackupCards(folder.path))
    if (card.keyArn === keyArn) known.set(card.keyMaterialId, card.checkValue.value);
  const { key, secret, imported, wrapped } = recorded ?? {};
  const isRecorded =
    recorded !== undefined && wrapped !== undefined && imported !== undefined && key?.keyArn === keyArn;
  if (isRecorded && secret !== undefined && secretInKms(recorded) === 'shown')
    known.set(imported.keyMaterialId, secret.checkValue.value);
  return known;
}

/** A material as people tell it apart: the beginning of its id. */
export const shortId = ({ keyMaterialId }: Pick<Material, 'keyMaterialId'>) => keyMaterialId.slice(0, 8);
