import type { JournalState, Line } from '../ceremony/journal.ts';
import type { Answer } from '../ceremony/question.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import type { Material, Materials } from './facts.ts';

/*
 * A reimport may be killed and go on days later, or look for what is missing several times. What it imported before that is
 * in its journal, as outcomes of attempts.
 */

type Named = { readonly keyMaterialId: string; readonly checkValue: string; readonly expiry: string };

/** Gives the name of the import of a material from a copy, after KMS was asked at that time which materials are missing. */
export function attemptName({ keyMaterialId, checkValue, expiry, asOf }: Named & Pick<Materials, 'asOf'>): string {
  return `${beginning({ keyMaterialId })}of ${checkValue} until ${expiry}${ending({ asOf })}`;
}

const beginning = ({ keyMaterialId }: Pick<Material, 'keyMaterialId'>) => `import ${keyMaterialId} `;
const ending = ({ asOf }: Pick<Materials, 'asOf'>) => ` as of ${asOf}`;

/** Finds in the journal the materials that this ceremony has imported so far; for each material the last import. */
export function findBroughtBack(lines: readonly Line[]): readonly BroughtMaterial[] {
  const brought = new Map<string, BroughtMaterial>();
  for (const line of lines) {
    if (line.kind !== 'outcome' || line.step !== 'bring-back' || line.outcome !== 'done') continue;
    const result = line.result as BroughtMaterial | null;
    if (result !== null) brought.set(result.keyMaterialId, result);
  }
  return [...brought.values()];
}

/** Gives the last answer to the question whether to disable the key again, or `undefined` when it was not answered. */
export function proceedBefore(lines: readonly Line[]): Answer | undefined {
  return lines
    .filter((line) => line.kind === 'answered' && line.step === 'bring-back')
    .map((line) => (line.kind === 'answered' ? line.answers.proceed : undefined))
    .findLast((proceed) => proceed !== undefined);
}

/** Tells whether the key was Disabled when this ceremony first looked at it, and has been enabled by its imports since. */
export function wasDisabledBefore(lines: readonly Line[]): boolean {
  const hasSent = lines.some((line) => line.kind === 'intent' && line.step === 'bring-back');
  return (
    hasSent &&
    lines.some(
      (line) =>
        line.kind === 'done' &&
        line.step === 'find-key' &&
        (line.facts as { readonly materials?: Materials }).materials?.wasDisabled === true,
    )
  );
}

/** Tells whether KMS still holds an imported material. */
export function isThere({ keyMaterialId }: Pick<BroughtMaterial, 'keyMaterialId'>, now: readonly Material[]): boolean {
  return now.some((material) => material.keyMaterialId === keyMaterialId && material.isImported);
}

/**
 * Tells whether the materials in KMS have changed since an earlier reading, apart from the imports that this ceremony made
 * since then.
 */
export function isLookStale(
  { asOf, all }: Materials,
  now: readonly Material[],
  attempts: JournalState['attempts'],
): boolean {
  if (all.length !== now.length) return true;
  return now.some((material) => {
    const before = all.find(({ keyMaterialId }) => keyMaterialId === material.keyMaterialId);
    if (before === undefined || before.state !== material.state) return true;
    const own = [...attempts]
      .filter(([name]) => name.startsWith(`bring-back/${beginning(material)}`) && name.endsWith(ending({ asOf })))
      .map(([, attempt]) => attempt);
    const isOwnGone = own.some(({ outcome, result }) => outcome === 'done' && result !== null) && !material.isImported;
    if (isOwnGone) return true;
    const isSame =
      before.isImported === material.isImported && (!material.isImported || before.expiry === material.expiry);
    return !isSame && !(material.isImported && own.length > 0);
  });
}
