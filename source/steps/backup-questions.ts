import type { Answers, Question } from '../ceremony/question.ts';
import { isAgeRecipient } from '../material/backup.ts';
import type { MadeBackup } from './backup-fact.ts';
import { identityProblem } from './backup-file.ts';
import { type Facts, need } from './facts.ts';
import { backupFileName } from './file-names.ts';
import { findBackupOfKey, findKeptBackup } from './kept-backup.ts';
import { loadEstimator, strengthWords, weaknessOf } from './passphrase-strength.ts';
import { type KeyHere, keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';
import { isKeyAtHand, isKeyLost, lostKeyWords } from './with-key.ts';

/** The phrase that a person types to go on without a backup. */
export const declinePhrase = 'no backup';

/**
 * Gives the questions of the step `backup`:
 * - When a backup from before is the only copy of the key, it has to stay, and nothing else is asked.
 * - When there is another copy besides that backup, asks first whether the backup stays; if not, how to encrypt a new one.
 * - When there is no backup from before, or the person came back to change how it is encrypted, asks only how to encrypt a new one.
 */
export function backupQuestions(facts: Facts, answers: Answers, services: Services): readonly Question[] {
  const onlyCopy = isKeyAtHand(facts, services) ? undefined : findBackupOfKey(facts, services)?.fact;
  if (onlyCopy !== undefined) return [keptQuestion(onlyCopy, { isOnlyCopy: true })];
  const kept = findKeptBackup(facts, services)?.fact;
  // A person who came back only to change the backup has said how to make it, and was not asked whether to keep one.
  const isChangingBackup = 'how' in answers && !('kept' in answers);
  if (kept === undefined || isChangingBackup) return newBackupQuestions(facts, answers, services);
  const keepOrNot = keptQuestion(kept, { isOnlyCopy: false });
  return answers.kept === 'another' ? [keepOrNot, ...newBackupQuestions(facts, answers, services)] : [keepOrNot];
}

/** Asks whether the backup that was made before stays. Where it is the only copy of the key, it has to stay. */
function keptQuestion({ file }: MadeBackup, { isOnlyCopy }: { readonly isOnlyCopy: boolean }): Question {
  const another = { value: 'another', label: 'Make another one' } as const;
  return {
    kind: 'choice',
    id: 'kept',
    ask: 'Keep the backup that was made?',
    label: 'Backup',
    form: 'keep or another',
    options: [
      { value: 'keep', label: 'Keep it', hint: 'it holds the same key' },
      isOnlyCopy ? { ...another, disabled: 'the key is only in this backup now' } : { ...another, hint: 'asks how' },
    ],
    default: 'keep',
    help: `${file} opens as before. Its file gets the name of the alias.`,
  };
}

/** Asks how a new backup is encrypted, and then what that way needs. */
function newBackupQuestions(facts: Facts, answers: Answers, services: Services): readonly Question[] {
  const how = howQuestion(facts, services);
  switch (answers.how) {
    case 'passphrase':
      return [how, passphraseQuestion(facts, services), againQuestion(services)];
    case 'recipients':
      return [how, recipientsQuestion, identityQuestion(services)];
    case 'none':
      return [how, declineQuestion(facts)];
    default:
      return [how];
  }
}

/** Asks how to encrypt the backup. When the key is lost, the person must answer, and so learns that a new key is made. */
function howQuestion(facts: Facts, services: Services): Question {
  const name = backupFileName(need(facts, 'description').alias);
  return {
    kind: 'choice',
    id: 'how',
    ...(isKeyLost(facts, services) ? { asked: 'always' as const } : {}),
    ask: 'How should the backup be encrypted?',
    label: 'Backup',
    form: 'passphrase, recipients or none',
    options: [
      { value: 'passphrase', label: 'With a passphrase', hint: 'recommended' },
      { value: 'recipients', label: 'To age recipients', hint: 'people who have an age key' },
      { value: 'none', label: 'Make no backup', hint: 'takes a typed phrase' },
    ],
    default: 'passphrase',
    help: `${isKeyLost(facts, services) ? lostKeyWords : ''}It is written to ${name}, in the age format, which many programs open.`,
  };
}

function passphraseQuestion({ connection }: Facts, { secrets }: Services): Question {
  // Starts to load what estimates strength, so that `check` and `notice` can judge the passphrase while the person types it.
  void loadEstimator();
  return {
    kind: 'secret',
    id: 'passphrase',
    ask: 'Which passphrase should open the backup?',
    label: 'Passphrase',
    form: 'a passphrase that is not guessed within a day',
    check: weaknessOf,
    notice: strengthWords,
    keep: (text) => secrets.holdPassphrase(text),
    // The estimator may have loaded only after the last keystroke, so that `check` passed a weak passphrase.
    verify: async () => {
      await loadEstimator();
      return secrets.passphrase === undefined ? undefined : weaknessOf(secrets.passphrase);
    },
    mayBeMade: connection?.source === 'practice',
    help: 'Several random words are best. A sentence from a book or a song is guessed soon.\nKeep it apart from the file: whoever has both has your key. Nobody can open the backup without it.',
  };
}

/** Asks for the passphrase a second time, because nobody can see a typing mistake in a hidden text. */
function againQuestion({ secrets }: Services): Question {
  return {
    kind: 'secret',
    id: 'passphrase-again',
    ask: 'Type the passphrase once more.',
    label: 'Passphrase',
    form: 'the same passphrase',
    repeats: 'passphrase',
    check: (text) =>
      secrets.passphrase?.equals(text) === true
        ? undefined
        : 'The two differ. Type it again, or go back to choose another.',
    keep: () => {},
  };
}

const recipientsQuestion: Question = {
  kind: 'many',
  id: 'recipients',
  ask: 'Which age recipients may open the backup?',
  label: 'Recipients',
  form: 'age recipients, each beginning with age1',
  options: [],
  typed: 'age recipient, which begins with age1',
  least: 1,
  check: recipientProblem,
  verify: async (answer) => {
    for (const recipient of Array.isArray(answer) ? answer : [])
      if (!(await isAgeRecipient(recipient))) return `${recipient} is not whole: a letter is missing or wrong.`;
    return undefined;
  },
  help: 'A recipient is public: age-keygen prints it when it makes an identity. Each of them alone can open the backup.',
};

/**
 * Says why a text cannot be an age recipient; `undefined` when it has the form of one: `age1`, then small letters and digits
 * other than 1. Only `isAgeRecipient` finds a letter that is wrong.
 */
function recipientProblem(text: string): string | undefined {
  if (text.startsWith('AGE-SECRET-KEY-'))
    return 'That is an identity, which is secret. The recipient that belongs to it begins with age1.';
  if (text.startsWith('ssh-')) return 'SSH keys are not taken here. Make an age key with age-keygen.';
  return /^age1[02-9a-z]+$/.test(text) ? undefined : 'An age recipient begins with age1, in small letters and digits.';
}

/** Asks for an identity file that opens the new backup, to prove that somebody can open it. The answer may stay empty. */
const identityQuestion = (services: Services): Question => ({
  kind: 'file',
  id: 'identity',
  ask: 'Which identity file opens it here, as a proof?',
  label: 'Identity file',
  form: 'the path of an age identity file, or nothing',
  complete: services.folder.complete,
  default: '',
  check: (path) => (path.trim() === '' ? undefined : identityProblem(path, services)),
  help: 'It can stay empty. Then only what was written is compared, which shows that the file is whole, and not that someone can open it.',
});

/** Asks for the phrase that a person must type to go on without a backup. */
function declineQuestion(facts: Facts): Question {
  return {
    kind: 'phrase',
    id: 'confirm-none',
    ask: `Type "${declinePhrase}" to go on without one.`,
    label: 'To go on',
    form: `${declinePhrase}, or back`,
    phrase: declinePhrase,
    decline: 'back',
    help: `${remainingCopiesWords(keyHere(facts.secret))}\nWhen the material is deleted or expires and no copy is left, all that it encrypted is lost.`,
  };
}

/** Says which copies of the key exist when no backup is made. */
function remainingCopiesWords(secret: KeyHere | undefined): string {
  if (secret?.source !== undefined) {
    return secret.file === undefined
      ? `The only copy that Keyferry knows of is then your own file:\n${secret.source}`
      : `Copies are then ${secret.file} and your own file, for anyone who gets them:\n${secret.source}`;
  }
  return secret?.file === undefined
    ? 'The key is only in memory. Once it is imported, no copy of it is left anywhere but in AWS, which never gives it back.'
    : `The only copy is then ${secret.file}, which anyone who gets it can use.`;
}
