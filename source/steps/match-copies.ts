import { ProblemError } from '../ceremony/problem.ts';
import type { Material } from './facts.ts';
import type { ImportingStep } from './importing.ts';
import { shortId } from './materials.ts';
import type { OpenedCopy } from './open-copies.ts';

/** A material, and the copies that may hold its bytes: the most likely copy first. */
export type Match = { readonly material: Material; readonly candidates: readonly OpenedCopy[] };

/**
 * Finds the copies that may hold each material. For a material with a recorded check value, these are the copies with this
 * value. For any other material, these are the copies whose card names it, and then the copies without a card whose check value is
 * not that of another wanted material. Only KMS can tell whether one of them is right, because it refuses other bytes.
 * @throws ProblemError when there is no such copy for a material.
 */
export function matchCopies(
  wanted: readonly Material[],
  copies: readonly OpenedCopy[],
  importingStep: ImportingStep,
): readonly Match[] {
  const recordedValues = new Set(wanted.map(({ checkValue }) => checkValue));
  const matches = wanted.map((material) => {
    const hasSameValue = (copy: OpenedCopy) => copy.checkValue === material.checkValue;
    if (material.checkValue !== undefined) return { material, candidates: copies.filter(hasSameValue) };
    const namedByCard = copies.filter(({ keyMaterialId }) => keyMaterialId === material.keyMaterialId);
    // A copy with a check value that is recorded for another wanted material holds that material.
    const withoutCard = copies.filter(
      (copy) => copy.keyMaterialId === undefined && !recordedValues.has(copy.checkValue),
    );
    return { material, candidates: [...namedByCard, ...withoutCard] };
  });
  const unmatched = matches.filter(({ candidates }) => candidates.length === 0).map(({ material }) => material);
  if (unmatched.length > 0) throw new ProblemError(noCopyProblem(unmatched, copies, importingStep));
  return matches;
}

/** Makes the problem of materials that have no copy. Names the check values of the opened copies. */
function noCopyProblem(unmatched: readonly Material[], copies: readonly OpenedCopy[], { done }: ImportingStep) {
  const wanted = unmatched
    .map(
      (material) =>
        `${shortId(material)}${material.checkValue === undefined ? '' : ` (key check value ${material.checkValue})`}`,
    )
    .join(', ');
  const values = copies.map(({ checkValue }) => checkValue).join(', ');
  const copiesHave = copies.length === 1 ? 'The copy that was opened has' : 'The copies that were opened have';
  return {
    kind: 'fixable',
    what: `Nothing was ${done}: a copy is missing, or is of another key.`,
    why: `No copy holds the material ${wanted}. ${copiesHave} the key check value ${values}.`,
    code: 'WrongCopy',
    state: 'Nothing was sent or changed. KMS was not asked for a wrapping key.',
    next: [unmatched.length === 1 ? 'Name a copy of this material.' : 'Name a copy of each of these materials.'],
    remedies: [{ action: 'ask-again', label: 'Name other copies', question: 'backups' }],
  } as const;
}
