import { explainAwsError } from '../aws/problems.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { proveWrapping } from '../material/proof.ts';
import { wrapMaterial } from '../material/wrap.ts';
import { recommendedPair } from '../material/wrapping-algorithms.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import { findBroughtBack, isLookStale, isStillInKms, lastImports, lastProceedAnswer } from './brought-before.ts';
import { expiryClause } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { type ImportSource, importAgain } from './import-again.ts';
import { fetchPair } from './import-pair.ts';
import { chosenCopies } from './import-questions.ts';
import type { ImportingStep } from './importing.ts';
import { matchCopies } from './match-copies.ts';
import { readMaterialsOf, shortId } from './materials.ts';
import { type OpenedCopy, openCopies } from './open-copies.ts';
import { backTo } from './past.ts';
import { hasOtherExpiry, readExpiriesBack } from './read-expiries-back.ts';
import type { Services } from './services.ts';
import type { StepId } from './step-id.ts';
import { waitForEnabled } from './wait-for-enabled.ts';

export const nothingToDo = 'Nothing to do: KMS has every material with its expiry';

type Context = ActContext<Facts, Services>;

/**
 * Imports materials of a key again, from the copies that the answers name; then waits until the key is Enabled, and destroys all
 * secrets of the run. When `wanted` is empty, imports nothing and does not wait. Reads from KMS when the imported materials expire.
 * @returns the facts `broughtBack`, which has the earlier imports of this ceremony too, and `toDisable`.
 * @throws ProblemError when the materials in KMS have changed meanwhile, a copy does not open or fit, an import fails, or KMS does
 * not tell when the materials expire.
 */
export async function importMaterials(context: Context, wanted: readonly Material[], importingStep: ImportingStep) {
  const { answers, facts, services, report } = context;
  const { step } = importingStep;
  const { lines } = services.journal;
  const { keyState, wasDisabled } = need(facts, 'materials');
  const materialsNow = await lookAgain(context, step);
  const earlierImports = findBroughtBack(lines, step).filter((each) => isStillInKms(each, materialsNow));
  const newImports = wanted.length === 0 ? [] : await importAll(context, wanted, earlierImports.length, importingStep);
  const materials = lastImports([...earlierImports, ...newImports]);
  // When the ceremony continues after its imports, nobody is asked again.
  const proceed = answers.proceed ?? lastProceedAnswer(lines, step);
  const toDisable = wasDisabled && materials.length > 0 && proceed !== 'leave-enabled';
  if (newImports.length === 0) {
    report({ id: 'none', label: nothingToDo, state: 'done' });
    return { broughtBack: { materials: await readExpiriesBack(context, materials), keyState }, toDisable };
  }
  const { KeyState = '' } = await waitForEnabled(context, { remedies: [lookAgainRemedy] });
  report({ id: 'state', label: `The key is ${KeyState}`, state: 'done' });
  services.secrets.forget();
  return { broughtBack: { materials: await readExpiriesBack(context, materials), keyState: KeyState }, toDisable };
}

/**
 * Makes the receipt of an import that may have brought material back, or found nothing to do.
 * @param doneWords what was done when KMS held all of the material before.
 */
export function importReceipt(facts: Facts, doneWords: string): string {
  const { materials } = need(facts, 'broughtBack');
  if (materials.length === 0) return nothingToDo;
  const done = materials.every(({ wasThere }) => wasThere) ? doneWords : 'Material brought back';
  const warning = materials.some(hasOtherExpiry) ? '. WARNING: KMS tells another expiry' : '';
  return `${done}: ${materials.map(expiryWordsOf).join(', ')}${warning}`;
}

/** Says when an imported material expires: `0a1b2c3d expires at 2027-03-01 11:59 UTC`. */
export function expiryWordsOf({ keyMaterialId, validTo }: Pick<BroughtMaterial, 'keyMaterialId' | 'validTo'>): string {
  return `${keyMaterialId.slice(0, 8)} ${expiryClause(validTo)}`;
}

/**
 * Opens the copies, finds which copy may hold which material, and imports the materials one after another.
 * @param earlierCount how many other materials this ceremony has imported before.
 * @throws ProblemError when a copy does not open, or no copy holds the bytes of a material. What came before stays imported.
 */
