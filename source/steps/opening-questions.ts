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

/** The names under which an answers file gives what opens copies. */
export const openingNames: readonly string[] = [...passphraseIds.map((id) => `${id}-file`), 'identity'];

/**
 * Builds the questions for the secrets that open copies of keys: an identity file for those to recipients, and a passphrase for those under one. Each answer
 * is tried on all of them at once, before anybody agrees to anything; another passphrase is asked for only where that left
 * some closed.
 */
export function openingQuestions(
  paths: readonly string[],
  { answers, services }: StepContext<Facts, Services>,
): readonly Question[] {
  const { secrets } = services;
  const under = paths.filter((path) => copyKind(path) === 'passphrase');
  const closed = under.filter((path) => secrets.copy(path) === undefined);
  const isSomeOpen = closed.length < under.length;
  const questions: Question[] = [];
  let before: string | undefined;
  for (const id of under.length === 0 ? [] : passphraseIds) {
    const isAsked = before === undefined || id in answers || (secrets.isTried(before) && closed.length > 0);
    if (!isAsked) break;
    questions.push(passphraseQuestion(id, id === 'passphrase' ? under : closed, services));
    if (!(id in answers)) break;
    before = id;
  }
  const recipients = paths.filter((path) => copyKind(path) === 'recipients');
  if (recipients.length > 0) questions.push(identityQuestion(recipients, services));
  return questions.map((question) => ({
    ...question,
    verify: async (answer) => {
      const those = question.kind === 'secret' ? under : recipients;
      const why = await openMore(those, { ...answers, [question.id]: answer }, services);
      // A person who goes back and gives the first passphrase again opens no further copy.
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
