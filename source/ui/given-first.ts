import type { Interviewer } from '../ceremony/interviewer.ts';
import type { Step } from '../ceremony/step.ts';
import { type Refused, takeAnswers, withReason } from '../ceremony/take-answers.ts';
import type { GivenAnswers } from './unattended/given-answers.ts';

/**
 * Wraps an interviewer, so that it does not ask the questions that the command line has answered. When an answer of the command
 * line cannot be taken, that question is asked, with the reason; the answers to later questions are offered as defaults. When the
 * person comes to a step again, all its questions are asked.
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
      const givenAnswers = given.steps.get(step.id)?.answers;
      if (givenAnswers === undefined || visited.has(step.id))
        return interviewer.interview(step, context, { start, drafts, ...rest });
      visited.add(step.id);
      const answers = Object.fromEntries([...givenAnswers].map(([id, { answer }]) => [id, answer]));
      const { taken, refused } = await takeAnswers(step, context, start, ({ id }) => answers[id]);
      const stepToAsk = refused === undefined ? step : tellWhy(step, refused, given);
      return interviewer.interview(stepToAsk, context, { start: taken, drafts: { ...drafts, ...answers }, ...rest });
    },
  };
}

/**
 * Gives the step with another help text for the refused question: above its own help, it says why the answer of the command
 * line cannot be taken.
 */
function tellWhy<Facts, Services>(
  step: Step<Facts, Services>,
  { id, why }: Refused,
  { flags }: GivenAnswers,
): Step<Facts, Services> {
  const reason = `${flags?.[`${step.id}.${id}`] ?? id}: ${why}`;
  return {
    ...step,
    questions: (context) =>
      step.questions(context).map((question) => (question.id === id ? withReason(question, reason) : question)),
  };
}
