import { acknowledgeQuestion } from '../../steps/describe-key.ts';
import { need } from '../../steps/facts.ts';
import type { KeyferryStep } from '../../steps/services.ts';
import { asPlan } from './plan.ts';

/** What is different at some steps in the recommended set-up, by the id of the step. */
const changes: Readonly<Record<string, (step: KeyferryStep) => Partial<KeyferryStep>>> = {
  // The plan has the acknowledgement, beside everything that it is about.
  'describe-key': (step) => ({
    questions: (context) => step.questions(context).filter(({ id }) => id !== acknowledgeQuestion.id),
    async act(context) {
      const { description } = await step.act(context);
      if (description === undefined) return {};
      const { acknowledged: _acknowledged, ...rest } = description;
      return { description: rest };
    },
  }),
  policy: (step) => ({
    mayRead: ['secret', 'backup'],
    goesWrong: [...(acknowledgeQuestion.help?.split('\n') ?? []), ...step.goesWrong],
    questions: (context) => asPlan(step.questions(context), context.facts, context.services),
    async act(context) {
      const learned = await step.act(context);
      // The person has ticked the sentence on the plan.
      return { ...learned, key: { ...need(learned, 'key'), acknowledged: 'with the plan' } };
    },
  }),
};

/**
 * Gives the same step for the recommended set-up: before the key is made, one page shows every choice that was taken, and has the
 * acknowledgement. Only two steps differ.
 */
export function inRecommended(step: KeyferryStep): KeyferryStep {
  return { ...step, ...changes[step.id]?.(step) };
}