async function importAll(
  context: Context,
  wanted: readonly Material[],
  earlierCount: number,
  importingStep: ImportingStep,
): Promise<readonly BroughtMaterial[]> {
  const { answers, services, report } = context;
  report({ id: 'open', label: 'Opening and comparing the copies', state: 'working' });
  const matches = matchCopies(
    wanted,
    await openCopies(chosenCopies(answers, services), answers, services),
    importingStep,
  );
  report({ id: 'open', label: 'Copies opened and compared', state: 'done' });
  proveWrapping(recommendedPair);
  const materials: BroughtMaterial[] = [];
  for (const { material, candidates } of matches) {
    report({ id: material.keyMaterialId, label: `Importing material ${shortId(material)}`, state: 'working' });
    const imported = await importFirstFitting(context, material, candidates, importingStep);
    if (imported === undefined)
      throw new ProblemError(noCopyFitsProblem(material, candidates, earlierCount + materials.length, importingStep));
    materials.push(imported);
    report({ id: material.keyMaterialId, label: `Material ${shortId(material)} imported`, state: 'done' });
  }
  return materials;
}

/** Tries the copies in turn until KMS takes one as the bytes of the material. Returns undefined when KMS takes none. */
async function importFirstFitting(
  context: Context,
  material: Material,
  candidates: readonly OpenedCopy[],
  importingStep: ImportingStep,
): Promise<BroughtMaterial | undefined> {
  for (const copy of candidates) {
    const imported = await importAgain(context, material, sourceOf(context, copy, importingStep), importingStep);
    if (imported !== null) return imported;
  }
  return undefined;
}

/** Gives a copy as the source of an import: its bytes are wrapped under a fresh wrapping key. */
function sourceOf({ facts, services }: Context, copy: OpenedCopy, { step }: ImportingStep): ImportSource {
  const { path: file, checkValue, secret } = copy;
  return {
    file,
    checkValue,
    fingerprint: checkValue,
    async getWrapped() {
      const { wrappingKey, importToken } = await fetchPair(services, need(facts, 'key').keyId, recommendedPair, {
        step,
        state: 'KMS has the materials that it had.',
      });
      return { wrapped: wrapMaterial(secret, { wrappingKey, algorithm: recommendedPair.algorithm }), importToken };
    },
  };
}

/**
 * Asks KMS once more which materials are there, because hours or days may have passed since the questions were asked.
 * @throws ProblemError when KMS cannot be asked, or when the materials have changed since the step `find-key` asked. Then
 * the renewal of the problem leads back to that step.
 */
async function lookAgain({ facts, services, signal }: Context, step: StepId): Promise<readonly Material[]> {
  const { keyId } = need(facts, 'key');
  const look = need(facts, 'materials');
  try {
    const materialsNow = await readMaterialsOf(services.session.clients.kms, keyId, services);
    if (isLookStale(look, materialsNow, services.journal.state.attempts, step))
      throw new ProblemError(changedMeanwhileProblem(step));
    return materialsNow;
  } catch (error) {
    signal.throwIfAborted();
    throw new ProblemError(
      explainAwsError(error, { what: "Can't see which materials are there.", state: nothingMoreSent }),
    );
  }
}

const nothingMoreSent = 'Nothing more was sent or changed.';

const lookAgainRemedy = backTo('find-key', 'Look again which materials are there');

/** Makes the problem of materials that have changed in KMS. @param step the step whose questions must be answered again. */
const changedMeanwhileProblem = (step: StepId): Problem => ({
  kind: 'fixable',
  what: 'The key has changed since KMS was asked which materials are there.',
  state: nothingMoreSent,
  next: ['Look again, and answer the questions anew.'],
  remedies: [lookAgainRemedy],
  renewal: {
    step: 'find-key',
    says: 'The key has changed since KMS was asked: KMS is asked again',
    ask: [step],
  },
});

/**
 * Makes the problem of a material whose bytes are in no copy.
 * @param candidates the copies that KMS refused.
 * @param importedCount how many other materials this ceremony has imported.
 */
function noCopyFitsProblem(
  { keyMaterialId }: Material,
  candidates: readonly OpenedCopy[],
  importedCount: number,
  { done }: ImportingStep,
) {
  const values = candidates.map(({ checkValue }) => checkValue).join(', ');
  const others = importedCount === 1 ? 'Another material was' : `${importedCount} other materials were`;
  return {
    kind: 'fixable',
    what: `The material ${keyMaterialId.slice(0, 8)} was not ${done}: no copy holds its bytes.`,
    why: `KMS refused ${candidates.length === 1 ? 'the copy' : 'the copies'} with the key check value ${values} as other bytes.`,
    code: 'IncorrectKeyMaterialException',
    state: importedCount === 0 ? 'Nothing was changed.' : `${others} ${done}; this one was not.`,
    next: ['Look for another copy, and name that one.'],
    remedies: [{ action: 'ask-again', label: 'Name other copies', question: 'backups' }],
  } as const;
}
