import { basename } from 'node:path';
import type { Answers, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { openingQuestion } from './backup-file.ts';
import { copyKind } from './copies.ts';
import type { Facts } from './facts.ts';
import type { HeldSecrets } from './held-secrets.ts';
import { openMore } from './open-copies.ts';
import type { Services } from './services.ts';

/** A key has at most 25 rotations (KMS API reference, RotateKeyOnDemand), and so at most 26 materials with a backup each. */
const mostPassphrases = 26;

/** The ids of the questions for passphrases: `passphrase`, `passphrase-2` and so on. */
const passphraseIds = Array.from({ length: mostPassphrases }, (_, index) =>
  index === 0 ? 'passphrase' : `passphrase-${index + 1}`,
);

/** The names of the answers that open copies, as an answers file has them. */
export const openingNames: readonly string[] = [...passphraseIds.map((id) => `${id}-file`), 'identity'];

/**
 * Asks for the passphrases and the identity file that open the copies of keys. One identity file opens all copies that are
 * encrypted to recipients. Tries each answer immediately on all copies, so that a person knows before the import whether they
 * open. The first passphrase is always asked, because a person may go back to it; another one only while a copy under a passphrase
 * is still closed.
 * @param paths absolute paths of the copies.
 */
export function openingQuestions(
  paths: readonly string[],
  { answers, services }: StepContext<Facts, Services>,
): readonly Question[] {
  const { secrets } = services;
  const underPassphrase = paths.filter((path) => copyKind(path) === 'passphrase');
  const closed = underPassphrase.filter((path) => secrets.copy(path) === undefined);
  const isAnyOpen = closed.length < underPassphrase.length;
  const ids = underPassphrase.length === 0 ? [] : askedPassphrases(answers, closed.length > 0, secrets);
  const questions = ids.map((id) => passphraseQuestion(id, id === 'passphrase' ? underPassphrase : closed, services));
  const toRecipients = paths.filter((path) => copyKind(path) === 'recipients');
  if (toRecipients.length > 0) questions.push(identityQuestion(toRecipients, services));
  return questions.map((question) => ({
    ...question,
    verify: async (answer) => {
      const copies = question.kind === 'secret' ? underPassphrase : toRecipients;
      const reason = await openMore(copies, { ...answers, [question.id]: answer }, services);
      // When a person goes back, the first passphrase is asked again. A copy is open already, so an answer that opens no further
      // copy is no mistake.
      const isAskedAgain = question.id === 'passphrase' && isAnyOpen;
      return isAskedAgain ? undefined : reason;
    },
  }));
}

/**
 * Gives the ids of the questions for passphrases: those that are answered, and the next one while it is needed. The first of all
 * is needed. Another one is needed when the answer before it was tried and a copy is still closed.
 */
function askedPassphrases(answers: Answers, isAnyClosed: boolean, secrets: HeldSecrets): readonly string[] {
  const next = passphraseIds.findIndex((id) => !(id in answers));
  if (next === -1) return passphraseIds;
  const lastAnswered = passphraseIds[next - 1];
  const isNextNeeded = lastAnswered === undefined || (isAnyClosed && secrets.isTried(lastAnswered));
  return passphraseIds.slice(0, isNextNeeded ? next + 1 : next);
}

/**
 * Gives the question for a passphrase.
 * @param id `passphrase` for the first one; another id for one that is asked because the passphrases so far do not open a copy.
 * @param copies the paths of the copies that it may open.
 */
function passphraseQuestion(id: string, copies: readonly string[], services: Services): Question {
  const [first = ''] = copies;
  const help = `${id === 'passphrase' ? 'It opens' : 'The passphrases so far do not open'}\n${copies.join('\n')}`;
  const question = openingQuestion({ by: 'passphrase', file: basename(first) }, services, help);
  // Only for the type: a question for a passphrase is secret.
  if (question.kind !== 'secret') return question;
  return { ...question, id, keep: (text) => services.secrets.holdPassphrase(text, id) };
}

/** Asks for an identity file. @param copies the paths of the copies that it may open. */
function identityQuestion(copies: readonly string[], services: Services): Question {
  const severalNote = copies.length > 1 ? '\nWhere each has an identity of its own, put them all in one file.' : '';
  const help = `It opens\n${copies.join('\n')}${severalNote}`;
  return openingQuestion({ by: 'recipients', file: basename(copies[0] ?? '') }, services, help);
}
