import { bringBackQuestions, wantedMaterials } from './bring-back-questions.ts';
import { importCommands } from './import-commands.ts';
import { importMaterials, importReceipt } from './import-materials.ts';
import type { ImportingStep } from './importing.ts';
import { openingNames } from './opening-questions.ts';
import type { KeyferryStep } from './services.ts';

// Pages: KMS developer guide, "Reimport key material", "Key states of AWS KMS keys".

const thisStep: ImportingStep = { step: 'bring-back', done: 'brought back' };

/** Imports the missing materials of a key again, and those whose expiry should change, from copies of their bytes. */
export const bringBack: KeyferryStep = {
  id: 'bring-back',
  asks: ['expiry', 'valid-to', 'backups', ...openingNames, 'proceed'],
  mayLeaveQuestionsUnasked: true,
  needs: ['connection', 'key', 'materials'],
  provides: ['broughtBack', 'toDisable'],
  leadsTo: ['bring-back', 'find-key'],
  title: 'Material',
  done: 'Material brought back',
  place: 'KMS',
  lasting: true,
  why: 'A KMS key takes back only the same bytes that it had. Your copies are opened and compared before anything is asked of KMS.',
  goesWrong: [
    'IncorrectKeyMaterialException: the copy holds other bytes. Nothing changes; another copy may be the right one.',
    'One of several materials is still missing. Then the key stays PendingImport, and nothing under it can be read.',
    'An import without an expiry would drop the one that the material had. Keyferry sends the expiry again.',
  ],

  questions: (context) => bringBackQuestions(context),

  commands: (context) => importCommands(context, wantedMaterials(context)),

  act: (context) => importMaterials(context, wantedMaterials(context), thisStep),

  receipt: (facts) => importReceipt(facts, 'Expiry changed'),
};
