import type { SecretQuestion } from './question.ts';
import type { Remedy } from './remedy.ts';

export type { Remedy };

/**
 * A problem is an error that a person can act on. Every interface renders it in the same order: what did not happen,
 * why, what state that leaves, what to do next.
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
  /** AWS's own error code, shown in brackets behind `why`. */
  readonly code?: string;
  /** What has and has not changed. */
  readonly state?: string;
  /** One to three things to do, the most likely first. */
  readonly next: readonly string[];
  /** True when the same command would end here again, so that nobody is told to run it once more. */
  readonly endsHere?: true;
  /** AWS request id, shown last. */
  readonly requestId?: string;
  /** What the person can choose besides trying again and stopping. */
  readonly remedies?: readonly Remedy[];
  /** What Keyferry does by itself, once; it shows the problem only if that does not help. */
  readonly renewal?: Renewal;
  /** A question to ask the person instead of showing the problem; then the step acts again. An unattended run gets the problem. */
  readonly ask?: SecretQuestion;
};

/**
 * How Keyferry can solve a problem by itself: it goes back to an earlier step and does the steps from there again with the
 * answers that were given. The person sees that, and the journal notes it.
 */
export type Renewal = {
  readonly step: string;
  /** Why, and what Keyferry does now: one sentence. */
  readonly says: string;
  /** The ids of the steps on the way whose questions must be asked again. */
  readonly ask?: readonly string[];
  /** True when the person decides: the problem is shown, with remedies that do the same. An unattended run renews by itself. */
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
