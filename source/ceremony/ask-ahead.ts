import { checkStep } from './defects.ts';
import type { Answers, AskAhead } from './question.ts';
import type { Run } from './run.ts';
import type { Step } from './step.ts';
import { orStopped } from './waiting.ts';

/**
 * Asks a question of a later step now, and writes the answers into the journal, so that they count also after a stop. What the
 * steps between will establish comes from their `foresee`.
 * @param drafts the last answers of each step, by step id. The new answers are added.
 * @throws Error when the ceremony has no such step.
 */
export async function askAhead<Facts extends object, Services>(
  { ceremony: { steps }, interviewer, journal, services, signal }: Run<Facts, Services>,
  { step: id }: AskAhead,
  { now, facts, drafts }: { readonly now: Step<Facts, Services>; readonly facts: Facts; drafts: Map<string, Answers> },
): Promise<void> {
  checkStep(id, steps);
  let foreseen = facts;
  for (const step of steps.slice(steps.indexOf(now))) {
    const answers = drafts.get(step.id) ?? {};
    if (step.id !== id) {
      foreseen = { ...foreseen, ...step.foresee?.({ facts: foreseen, answers, services }) };
      continue;
    }
    const given = { start: {}, drafts: answers, canGoBack: true, isAhead: true };
    const interview = await orStopped(interviewer.interview(step, { facts: foreseen, services }, given), signal);
    if (interview === 'back' || !('answers' in interview)) return;
    drafts.set(id, interview.answers);
    journal.append({ kind: 'answered', step: id, answers: interview.answers });
    return;
  }
}
