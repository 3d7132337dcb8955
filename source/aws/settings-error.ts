import type { SignInFailure } from './sign-in-error.ts';

/** A setting of the environment or of the shared config cannot be followed. Nothing was sent to AWS. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly failure: Pick<SignInFailure, 'why' | 'next'>;

  constructor(failure: Pick<SignInFailure, 'why' | 'next'>) {
    super(failure.why);
    this.failure = failure;
  }
}
