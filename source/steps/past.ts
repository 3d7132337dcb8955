import type { AttemptOutcome } from '../ceremony/journal-state.ts';
import type { Remedy } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import type { Services } from './services.ts';
import type { StepId } from './step-id.ts';

type Past = Pick<Services, 'journal'>;

/** Tells whether a step of this ceremony is done, in this run or an earlier one. */
export function isDone({ journal }: Past, step: StepId): boolean {
  return journal.state.done.has(step);
}

/** Gives the last answers to the questions of a step, in this run or an earlier one; empty when there are none. */
export function answersOf({ journal }: Past, step: StepId): Answers {
  return journal.state.answers.get(step) ?? {};
}

/**
 * Gives the outcome of a step's attempt: `unknown` when the attempt was begun and nobody knows how it ended, `undefined`
 * when it was not begun or when the step was reopened since then.
 */
export function outcomeOf({ journal }: Past, step: StepId, attempt: string): AttemptOutcome | undefined {
  return journal.state.attempts.get(`${step}/${attempt}`)?.outcome;
}

/**
 * Makes a remedy that leads back to an earlier step. A step whose problem has this remedy must name the earlier step in
 * `leadsTo`; the running ceremony checks that.
 */
export function backTo(step: StepId, label: string): Extract<Remedy, { action: 'reopen' }> {
  return { action: 'reopen', label, step };
}
