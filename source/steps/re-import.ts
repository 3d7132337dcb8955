import { basename } from 'node:path';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answer, Answers, Question } from '../ceremony/question.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { keyCheckValue } from '../material/check-value.ts';
import { proveWrapping } from '../material/proof.ts';
import { wrapMaterial } from '../material/wrap.ts';
import { recommendedPair } from '../material/wrapping-algorithms.ts';
import { awsCommand } from './aws-command-line.ts';
import { openingQuestion, openWithAnswers } from './backup-file.ts';
import { utc } from './dates.ts';
import { importChoices } from './disabled-key.ts';
import { type Facts, need } from './facts.ts';
import { fetchPair } from './import-pair.ts';
import { askWhetherSame } from './same-material.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Imports the backup's bytes as the material that KMS holds already: KMS takes them only if they are the same. */
export const reImport: KeyferryStep = {
  id: 're-import',
  asks: ['passphrase-file', 'identity', 'proceed'],
  needs: ['connection', 'key', 'imported', 'check'],
  provides: ['answer', 'toDisable'],
  leadsTo: ['re-import'],
  title: 'Answer of KMS',
  done: 'Answered by KMS',
  place: 'KMS',
  lasting: true,
  why: 'Only KMS can tell whether the backup is the key: it takes the same bytes again, and refuses any others.',
  goesWrong: [
    'The file is a backup of another key. Then KMS refuses it, and nothing changes.',
    'The material has expired meanwhile. Then KMS has nothing to compare with, and an import would bring the key back.',
  ],

  questions({ facts, answers, services }) {
    const check = need(facts, 'check');
    const opening = withOpeningCheck(
      openingQuestion(
        { by: check.by, file: basename(check.file) },
        services,
        `It opens\n${check.file}\nNothing is sent before you agree.`,
      ),
      facts,
      services,
    );
    const isOpen = services.secrets.key !== undefined || opening.id in answers;
    return isOpen ? [opening, proceedQuestion(facts)] : [opening];
  },

  commands({ facts, services }) {
    const { keyId } = need(facts, 'key');
    const { validTo } = need(facts, 'check');
    return [
      {
        says: 'Import the same material again, wrapped under a fresh wrapping key',
        shell: awsCommand(facts, services, 'kms import-key-material', {
          'key-id': keyId,
          'encrypted-key-material': 'fileb://enc.aes.key',
          'import-token': 'fileb://TOKEN_FILE',
          'import-type': 'EXISTING_KEY_MATERIAL',
          'key-material-id': need(facts, 'imported').keyMaterialId,
          ...(validTo === null
            ? { 'expiration-model': 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
            : { 'expiration-model': 'KEY_MATERIAL_EXPIRES', 'valid-to': validTo }),
        }),
      },
    ];
  },

  async act({ facts, answers, services, attempt, report }) {
    const { secrets, session, clock } = services;
    if (secrets.key === undefined) await holdBackupKey(facts, answers, services);
    const secret = secrets.key;
    if (secret === undefined) throw new Error('The backup was opened a moment ago.');
    const { keyId } = need(facts, 'key');
    const { validTo, materialDescription } = need(facts, 'check');
    report({ id: 'ask', label: 'Wrapping and sending the backup', state: 'working' });
    proveWrapping(recommendedPair);
    try {
      const { kms } = session.clients;
      const { wrappingKey, importToken } = await fetchPair(services, keyId, recommendedPair, fetchingStep);
      const checkValue = keyCheckValue(secret).value;
      const wrapped = wrapMaterial(secret, { wrappingKey, algorithm: recommendedPair.algorithm });
      const same = await askWhetherSame(kms, attempt, {
        keyId,
        keyMaterialId: need(facts, 'imported').keyMaterialId,
        wrapped,
        importToken,
        validTo,
        description: materialDescription,
      });
      secrets.forget();
      report({ id: 'ask', label: same ? 'KMS took it: the same key' : 'KMS refused it: another key', state: 'done' });
      const toDisable = need(facts, 'check').keyState === 'Disabled' && answers.proceed === 'import';
      return { answer: { same, checkValue, answeredAt: clock().toISOString() }, toDisable };
    } catch (error) {
      throw new ProblemError(
        explainAwsError(error, {
          what: 'KMS did not answer whether the backup is the key.',
          state: 'The key has the material that it had.',
        }),
      );
    }
  },

  receipt(facts) {
    return need(facts, 'answer').same ? 'KMS says: the same key' : 'KMS says: another key';
  },
};

const fetchingStep = { step: 're-import', state: 'The key has the material that it had.' } as const;

/** Adds a `verify` that opens the backup, so that the backup is open before a person agrees to the import. */
function withOpeningCheck(question: Question, facts: Facts, services: Services): Question {
  const verify = async (answer: Answer) => {
    try {
      await holdBackupKey(facts, { [question.id]: answer }, services);
      return undefined;
    } catch (error) {
      if (error instanceof ProblemError) return error.problem.why;
      throw error;
    }
  };
  return { ...question, verify };
}

/**
 * Opens the backup and lets the run hold its key.
 * @throws ProblemError when the answers do not open it.
 */
async function holdBackupKey(facts: Facts, answers: Answers, services: Services): Promise<void> {
  const { file, by, recorded } = need(facts, 'check');
  const bytes = readBackupFile(file);
  const opened = typeof bytes === 'string' ? { why: bytes } : await openWithAnswers(bytes, by, answers, services);
  if (!('why' in opened)) {
    services.secrets.holdKey(opened);
    return;
  }
  const changed = recorded ? '' : ' It is not, byte for byte, the file that was made with the key.';
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't open the backup.",
    why: `${opened.why}${changed}`,
    state: 'Nothing was sent or changed.',
    next: ['Give what opens it, or check another copy.'],
    remedies: [
      {
        action: 'ask-again',
        label: 'Give it again',
        question: by === 'passphrase' ? 'passphrase' : 'identity',
      },
    ],
  });
}

function proceedQuestion(facts: Facts): Question {
  const { keyState, validTo } = need(facts, 'check');
  const { keyArn } = need(facts, 'key');
  const { form, options, words } = importChoices(keyState === 'Disabled' ? 'is' : undefined, 'Import it again');
  const expiry =
    validTo === null ? 'It does not expire now and will not.' : `It still expires at ${utc(new Date(validTo))}.`;
  return {
    kind: 'choice',
    id: 'proceed',
    ask: 'Ask KMS whether this is the key?',
    label: 'Import again',
    form,
    options,
    help: `${words}The same material is imported into\n${keyArn}\n${expiry} What the key has encrypted stays readable. Other bytes are refused and change nothing.`,
  };
}
