import type { Run } from './run.ts';
import type { Step } from './step.ts';

/**
 * Gives the step to which a person may go back: the nearest earlier step that asks something. Gives `undefined` when there is
 * none, or when that step, or one between the two, has made something lasting.
 */
export function stepBackFrom<Facts, Services>(
  step: Step<Facts, Services>,
  facts: Facts,
  { ceremony: { steps }, journal, services }: Pick<Run<Facts, Services>, 'ceremony' | 'journal' | 'services'>,
): Step<Facts, Services> | undefined {
  for (const before of steps.slice(0, steps.indexOf(step)).toReversed()) {
    if (before.lasting) return undefined;
    const answers = journal.state.answers.get(before.id) ?? {};
    if (before.questions({ facts, answers, services }).length > 0) return before;
  }
  return undefined;
}
