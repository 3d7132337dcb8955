import { ProblemError } from '../ceremony/problem.ts';
import type { Material } from './facts.ts';
import type { ImportingStep } from './importing.ts';
import { shortId } from './materials.ts';
import type { OpenedCopy } from './open-copies.ts';

/** A material, and the copies that may hold its bytes: the most likely copy first. */
export type Match = { readonly material: Material; readonly candidates: readonly OpenedCopy[] };

/**
 * Finds the copies that may hold each material. A material with a recorded check value gets the copies with this value. Any
 * other gets the copies whose card names it, then those without a card: only KMS can tell, because it refuses other bytes.
 * @throws ProblemError when a material has no such copy.
 */
export function matchCopies(
  wanted: readonly Material[],
  copies: readonly OpenedCopy[],
  importingStep: ImportingStep,
): readonly Match[] {
  const recordedValues = new Set(wanted.map(({ checkValue }) => checkValue));
  const matches = wanted.map((material) => {
    const hasItsValue = (copy: OpenedCopy) => copy.checkValue === material.checkValue;
    if (material.checkValue !== undefined) return { material, candidates: copies.filter(hasItsValue) };
    const carded = copies.filter(({ keyMaterialId }) => keyMaterialId === material.keyMaterialId);
    const others = copies.filter((copy) => copy.keyMaterialId === undefined && !recordedValues.has(copy.checkValue));
    return { material, candidates: [...carded, ...others] };
  });
  const without = matches.filter(({ candidates }) => candidates.length === 0).map(({ material }) => material);
  if (without.length > 0) throw new ProblemError(noCopyProblem(without, copies, importingStep));
  return matches;
}

function noCopyProblem(without: readonly Material[], copies: readonly OpenedCopy[], { done }: ImportingStep) {
  const wanted = without
    .map(
      (material) =>
        `${shortId(material)}${material.checkValue === undefined ? '' : ` (key check value ${material.checkValue})`}`,
    )
    .join(', ');
  const values = copies.map(({ checkValue }) => checkValue).join(', ');
  const given = copies.length === 1 ? 'The copy that was opened has' : 'The copies that were opened have';
  return {
    kind: 'fixable',
    what: `Nothing was ${done}: a copy is missing, or is of another key.`,
    why: `No copy holds the material ${wanted}. ${given} the key check value ${values}.`,
    code: 'WrongCopy',
    state: 'Nothing was sent or changed. KMS was not asked for a wrapping key.',
    next: [without.length === 1 ? 'Name a copy of this material.' : 'Name a copy of each of these materials.'],
    remedies: [{ action: 'ask-again', label: 'Name other copies', question: 'backups' }],
  } as const;
}
