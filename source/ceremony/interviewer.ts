import type { Problem, Remedy } from './problem.ts';
import type { Answers } from './question.ts';
import type { Progress, Step, StepContext } from './step.ts';
import type { Lend } from './waiting.ts';

/** The result of an interview: all answers of the step, or the wish to go back one step or to reopen a step. */
export type Interview = { readonly answers: Answers } | 'back' | { readonly reopen: string };

/** What the person, or the lack of one, decides at a problem. */
export type Decision = Remedy | { readonly action: 'stop' };

/** How a ceremony meets a person. Interfaces differ only in this: how they ask and report. */
export type Interviewer<Facts, Services> = {
  /** True where nobody is there to decide anything. */
  readonly isUnattended?: boolean;
  /** Absent where nothing is read from a terminal. */
  readonly lend?: Lend;
  /**
   * Asks the step's questions until all are answered.
   * @param start answers that need not be asked again.
   * @param drafts what was typed here before and is offered again.
   */
  interview(
    step: Step<Facts, Services>,
    context: Omit<StepContext<Facts, Services>, 'answers'>,
    given: { readonly start: Answers; readonly drafts: Answers; readonly canGoBack: boolean },
  ): Promise<Interview>;
  /** Shows that the step starts to act. */
  acting(step: Step<Facts, Services>, context: StepContext<Facts, Services>): void;
  progress(step: Step<Facts, Services>, progress: Progress): void;
  /** What the ceremony does by itself, and why: a line that stays. */
  noticed(line: string): void;
  done(step: Step<Facts, Services>, facts: Facts): void;
  trouble(step: Step<Facts, Services>, problem: Problem): Promise<Decision>;
};
