import type { Question } from '../ceremony/question.ts';
import { encryptObjects, notTheSecret } from './encrypt-objects.ts';
import { secretInKms } from './facts.ts';
import { moreObjectQuestions } from './more-object-questions.ts';
import { oddPrefixWords } from './object-name.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Encrypts objects under a key that is in use already. The folder may know the secret of the key, or nothing of it. */
export const encryptMore: KeyferryStep = {
  ...encryptObjects,
  asks: ['where', 'bucket', 'prefix', 'what', 'files'],
  needs: ['connection', 'key'],
  mayRead: ['secret', 'backup'],
  questions({ facts, answers, services }) {
    const questions = moreObjectQuestions(facts, answers, services);
    return isOfOtherSecret(services) ? questions.map(withWarning) : questions;
  },

  async act(context) {
    const odd = oddPrefixWords(String(context.answers.prefix ?? ''));
    if (odd !== undefined) context.report({ id: 'prefix', label: odd, state: 'done' });
    return encryptObjects.act(context);
  },
};

/** Tells whether KMS has refused the secret of this folder as other bytes than the material of the key. */
function isOfOtherSecret({ recorded }: Services): boolean {
  return recorded?.imported !== undefined && secretInKms(recorded) === 'other';
}

function withWarning(question: Question): Question {
  return question.id === 'where' ? { ...question, help: `${notTheSecret}\n${question.help ?? ''}` } : question;
}
