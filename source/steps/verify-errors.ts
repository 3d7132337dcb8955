import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answer } from '../ceremony/question.ts';
import type { KeyferryStep } from './services.ts';

/**
 * The step with checks of its answers that end in a problem where AWS or the disk could not be asked: every interface then
 * tells the cause, and not the bare error of a library.
 */
export function explainVerifyErrors(step: KeyferryStep): KeyferryStep {
  return {
    ...step,
    questions: (context) =>
      step.questions(context).map((question) => {
        const { verify } = question;
        return verify === undefined ? question : { ...question, verify: (answer: Answer) => explained(verify(answer)) };
      }),
  };
}

async function explained<Result>(check: Promise<Result>): Promise<Result> {
  try {
    return await check;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(
      explainAwsError(error, { what: 'This cannot be checked now.', state: 'Nothing was changed by looking.' }),
      { cause: error },
    );
  }
}
