import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answer } from '../ceremony/question.ts';
import type { KeyferryStep } from './services.ts';

/**
 * Gives the same step with another `verify` for each question, and another `findRefusal`: when AWS or the disk gives an error,
 * these throw a ProblemError that explains the cause, instead of the library's own error.
 */
export function explainVerifyErrors(step: KeyferryStep): KeyferryStep {
  const { findRefusal } = step;
  return {
    ...step,
    ...(findRefusal === undefined ? {} : { findRefusal: (context) => explainFailure(findRefusal(context)) }),
    questions: (context) =>
      step.questions(context).map((question) => {
        const { verify } = question;
        return verify === undefined
          ? question
          : { ...question, verify: (answer: Answer) => explainFailure(verify(answer)) };
      }),
  };
}

/**
 * Gives the result of a check.
 * @throws ProblemError in the place of any other error of the check.
 */
async function explainFailure<Result>(check: Promise<Result>): Promise<Result> {
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
