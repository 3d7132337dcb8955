import type { Problem } from '../ceremony/problem.ts';

/** Why there are no credentials, in the words that a person reads. */
export type SignInFailure = Pick<Problem, 'next' | 'ask'> & {
  /** `waiting` when only a connection failed, so that a later try may work. When absent, `fixable`. */
  readonly kind?: 'fixable' | 'waiting';
  readonly why: string;
};

/** The chosen identity gave no credentials. The error has the SDK's name, because people search for that name. */
export class SignInError extends Error {
  override readonly name = 'CredentialsProviderError';
  readonly failure: SignInFailure;

  constructor(failure: SignInFailure) {
    super(failure.why);
    this.failure = failure;
  }
}
