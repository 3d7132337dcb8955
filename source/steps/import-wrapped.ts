import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import type { ActContext } from '../ceremony/step.ts';
import { expiryQuestion } from './bring-back-questions.ts';
import { dateQuestion } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { readFilesToSend } from './files-to-send.ts';
import { type ImportSource, importAgain } from './import-again.ts';
import { chooseFile, withLikelyCause } from './import-cause.ts';
import { importCommands } from './import-commands.ts';
import { gatherImportEvidence } from './import-evidence.ts';
import { importReceipt } from './import-materials.ts';
import { fetchAgain, makePairRenewal } from './import-pair.ts';
import { materialWords, proceedQuestion } from './import-questions.ts';
import type { ImportingStep } from './importing.ts';
import { isNeeded, missingOf, shortId } from './materials.ts';
import { readExpiriesBack } from './read-expiries-back.ts';
import { keyElsewhere } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';
import { isTokenUsedUp, refuseOldToken, tokenUsedUpReason } from './token-life.ts';
import { waitForEnabled } from './wait-for-enabled.ts';

// Pages: KMS developer guide, "Reimport key material"; KMS API reference, ImportKeyMaterial, Errors.

const thisStep: ImportingStep = { step: 'import-wrapped', done: 'brought back' };

/** Imports a material again from a file that was wrapped where the key is kept. Keyferry never sees the bytes. */
export const importWrapped: KeyferryStep = {
  id: 'import-wrapped',
  asks: ['material', 'expiry', 'valid-to', 'proceed'],
  mayLeaveQuestionsUnasked: true,
  needs: ['connection', 'secret', 'key', 'materials', 'wrapping', 'wrapped'],
  provides: ['broughtBack', 'toDisable'],
  leadsTo: ['wrapping-key', 'wrap'],
  title: 'Material',
  done: 'Material brought back',
  place: 'KMS',
  lasting: true,
  why: 'A KMS key takes back only the same bytes that it had. KMS opens your wrapped file and compares them: only KMS can.',
  goesWrong: [
    'IncorrectKeyMaterialException: another key was wrapped. Nothing changes; wrap the right one.',
    'InvalidCiphertextException, without a message: another hash, or wrapped under an older wrapping key.',
  ],

  questions(context) {
    const { facts, answers, services } = context;
    const candidates = candidatesOf(facts);
    const questions = [...(candidates.length > 1 ? [materialQuestion(candidates)] : []), expiryQuestion(context)];
    if (answers.expiry === 'date') questions.push(dateQuestion(services));
    return [...questions, proceedQuestion([chosenMaterial(facts, answers)], context)];
  },

  commands(context) {
    const { facts, answers } = context;
    const { file } = need(facts, 'wrapped');
    return importCommands(context, [chosenMaterial(facts, answers)], {
      wrappedFile: file,
      tokenFile: need(facts, 'wrapping').tokenFile,
    });
  },

  async act(context) {
    const { facts, answers, report } = context;
    const material = chosenMaterial(facts, answers);
    report({ id: 'import', label: `Importing material ${shortId(material)}`, state: 'working' });
    const imported = await importAgain(context, material, wrappedSource(context), thisStep);
    if (imported === null) throw new ProblemError(otherBytesProblem(material, facts));
    report({ id: 'import', label: `KMS took it as material ${shortId(material)}`, state: 'done' });
    const { KeyState = '' } = await waitForEnabled(context);
    report({ id: 'state', label: `The key is ${KeyState}`, state: 'done' });
    const materials = await readExpiriesBack(context, [imported]);
    const toDisable = need(facts, 'materials').wasDisabled && answers.proceed !== 'leave-enabled';
    return { broughtBack: { materials, keyState: KeyState }, toDisable };
  },

  receipt: (facts) => importReceipt(facts, 'Material imported again'),
};

/** Gives the materials of which one can be imported: those that are missing, or else those that the key needs. */
function candidatesOf(facts: Facts): readonly Material[] {
  const { all } = need(facts, 'materials');
  const missing = missingOf(all);
  return missing.length > 0 ? missing : all.filter(isNeeded);
}

/** Gives the material that the wrapped file should hold: the one that the person chose, else the first candidate. */
function chosenMaterial(facts: Facts, { material }: Answers): Material {
  const candidates = candidatesOf(facts);
  return candidates.find(({ keyMaterialId }) => keyMaterialId === material) ?? (candidates[0] as Material);
}

/** Asks which material the wrapped file holds. */
function materialQuestion(candidates: readonly Material[]): Question {
  return {
    kind: 'choice',
    id: 'material',
    ask: 'Which material is in the wrapped file?',
    label: 'Material',
    form: 'the id of a material',
    options: candidates.map((material) => ({ value: material.keyMaterialId, label: materialWords(material) })),
    help: 'KMS refuses any other bytes, and then nothing changes.',
  };
}

/** Gives the wrapped file as the source of an import. */
function wrappedSource({ facts, services, report }: ActContext<Facts, Services>): ImportSource {
  const { file, sha256 = '' } = need(facts, 'wrapped');
  return {
    file: resolve(services.folder.path, file),
    fingerprint: sha256,
    async getWrapped() {
      refuseOldToken(facts, services);
      const { EncryptedKeyMaterial, ImportToken } = readFilesToSend(facts, services, report);
      return { wrapped: EncryptedKeyMaterial, importToken: ImportToken };
    },
    explain(problem, error) {
      const renewal = isTokenUsedUp(error) ? { renewal: makePairRenewal(tokenUsedUpReason, 'you') } : {};
      return { ...withLikelyCause(problem, gatherImportEvidence(facts, services)), ...renewal };
    },
  };
}

/** Makes the problem of a wrapped file that KMS opened and that holds other bytes than the material. */
function otherBytesProblem(material: Material, { secret, wrapped }: Facts) {
  const keeper = keyElsewhere(secret)?.keeper ?? 'its keeper';
  return {
    kind: 'fixable',
    what: 'The material was not brought back: another key is in the wrapped file.',
    why: `KMS opened ${wrapped?.file} and refused what is in it as other bytes than the material ${shortId(material)}.`,
    code: 'IncorrectKeyMaterialException',
    state: 'Nothing was changed.',
    next: [`Let ${keeper} wrap the key that was imported, and give that file.`],
    remedies: [chooseFile(true), fetchAgain],
  } as const;
}
