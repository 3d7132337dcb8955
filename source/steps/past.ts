import type { Remedy } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import type { Services } from './services.ts';
import type { StepId } from './step-id.ts';

type Past = Pick<Services, 'journal'>;

/** Tells whether a step of this ceremony is done, in this run or an earlier one. */
export function isDone({ journal }: Past, step: StepId): boolean {
  return journal.state.done.has(step);
}

/** Gives the last answers at a step, in this run or an earlier one. */
export function answersOf({ journal }: Past, step: StepId): Answers {
  return journal.state.answers.get(step) ?? {};
}

/** Gives the outcome of a step's attempt: nothing where it was not begun, `none` where its outcome is not known. */
export function outcomeOf({ journal }: Past, step: StepId, attempt: string): 'none' | 'done' | 'refused' | undefined {
  return journal.state.attempts.get(`${step}/${attempt}`)?.outcome;
}

/**
 * Gives a way on that leads back to an earlier step. That the ceremony has it, and the step names it, is checked when it
 * runs.
 */
export function backTo(step: StepId, label: string): Remedy {
  return { action: 'reopen', label, step };
}
