import { checkAnswer, pendingQuestion, takenAnswer } from './interview.ts';
import { problemIn } from './problem.ts';
import { type Answer, type Answers, problemWords, type Question } from './question.ts';
import type { Step, StepContext } from './step.ts';

/** The id of a question whose answer cannot be taken, and a sentence that says why. */
export type Refused = { readonly id: string; readonly why: string };

/** What {@link takeAnswers} came to: all answers that are taken now, and the question that a person must answer. */
export type Taken = {
  readonly taken: Answers;
  /** `undefined` when every question has an answer. */
  readonly question?: Question;
  /** Set when the question has an answer that cannot be taken. */
  readonly refused?: Refused;
};

/**
 * Takes answers without asking anybody, question by question, until a question has no answer or its answer cannot be taken.
 * @param start the answers that are taken already.
 * @param answerTo gives the answer to a question; `undefined` when a person must answer.
 */
export async function takeAnswers<Facts, Services>(
  step: Step<Facts, Services>,
  context: Omit<StepContext<Facts, Services>, 'answers'>,
  start: Answers,
  answerTo: (question: Question) => Answer | undefined,
): Promise<Taken> {
  let taken = start;
  for (;;) {
    const question = pendingQuestion(step.questions({ ...context, answers: taken }), taken);
    if (question === undefined) return { taken };
    const answerAsGiven = answerTo(question);
    if (answerAsGiven === undefined) return { taken, question };
    const answer = takenAnswer(question, answerAsGiven);
    const why = await whyRefused(question, answer);
    if (why !== undefined) return { taken, question, refused: { id: question.id, why } };
    taken = { ...taken, [question.id]: answer };
  }
}

/** Gives the question with a sentence above its help that says why an answer to it cannot be taken. */
export function withReason(question: Question, why: string): Question {
  return { ...question, help: question.help === undefined ? why : `${why}\n${question.help}` };
}

/**
 * Checks an answer by itself, and then against AWS or the disk. Says why it cannot be taken; `undefined` when it can. When the
 * check itself ends in a problem, this problem is why.
 */
async function whyRefused(question: Question, answer: Answer): Promise<string | undefined> {
  try {
    return checkAnswer(question, answer) ?? problemWords(await question.verify?.(answer));
  } catch (error) {
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    return [problem.what, problem.why].filter((line) => line !== undefined).join(' ');
  }
}
