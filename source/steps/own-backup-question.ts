import { problemIn } from '../ceremony/problem.ts';
import type { Answer, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import type { MadeBackup } from './backup-fact.ts';
import { openingQuestion } from './backup-file.ts';
import type { Facts } from './facts.ts';
import type { Services } from './services.ts';
import { withKey } from './with-key.ts';

/**
 * Asks for what opens the backup of this ceremony. Tries the answer immediately, so that the person learns of a wrong
 * passphrase at the question. The key then stays in memory for the step.
 * @param help a sentence that tells the person why Keyferry opens the backup.
 */
export function ownBackupQuestion(
  backup: MadeBackup,
  { facts, answers, services }: StepContext<Facts, Services>,
  help: string,
): Question {
  const question = openingQuestion(backup, services, help);
  const verify = async (answer: Answer) => {
    try {
      await withKey({ facts, answers: { ...answers, [question.id]: answer }, services }, () => undefined);
      return undefined;
    } catch (error) {
      const problem = problemIn(error);
      // No other answer helps when the file itself is missing or has changed. Then the person gets the whole problem.
      if (problem?.remedies?.some(({ action }) => action === 'ask-again') !== true) throw error;
      return problem.why;
    }
  };
  return { ...question, verify, isVerifiedByAct: true };
}
