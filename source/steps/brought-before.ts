import type { JournalLine, JournalState } from '../ceremony/journal.ts';
import type { Answer } from '../ceremony/question.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import type { Material, Materials } from './facts.ts';
import type { StepId } from './step-id.ts';

/*
 * A ceremony that imports materials again may be killed and continue days later, or may ask KMS several times what is there.
 * Its journal has what it imported so far, as outcomes of attempts of the step that imports. These functions read that journal.
 */

/** What names one import. `expiry` is the answered expiry, such as `90d` or `never`. */
type Named = { readonly keyMaterialId: string; readonly checkValue: string; readonly expiry: string };

/**
 * Gives the name under which the journal has the import of a material from a copy.
 * @param named `checkValue` is that of the copy. `asOf` is when KMS was asked which materials are missing: after another look
 * the name differs, so that an import that was done before may be done again.
 */
export function importAttemptName({
  keyMaterialId,
  checkValue,
  expiry,
  asOf,
}: Named & Pick<Materials, 'asOf'>): string {
  return `${nameStart({ keyMaterialId })}of ${checkValue} until ${expiry}${nameEnd({ asOf })}`;
}

const nameStart = ({ keyMaterialId }: Pick<Material, 'keyMaterialId'>) => `import ${keyMaterialId} `;
const nameEnd = ({ asOf }: Pick<Materials, 'asOf'>) => ` as of ${asOf}`;

/** Finds in the journal the materials that this ceremony has imported so far; for each material the last import. */
export function findBroughtBack(lines: readonly JournalLine[], step: StepId): readonly BroughtMaterial[] {
  return lastOfEach(
    lines.flatMap((line) => {
      if (line.kind !== 'outcome' || line.step !== step || line.outcome !== 'done') return [];
      const result = line.result as BroughtMaterial | null;
      return result === null ? [] : [result];
    }),
  );
}

/** Counts a material that was imported several times once: with its last import, and the expiry from before the first. */
export function lastOfEach(imports: readonly BroughtMaterial[]): readonly BroughtMaterial[] {
  const last = new Map<string, BroughtMaterial>();
  for (const each of imports) {
    const before = last.get(each.keyMaterialId)?.before;
    last.set(each.keyMaterialId, before === undefined ? each : { ...each, before });
  }
  return [...last.values()];
}

/** Gives the last answer to the question `proceed` that the journal has, or `undefined` when it was never answered. */
export function lastProceedAnswer(lines: readonly JournalLine[], step: StepId): Answer | undefined {
  return lines
    .filter((line) => line.kind === 'answered' && line.step === step)
    .map((line) => (line.kind === 'answered' ? line.answers.proceed : undefined))
    .findLast((proceed) => proceed !== undefined);
}

/** Tells whether this ceremony found the key Disabled and has begun to import since, which enables a key. */
export function wasDisabledBefore(lines: readonly JournalLine[], step: StepId): boolean {
  const hasSent = lines.some((line) => line.kind === 'intent' && line.step === step);
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

/** Tells whether KMS still holds an imported material. @param now the materials as KMS tells them now. */
export function isThere({ keyMaterialId }: Pick<BroughtMaterial, 'keyMaterialId'>, now: readonly Material[]): boolean {
  return now.some((material) => material.keyMaterialId === keyMaterialId && material.isImported);
}

/**
 * Tells whether the materials in KMS have changed since the look of the step `find-key`. What this ceremony imported since
 * that look is no change, unless KMS has lost it again.
 * @param now the materials as KMS tells them now.
 */
export function isLookStale(
  { asOf, all }: Materials,
  now: readonly Material[],
  attempts: JournalState['attempts'],
  step: StepId,
): boolean {
  if (all.length !== now.length) return true;
  return now.some((material) => {
    const before = all.find(({ keyMaterialId }) => keyMaterialId === material.keyMaterialId);
    if (before === undefined || before.state !== material.state) return true;
    const ownImports = [...attempts]
      .filter(([name]) => name.startsWith(`${step}/${nameStart(material)}`) && name.endsWith(nameEnd({ asOf })))
      .map(([, attempt]) => attempt);
    const hasImported = ownImports.some(({ outcome, result }) => outcome === 'done' && result !== null);
    if (hasImported && !material.isImported) return true;
    const isSame =
      before.isImported === material.isImported && (!material.isImported || before.expiry === material.expiry);
    // An own import explains the difference, also one whose outcome is not known yet.
    const isByOwnImport = material.isImported && ownImports.length > 0;
    return !isSame && !isByOwnImport;
  });
}
