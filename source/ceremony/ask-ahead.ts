import { checkStep } from './defects.ts';
import type { AskAhead } from './question.ts';
import { interviewOn, type Run } from './run.ts';
import type { Step } from './step.ts';

/**
 * Asks the questions of a later step now. Writes the answers into the journal, so that they count when that step comes, also
 * after a stop. Writes nothing when the person leaves the questions instead. The facts of the steps from `now` up to the later step
 * come from their `foresee`, because these steps are not done yet.
 * @throws Error when the ceremony has no such step.
 */
export async function askAhead<Facts extends object, Services>(
  run: Run<Facts, Services>,
  { step: id }: AskAhead,
  now: Step<Facts, Services>,
  facts: Facts,
): Promise<void> {
  const {
    ceremony: { steps },
    journal,
    services,
  } = run;
  checkStep(id, steps);
  let foreseen = facts;
  for (const step of steps.slice(steps.indexOf(now))) {
    if (step.id !== id) {
      const answers = journal.state.answers.get(step.id) ?? {};
      foreseen = { ...foreseen, ...step.foresee?.({ facts: foreseen, answers, services }) };
      continue;
    }
    const offers = journal.state.offers.get(id) ?? {};
    const given = { start: {}, drafts: offers, canGoBack: true, isAhead: true };
    const interview = await interviewOn(run, step, foreseen, given);
    if (interview === 'back' || !('answers' in interview)) return;
    journal.append({ kind: 'answered', step: id, answers: interview.answers });
    return;
  }
}
