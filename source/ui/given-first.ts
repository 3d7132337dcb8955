import { checkAnswer, pendingQuestion, takenAnswer } from '../ceremony/interview.ts';
import type { Interviewer } from '../ceremony/interviewer.ts';
import { problemIn } from '../ceremony/problem.ts';
import { type Answer, type Answers, problemWords, type Question } from '../ceremony/question.ts';
import type { Step, StepContext } from '../ceremony/step.ts';
import type { GivenAnswers } from './unattended/given-answers.ts';

/**
 * Wraps an interviewer. The first time that it comes to a step, it does not ask the questions that the command line has
 * answered. When an answer cannot be taken, it asks that question and says why. Answers to later questions are then offered
 * as defaults.
 */
export function givenFirst<Facts, Services>(
  interviewer: Interviewer<Facts, Services>,
  given: GivenAnswers,
): Interviewer<Facts, Services> {
  /** The ids of the steps whose answers from the command line were used. */
  const visited = new Set<string>();
  return {
    ...interviewer,
    async interview(step, context, { start, drafts, ...rest }) {
      const ofCommandLine = given.steps.get(step.id)?.answers;
      if (ofCommandLine === undefined || visited.has(step.id))
        return interviewer.interview(step, context, { start, drafts, ...rest });
      visited.add(step.id);
      const answers = Object.fromEntries([...ofCommandLine].map(([id, { answer }]) => [id, answer]));
      const { taken, refused } = await takeAnswers(step, context, { ...answers, ...start }, start);
      const stepToAsk = refused === undefined ? step : withReason(step, refused, given);
      return interviewer.interview(stepToAsk, context, { start: taken, drafts: { ...drafts, ...answers }, ...rest });
    },
  };
}

/** The id of a question whose answer cannot be taken, and a sentence that says why. */
type Refused = { readonly id: string; readonly why: string };

/**
 * Gives the step with another help text for the refused question: above its own help, it says why the answer of the command
 * line cannot be taken.
 */
function withReason<Facts, Services>(
  step: Step<Facts, Services>,
  { id, why }: Refused,
  { calls }: GivenAnswers,
): Step<Facts, Services> {
  const reason = `${calls?.[`${step.id}.${id}`] ?? id}: ${why}`;
  const addReason = (question: Question): Question => {
    if (question.id !== id) return question;
    return { ...question, help: question.help === undefined ? reason : `${reason}\n${question.help}` };
  };
  return { ...step, questions: (context) => step.questions(context).map(addReason) };
}

/**
 * Takes answers, question by question, until a question has no answer or its answer cannot be taken.
 * @param start the answers that are taken already.
 * @returns all answers that are taken now, and the refused answer, if there is one.
 */
async function takeAnswers<Facts, Services>(
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
