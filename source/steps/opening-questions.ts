import { basename } from 'node:path';
import type { Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { openingQuestion } from './backup-file.ts';
import { copyKind } from './copies.ts';
import type { Facts } from './facts.ts';
import { openMore } from './open-copies.ts';
import type { Services } from './services.ts';

/** A key has at most 25 rotations (KMS API reference, RotateKeyOnDemand), and so at most 26 materials with a backup each. */
const mostPassphrases = 26;

const passphraseIds = Array.from({ length: mostPassphrases }, (_, index) =>
  index === 0 ? 'passphrase' : `passphrase-${index + 1}`,
);

/** The names of the answers, in an answers file, that open copies. */
export const openingNames: readonly string[] = [...passphraseIds.map((id) => `${id}-file`), 'identity'];

/**
 * Builds the questions for what opens the copies of keys: passphrases, and one identity file for all copies to recipients.
 * Each answer is tried on all copies at once, so that a person knows before the import whether they open. Another
 * passphrase is asked for only while a copy under a passphrase is still closed.
 * @param paths absolute paths of the copies.
 */
export function openingQuestions(
  paths: readonly string[],
  { answers, services }: StepContext<Facts, Services>,
): readonly Question[] {
  const { secrets } = services;
  const underPassphrase = paths.filter((path) => copyKind(path) === 'passphrase');
  const closed = underPassphrase.filter((path) => secrets.copy(path) === undefined);
  const isSomeOpen = closed.length < underPassphrase.length;
  const questions: Question[] = [];
  let previous: string | undefined;
  for (const id of underPassphrase.length === 0 ? [] : passphraseIds) {
    const isAsked = previous === undefined || id in answers || (secrets.isTried(previous) && closed.length > 0);
    if (!isAsked) break;
    questions.push(passphraseQuestion(id, id === 'passphrase' ? underPassphrase : closed, services));
    if (!(id in answers)) break;
    previous = id;
  }
  const recipients = paths.filter((path) => copyKind(path) === 'recipients');
  if (recipients.length > 0) questions.push(identityQuestion(recipients, services));
  return questions.map((question) => ({
    ...question,
    verify: async (answer) => {
      const copies = question.kind === 'secret' ? underPassphrase : recipients;
      const why = await openMore(copies, { ...answers, [question.id]: answer }, services);
      // A person who goes back and gives the same first passphrase again opens no further copy, and that is no mistake.
      return question.id === 'passphrase' && isSomeOpen ? undefined : why;
    },
  }));
}

function passphraseQuestion(id: string, closed: readonly string[], services: Services): Question {
  const [first = ''] = closed;
  const help = `${id === 'passphrase' ? 'It opens' : 'The passphrases so far do not open'}\n${closed.join('\n')}`;
  const question = openingQuestion({ by: 'passphrase', file: basename(first) }, services, help);
  if (question.kind !== 'secret') return question;
  return { ...question, id, keep: (text) => services.secrets.holdPassphrase(text, id) };
}

function identityQuestion(recipients: readonly string[], services: Services): Question {
  const several = recipients.length > 1 ? '\nWhere each has an identity of its own, put them all in one file.' : '';
  const help = `It opens\n${recipients.join('\n')}${several}`;
  return openingQuestion({ by: 'recipients', file: basename(recipients[0] ?? '') }, services, help);
}
