import { checkAnswer, pendingQuestion } from '../ceremony/interview.ts';
import type { Interviewer } from '../ceremony/interviewer.ts';
import { problemIn } from '../ceremony/problem.ts';
import type { Answer, Answers, Question } from '../ceremony/question.ts';
import type { Step, StepContext } from '../ceremony/step.ts';
import type { GivenAnswers } from './unattended/answers-file.ts';

/**
 * Makes an interviewer that does not ask what the command line has answered, the first time that it comes to a step. An
 * answer that cannot be taken is told and asked for; an answer to a later question is offered there.
 */
export function givenFirst<Facts, Services>(
  interviewer: Interviewer<Facts, Services>,
  given: GivenAnswers,
): Interviewer<Facts, Services> {
  const seen = new Set<string>();
  return {
    ...interviewer,
    async interview(step, context, { start, drafts, ...rest }) {
      const named = given.steps.get(step.id)?.answers;
      if (named === undefined || seen.has(step.id))
        return interviewer.interview(step, context, { start, drafts, ...rest });
      seen.add(step.id);
      const answers = Object.fromEntries([...named].map(([id, { answer }]) => [id, answer]));
      const { taken, refused } = await take(step, context, { ...answers, ...start }, start);
      const asking = refused === undefined ? step : withReason(step, refused, given);
      return interviewer.interview(asking, context, { start: taken, drafts: { ...drafts, ...answers }, ...rest });
    },
  };
}

type Refused = { readonly id: string; readonly why: string };

/** Gives the step with the reason, beside the field, why it asks for what the command line has answered. */
function withReason<Facts, Services>(
  step: Step<Facts, Services>,
  { id, why }: Refused,
  { calls }: GivenAnswers,
): Step<Facts, Services> {
  const reason = `${calls?.[`${step.id}.${id}`] ?? id}: ${why}`;
  return {
    ...step,
    questions: (context) =>
      step
        .questions(context)
        .map((question) =>
          question.id === id
            ? { ...question, help: question.help === undefined ? reason : `${reason}\n${question.help}` }
            : question,
        ),
  };
}

/** Takes answers, question by question, up to the first that is not there or cannot be taken. */
async function take<Facts, Services>(
  step: Step<Facts, Services>,
  context: Omit<StepContext<Facts, Services>, 'answers'>,
  answers: Answers,
  start: Answers,
): Promise<{ readonly taken: Answers; readonly refused?: Refused }> {
  let taken = start;
  for (;;) {
    const question = pendingQuestion(step.questions({ ...context, answers: taken }), taken);
    const answer = question === undefined ? undefined : answers[question.id];
    if (question === undefined || answer === undefined) return { taken };
    const why = await whyRefused(question, answer);
    if (why !== undefined) return { taken, refused: { id: question.id, why } };
    taken = { ...taken, [question.id]: answer };
  }
}

async function whyRefused(question: Question, answer: Answer): Promise<string | undefined> {
  try {
    return checkAnswer(question, answer) ?? (await question.verify?.(answer));
  } catch (error) {
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    return [problem.what, problem.why].filter((line) => line !== undefined).join(' ');
  }
}
