import type { Question } from '../ceremony/question.ts';
import { oddPrefixWords } from '../objects/object-name.ts';
import { encryptObjects, otherBytesWarning } from './encrypt-objects.ts';
import { secretInKms } from './facts.ts';
import { moreObjectQuestions } from './more-object-questions.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Encrypts objects under a key that is in use already. The folder may or may not have facts about the secret of the key. */
export const encryptMore: KeyferryStep = {
  ...encryptObjects,
  asks: ['where', 'bucket', 'prefix', 'what', 'files', 'read-back', 'upload'],
  needs: ['connection', 'key'],
  mayRead: ['secret', 'backup'],
  questions({ facts, answers, services }) {
    const questions = moreObjectQuestions(facts, answers, services);
    return isSecretRefused(services) ? questions.map(withWarning) : questions;
  },

  async act(context) {
    const prefixWarning = oddPrefixWords(String(context.answers.prefix ?? ''));
    if (prefixWarning !== undefined) context.report({ id: 'prefix', label: prefixWarning, state: 'done' });
    return encryptObjects.act(context);
  },
};

/** Tells whether KMS has refused the secret of this folder, because the key has other bytes. */
function isSecretRefused({ recorded }: Services): boolean {
  return recorded?.imported !== undefined && secretInKms(recorded) === 'other';
}

/** Adds the warning about other bytes to the help of the question `where`. */
function withWarning(question: Question): Question {
  return question.id === 'where' ? { ...question, help: `${otherBytesWarning}\n${question.help ?? ''}` } : question;
}
