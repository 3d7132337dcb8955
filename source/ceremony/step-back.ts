import type { Answers } from './question.ts';
import type { Run } from './run.ts';
import type { Step } from './step.ts';

/**
 * Gives the step to which a person may go back: the nearest earlier step that asks something. Gives `undefined` when there is
 * none, or when a step between the two has made something lasting.
 */
export function stepBackFrom<Facts, Services>(
  step: Step<Facts, Services>,
  {
    ceremony: { steps },
    facts,
    drafts,
    services,
  }: Pick<Run<Facts, Services>, 'ceremony' | 'services'> & {
    readonly facts: Facts;
    readonly drafts: ReadonlyMap<string, Answers>;
  },
): Step<Facts, Services> | undefined {
  for (const before of steps.slice(0, steps.indexOf(step)).toReversed()) {
    if (before.lasting) return undefined;
    if (before.questions({ facts, answers: drafts.get(before.id) ?? {}, services }).length > 0) return before;
  }
  return undefined;
}
