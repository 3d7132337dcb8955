import type { ProblemPhrase, SecretQuestion } from './question.ts';
import type { Remedy } from './remedy.ts';

export type { Remedy };

/**
 * A problem is an error that a person can act on. Every interface shows its parts in the same order: what did not happen,
 * why, what has and has not changed, what to do next.
 */
export type Problem = {
  /**
   * `fixable`: the person can act. `waiting`: retry later. `refused`: a permission is missing. `lost`: the outcome of a
   * call is unknown. `ours`: a defect of this program.
   */
  readonly kind: 'fixable' | 'waiting' | 'refused' | 'lost' | 'ours';
  /** What did not happen, one sentence. */
  readonly what: string;
  /** Why, as far as it is known. */
  readonly why?: string;
  /** AWS's own error code, shown in brackets after `why`. */
  readonly code?: string;
  /** What has and has not changed. */
  readonly state?: string;
  /** One to three things to do, the most likely first. */
  readonly next: readonly string[];
  /** True when the same command would end in this problem again, so that nobody is told to run it once more. */
  readonly endsHere?: true;
  /** True when trying again in this run would end in this problem again, so that nobody is offered to. */
  readonly repeats?: true;
  /** AWS request id, shown last. */
  readonly requestId?: string;
  /** What the person can choose besides trying again and stopping. */
  readonly remedies?: readonly Remedy[];
  /** What Keyferry does by itself, once. It shows the problem only when this does not help. */
  readonly renewal?: Renewal;
  /**
   * A question that the person is asked instead of seeing the problem; after the answer the step acts again. In an unattended
   * run nobody can be asked, and the problem is shown.
   */
  readonly ask?: SecretQuestion | ProblemPhrase;
};

/**
 * How Keyferry can solve a problem by itself: it goes back to an earlier step and does the steps from there again with the
 * answers that were given. A line tells the person so, and another is in the journal.
 */
export type Renewal = {
  /** The id of the earlier step. */
  readonly step: string;
  /** Why, and what Keyferry does now: one sentence. */
  readonly says: string;
  /** The ids of the steps, from the earlier step on, whose questions must be asked again. */
  readonly ask?: readonly string[];
  /**
   * True when the person decides: the problem is shown, with remedies that do the same as the renewal. An unattended run
   * takes the renewal without asking.
   */
  readonly isOffered?: boolean;
};

/** Carries a {@link Problem} through code that throws. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.what, options);
    this.problem = problem;
  }
}

/** Gives the problem of a {@link ProblemError}, and `undefined` for any other error. */
export function problemIn(error: unknown): Problem | undefined {
  return error instanceof ProblemError ? error.problem : undefined;
}
