import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import { changeExpiryQuestions, materialsToChange } from './change-expiry-questions.ts';
import { type Facts, need } from './facts.ts';
import { importCommands } from './import-commands.ts';
import { expiryWordsOf, importMaterials, nothingToDo } from './import-materials.ts';
import type { ImportingStep } from './importing.ts';
import { readMaterialsOf } from './materials.ts';
import { openingNames } from './opening-questions.ts';
import type { KeyferryStep, Services } from './services.ts';

const thisStep: ImportingStep = { step: 'change-expiry', done: 'imported again' };

/** Changes when material expires: imports the same bytes again with the new expiry, and reads the expiry back from KMS. */
export const changeExpiry: KeyferryStep = {
  id: 'change-expiry',
  asks: ['expiry', 'valid-to', 'shorten', 'backups', ...openingNames, 'proceed'],
  asksAsNeeded: true,
  needs: ['connection', 'key', 'materials'],
  provides: ['broughtBack', 'toDisable'],
  leadsTo: ['change-expiry', 'find-key'],
  title: 'Expiry',
  done: 'Expiry changed',
  place: 'KMS',
  lasting: true,
  why: 'KMS changes an expiry only by an import of the same bytes. What is encrypted stays readable meanwhile.',
  goesWrong: [
    'The new date is sooner than the one of now. Then it must be confirmed.',
    'IncorrectKeyMaterialException: the copy holds other bytes. Nothing changes; another copy may be the right one.',
    'KMS tells another expiry afterwards than was asked for. The last page says so.',
  ],

  questions: (context) => changeExpiryQuestions(context),

  commands: (context) => importCommands(context, materialsToChange(context)),

  async act(context) {
    const { broughtBack, toDisable } = await importMaterials(context, materialsToChange(context), thisStep);
    const { materials } = broughtBack;
    if (materials.length === 0) return { broughtBack, toDisable };
    return { broughtBack: { ...broughtBack, materials: await readExpiriesBack(context, materials) }, toDisable };
  },

  receipt(facts) {
    const { materials } = need(facts, 'broughtBack');
    if (materials.length === 0) return nothingToDo;
    const result = materials.every((material) => hasAskedExpiry(material))
      ? 'Expiry changed'
      : 'KMS tells another expiry';
    return `${result}: ${materials.map(expiryWordsOf).join(', ')}`;
  },
};

/** Tells whether KMS, after the import, told the expiry (`found`) that was asked for (`validTo`, null for never). */
export function hasAskedExpiry({ validTo, found }: BroughtMaterial): boolean {
  return found === (validTo ?? 'never');
}

/** How many times KMS is asked at most while it tells another expiry. Its list of materials may lag behind an import. */
const mostLooks = 4;

/**
 * Reads from KMS when the materials expire now. While KMS tells another expiry than was asked for, asks again after a pause.
 * @returns the materials, each with the expiry that KMS told last, or `missing`.
 * @throws ProblemError when KMS gives an error.
 */
async function readExpiriesBack(
  { facts, services, pause, report, signal }: ActContext<Facts, Services>,
  materials: readonly BroughtMaterial[],
): Promise<readonly BroughtMaterial[]> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  report({ id: 'read-back', label: 'Reading the expiry back from KMS', state: 'working' });
  for (let tries = 1; ; tries += 1) {
    const all = await readMaterialsOf(kms, keyId, services).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new ProblemError(
        explainAwsError(error, { what: "Can't read the expiry back from KMS.", state: importedState }),
      );
    });
    const materialsNow = materials.map((material): BroughtMaterial => {
      const materialNow = all.find(({ keyMaterialId }) => keyMaterialId === material.keyMaterialId);
      return { ...material, found: materialNow?.isImported === true ? materialNow.expiry : 'missing' };
    });
    const isSame = materialsNow.every(hasAskedExpiry);
    if (isSame || tries === mostLooks) {
      const label = isSame ? 'KMS tells the expiry that was asked for' : 'KMS tells another expiry than was asked for';
      report({ id: 'read-back', label, state: 'done' });
      return materialsNow;
    }
    // Pauses of 1, 2 and 4 seconds.
    await pause({ label: 'KMS tells another expiry', next: tries + 1, milliseconds: 500 * 2 ** tries });
  }
}

const importedState = 'The material was imported again. Trying again only looks; it does not import twice.';
