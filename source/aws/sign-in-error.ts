import type { Problem } from '../ceremony/problem.ts';

/** Why there are no credentials, in the words that a person reads. */
export type SignInFailure = Pick<Problem, 'next' | 'ask'> & {
  /** `waiting` where only a connection is missing. */
  readonly kind?: 'fixable' | 'waiting';
  readonly why: string;
};

/** The chosen identity gives no credentials. Nothing was sent to AWS. It has the SDK's name, by which people look it up. */
export class SignInError extends Error {
  override readonly name = 'CredentialsProviderError';
  readonly failure: SignInFailure;

  constructor(failure: SignInFailure) {
    super(failure.why);
    this.failure = failure;
  }
}
