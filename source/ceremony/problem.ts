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
  /** AWS request id, shown last. */
  readonly requestId?: string;
  /** Ways on that this problem offers beside trying again and stopping. */
  readonly remedies?: readonly Remedy[];
  /** A way on without a person: Keyferry takes it once by itself, and shows the problem only if that does not help. */
  readonly renewal?: Renewal;
  /** A question to ask the person instead of showing the problem; then the step acts again. An unattended run gets the problem. */
  readonly ask?: SecretQuestion;
};

/** Back to an earlier step and on again from there with the answers that were given. Shown, and noted in the journal. */
export type Renewal = {
  readonly step: string;
  /** Why and what, one sentence. */
  readonly says: string;
  /** Steps on the way that must be asked again. */
  readonly ask?: readonly string[];
  /**
   * True where a person should see the problem first: it is then shown at once, with remedies that lead the same way, and
   * only an unattended run goes by itself.
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

/** Gives the problem that an error carries, where it carries one. */
export function problemIn(error: unknown): Problem | undefined {
  return error instanceof ProblemError ? error.problem : undefined;
}
