import { lookUntil } from '../aws/eventual-consistency.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import { readMaterialsOf } from './materials.ts';
import type { Services } from './services.ts';

/** A material that was imported again, and the expiry that was asked for: ISO 8601, or null for never. */
export type AskedExpiry = { readonly keyMaterialId: string; readonly validTo: string | null };

/** `found` is the expiry that KMS told after the import: ISO 8601, `never` or `missing`. Absent when KMS was not asked. */
type ToldExpiry = AskedExpiry & { readonly found?: string };

/** Tells whether KMS, after the import, told another expiry (`found`) than was asked for. */
export function hasOtherExpiry({ validTo, found }: ToldExpiry): boolean {
  return found !== undefined && found !== (validTo ?? 'never');
}

/**
 * Reads from KMS when the materials expire now. While KMS tells another expiry than was asked for, asks again after a pause, four
 * times in all at most.
 * @returns the materials, each with the expiry that KMS told last, or `missing`.
 * @throws ProblemError when KMS gives an error.
 */
export async function readExpiriesBack<Material extends AskedExpiry>(
  { facts, services, pause, report, signal }: ActContext<Facts, Services>,
  materials: readonly Material[],
): Promise<readonly (Material & { readonly found: string })[]> {
  if (materials.length === 0) return [];
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  report({ id: 'read-back', label: 'Reading the expiry back from KMS', state: 'working' });
  const look = async () => {
    const all = await readMaterialsOf(kms, keyId, services).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new ProblemError(
        explainAwsError(error, { what: "Can't read the expiry back from KMS.", state: importedState }),
      );
    });
    return materials.map((material) => {
      const materialNow = all.find(({ keyMaterialId }) => keyMaterialId === material.keyMaterialId);
      return { ...material, found: materialNow?.isImported === true ? materialNow.expiry : 'missing' };
    });
  };
  // The list of materials may lag behind an import.
  const isShown = (materialsNow: readonly ToldExpiry[]) => !materialsNow.some(hasOtherExpiry);
  const materialsNow = await lookUntil(look, { isShown, label: 'KMS tells another expiry', pause });
  const label = isShown(materialsNow)
    ? 'KMS tells the expiry that was asked for'
    : 'KMS tells another expiry than was asked for';
  report({ id: 'read-back', label, state: 'done' });
  return materialsNow;
}

const importedState = 'The material was imported again. Trying again only looks; it does not import twice.';
