import type { Facts } from '../../steps/facts.ts';
import type { KeyferryCeremony, KeyferryStep } from '../../steps/services.ts';
import { setUp } from '../../steps/set-up.ts';
import { followArticle } from './as-in-the-video.ts';
import { firstImport } from './first-import.ts';
import { inRecommended } from './recommended.ts';

/**
 * The first import for a person who is led through it: after the step `connect`, it asks how much the person wants to be asked. A
 * ceremony that began as this one can go on with an answers file, and the other way round.
 */
export const guidedFirstImport: KeyferryCeremony = {
  ...firstImport,
  steps: firstImport.steps.flatMap((step) => {
    const inSetUp = followSetUp(step);
    return step.id === 'connect' ? [inSetUp, setUp] : [inSetUp];
  }),
};

/** Changes a step so that it asks and acts as the chosen set-up wants. Before a set-up is chosen, the step asks everything. */
function followSetUp(step: KeyferryStep): KeyferryStep {
  const forms = { everything: step, video: followArticle(step), recommended: inRecommended(step) };
  const formOf = ({ setUp: chosen }: Facts) => forms[chosen?.kind ?? 'everything'];
  return {
    ...step,
    // The page of `?` is the same in every set-up: that of the recommended form, which tells most.
    goesWrong: forms.recommended.goesWrong,
    mayRead: ['setUp', ...(forms.recommended.mayRead ?? [])],
    questions: (context) => formOf(context.facts).questions(context),
    act: (context) => formOf(context.facts).act(context),
  };
}
