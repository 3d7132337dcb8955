import { checkAnswer, pendingQuestion, takenAnswer } from './interview.ts';
import { problemIn } from './problem.ts';
import { type Answer, type Answers, problemWords, type Question } from './question.ts';
import type { Step, StepContext } from './step.ts';

/** The id of a question whose answer cannot be taken, and a sentence that says why. */
export type Refused = { readonly id: string; readonly why: string };

/**
 * Takes answers that were given before a step asks, question by question, until a question has no answer or its answer cannot
 * be taken. Asks AWS or the disk about each answer, as when a person types it.
 * @param start the answers that are taken already.
 * @returns all answers that are taken now, and the refused answer, if there is one.
 */
export async function takeAnswers<Facts, Services>(
  step: Step<Facts, Services>,
  context: Omit<StepContext<Facts, Services>, 'answers'>,
  answers: Answers,
  start: Answers,
): Promise<{ readonly taken: Answers; readonly refused?: Refused }> {
  let taken = start;
  for (;;) {
    const question = pendingQuestion(step.questions({ ...context, answers: taken }), taken);
    const given = question === undefined ? undefined : answers[question.id];
    if (question === undefined || given === undefined) return { taken };
    const answer = takenAnswer(question, given);
    const why = await whyRefused(question, answer);
    if (why !== undefined) return { taken, refused: { id: question.id, why } };
    taken = { ...taken, [question.id]: answer };
  }
}

/** Checks an answer by itself, and then against AWS or the disk. Says why it cannot be taken; `undefined` when it can. */
async function whyRefused(question: Question, answer: Answer): Promise<string | undefined> {
  try {
    return checkAnswer(question, answer) ?? problemWords(await question.verify?.(answer));
  } catch (error) {
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    return [problem.what, problem.why].filter((line) => line !== undefined).join(' ');
  }
}
