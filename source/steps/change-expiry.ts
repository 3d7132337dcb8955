import { changeExpiryQuestions, materialsToChange } from './change-expiry-questions.ts';
import { need } from './facts.ts';
import { importCommands } from './import-commands.ts';
import { expiryWordsOf, importMaterials, nothingToDo } from './import-materials.ts';
import type { ImportingStep } from './importing.ts';
import { openingNames } from './opening-questions.ts';
import { hasOtherExpiry } from './read-expiries-back.ts';
import type { KeyferryStep } from './services.ts';

// Pages: KMS developer guide, "Reimport key material"; KMS API reference, ImportKeyMaterial.

const thisStep: ImportingStep = { step: 'change-expiry', done: 'imported again' };

/** Changes when material expires: imports the same bytes again with the new expiry, and reads the expiry back from KMS. */
export const changeExpiry: KeyferryStep = {
  id: 'change-expiry',
  asks: ['expiry', 'valid-to', 'shorten', 'backups', ...openingNames, 'proceed'],
  mayLeaveQuestionsUnasked: true,
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

  act: (context) => importMaterials(context, materialsToChange(context), thisStep),

  receipt(facts) {
    const { materials } = need(facts, 'broughtBack');
    if (materials.length === 0) return nothingToDo;
    const result = materials.some(hasOtherExpiry) ? 'KMS tells another expiry' : 'Expiry changed';
    return `${result}: ${materials.map(expiryWordsOf).join(', ')}`;
  },
};
