import type { Problem, Remedy } from './problem.ts';
import type { Answers, AskAhead } from './question.ts';
import type { Progress, Step, StepContext } from './step.ts';
import type { Lend } from './waiting.ts';

/**
 * The result of an interview: all answers of the step, or what the person wants instead: go back one step, go back to an
 * earlier step (`backTo`), change an earlier answer (`reopen`), answer a question of a later step now (`ahead`).
 */
export type Interview =
  | { readonly answers: Answers }
  | 'back'
  | { readonly backTo: string }
  | { readonly reopen: string; readonly question?: string }
  | { readonly ahead: AskAhead };

/** What an interview begins with. */
export type Given = {
  /** Answers to begin with; their questions are not asked. */
  readonly start: Answers;
  /** Earlier answers, offered as defaults: those that the journal has as `offers`, also of a step that was done. */
  readonly drafts: Answers;
  /** Whether the person may go back to the step before. */
  readonly canGoBack: boolean;
  /** True when questions of this step were asked before, so that its `why` need not be read again. */
  readonly isBegun?: boolean;
  /** True when a problem asks, and not the step itself: its question is no part of the way through the steps. */
  readonly isInProblem?: boolean;
  /** True when the step has not come yet. */
  readonly isAhead?: boolean;
  /** Called with all answers of the step whenever the person has given one or gone back over one. */
  readonly note?: (answers: Answers) => void;
};

/** What is done about a problem. The person decides; when no person is there, the interface decides. */
export type Decision = Remedy | { readonly action: 'stop' };

/**
 * What an interface does for a ceremony: it asks the person and reports to the person. The screen, the plain lines and the
 * answers file each have their own interviewer; a ceremony sees no other difference between them.
 */
export type Interviewer<Facts, Services> = {
  /** True when no person is there to decide anything, as with an answers file. */
  readonly isUnattended?: boolean;
  /** Lends the terminal to another program. Absent when the interface reads nothing from a terminal. */
  readonly lend?: Lend;
  /** Asks the step's questions until all are answered, or the person wants something else. */
  interview(
    step: Step<Facts, Services>,
    context: Omit<StepContext<Facts, Services>, 'answers'>,
    given: Given,
  ): Promise<Interview>;
  /**
   * Shows that the step starts to act.
   * @param onEnough is called when the person wants the act to end what is under way and to begin nothing more. Absent when the
   * act has no such end.
   */
  acting(step: Step<Facts, Services>, context: StepContext<Facts, Services>, onEnough?: () => void): void;
  /** Shows a line of progress while the step asks or acts. */
  progress(step: Step<Facts, Services>, progress: Progress): void;
  /** Shows a line that stays on the screen. It says what the ceremony does by itself, and why. */
  noticed(line: string): void;
  /** Shows the receipt of a finished step. @param facts all facts so far. */
  done(step: Step<Facts, Services>, facts: Facts): void;
  /** Shows a problem of this step and asks the person how to go on. */
  trouble(step: Step<Facts, Services>, problem: Problem): Promise<Decision>;
};
