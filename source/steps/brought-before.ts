import type { JournalLine, JournalState } from '../ceremony/journal.ts';
import type { Answer } from '../ceremony/question.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import type { Material, Materials } from './facts.ts';
import type { StepId } from './step-id.ts';

/*
 * A ceremony that imports materials again may be killed and continue days later. It may also ask KMS several times which
 * materials are there. Its journal shows what it has imported so far: the outcomes of attempts of the step that imports.
 * The functions of this file read that journal.
 */

/** The parts of the name of one import. `expiry` is what the person answered, such as `90d` or `never`. */
type NameParts = { readonly keyMaterialId: string; readonly fingerprint: string; readonly expiry: string };

/**
 * Gives the name of the attempt that imports a material. The name has the fingerprint of its bytes, and `asOf`: when KMS was
 * asked which materials are missing. After KMS was asked again, the name differs, so that the ceremony may do
 * again an import that it has done before.
 */
export function importAttemptName({
  keyMaterialId,
  fingerprint,
  expiry,
  asOf,
}: NameParts & Pick<Materials, 'asOf'>): string {
  return `${nameStart({ keyMaterialId })}of ${fingerprint} until ${expiry}${nameEnd({ asOf })}`;
}

/** Gives the beginning of the name: all imports of one material have it. */
const nameStart = ({ keyMaterialId }: Pick<Material, 'keyMaterialId'>) => `import ${keyMaterialId} `;
/** Gives the end of the name: all imports that followed one look at the materials in KMS have it. */
const nameEnd = ({ asOf }: Pick<Materials, 'asOf'>) => ` as of ${asOf}`;

/** Finds in the journal the materials that this ceremony has imported so far. Gives the last import of each material. */
export function findBroughtBack(lines: readonly JournalLine[], step: StepId): readonly BroughtMaterial[] {
  return lastImports(
    lines.flatMap((line) => {
      if (line.kind !== 'outcome' || line.step !== step || line.outcome !== 'done') return [];
      // The result is null when KMS refused the copy as other bytes.
      const result = line.result as BroughtMaterial | null;
      return result === null ? [] : [result];
    }),
  );
}

/**
 * Gives one import for each material: the last one. Its `before` is the expiry that the material had before the first of its
 * imports.
 */
export function lastImports(imports: readonly BroughtMaterial[]): readonly BroughtMaterial[] {
  const byId = new Map<string, BroughtMaterial>();
  for (const material of imports) {
    const before = byId.get(material.keyMaterialId)?.before;
    byId.set(material.keyMaterialId, before === undefined ? material : { ...material, before });
  }
  return [...byId.values()];
}

/** Gives the last answer to the question `proceed` in the journal; `undefined` when the question was never answered. */
export function lastProceedAnswer(lines: readonly JournalLine[], step: StepId): Answer | undefined {
  return (
    lines
      .filter((line) => line.kind === 'answered' && line.step === step)
      // Only the types need this second test of `kind`.
      .map((line) => (line.kind === 'answered' ? line.answers.proceed : undefined))
      .findLast((proceed) => proceed !== undefined)
  );
}

/** Tells whether this ceremony found the key Disabled and has begun an import since. An import enables a key. */
export function wasDisabledBefore(lines: readonly JournalLine[], step: StepId): boolean {
  const hasBegunImport = lines.some((line) => line.kind === 'intent' && line.step === step);
  const foundDisabled = lines.some(
    (line) =>
      line.kind === 'done' &&
      line.step === 'find-key' &&
      (line.facts as { readonly materials?: Materials }).materials?.wasDisabled === true,
  );
  return hasBegunImport && foundDisabled;
}

/** Tells whether KMS still holds an imported material. @param materialsNow the materials as KMS tells them now. */
export function isStillInKms(
  { keyMaterialId }: Pick<BroughtMaterial, 'keyMaterialId'>,
  materialsNow: readonly Material[],
): boolean {
  return materialsNow.some((material) => material.keyMaterialId === keyMaterialId && material.isImported);
}

/**
 * Tells whether the materials in KMS have changed since the step `find-key` looked at them. A material that this ceremony
 * itself imported since that look does not count as a change, unless KMS has lost it again.
 * @param look the materials as the step `find-key` found them, and when it asked KMS.
 * @param materialsNow the materials as KMS tells them now.
 * @param attempts the attempts of the journal, by `STEP/NAME`.
 * @param step the step that imports.
 */
export function isLookStale(
  look: Materials,
  materialsNow: readonly Material[],
  attempts: JournalState['attempts'],
  step: StepId,
): boolean {
  const { asOf, all } = look;
  if (all.length !== materialsNow.length) return true;
  return materialsNow.some((material) => {
    const earlier = all.find(({ keyMaterialId }) => keyMaterialId === material.keyMaterialId);
    if (earlier === undefined || earlier.state !== material.state) return true;
    const ownImports = [...attempts]
      .filter(([name]) => name.startsWith(`${step}/${nameStart(material)}`) && name.endsWith(nameEnd({ asOf })))
      .map(([, attempt]) => attempt);
    // The result is null when KMS refused the copy: then nothing was imported.
    const hasImported = ownImports.some(({ outcome, result }) => outcome === 'done' && result !== null);
    const isLostAgain = hasImported && !material.isImported;
    if (isLostAgain) return true;
    const isUnchanged =
      earlier.isImported === material.isImported && (!material.isImported || earlier.expiry === material.expiry);
    // An import of this ceremony explains the difference, even when its outcome is not known yet.
    const isByOwnImport = material.isImported && ownImports.length > 0;
    return !isUnchanged && !isByOwnImport;
  });
}
