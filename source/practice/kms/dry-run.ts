import { AwsError } from '../aws-error.ts';
import type { KeyRecord } from './key-record.ts';
import { needState } from './key-states.ts';

/**
 * @throws DryRunOperationException when the request is a dry run. This error tells the caller that the request would
 * succeed.
 */
export function stopDryRun({ DryRun }: { readonly DryRun?: boolean }): void {
  if (DryRun) throw wouldSucceed();
}

/**
 * Ends a dry run with IGNORE_CIPHERTEXT, which tests only whether the caller may use the key and whether the state of the key
 * allows it; unverified: dry-run-state.
 * @throws always: the error of the key state, or DryRunOperationException.
 */
export function stopDryRunOfUse(key: KeyRecord): never {
  needState('cryptography', key);
  throw wouldSucceed();
}

/** Makes the error that ends a dry run whose request would succeed. */
function wouldSucceed(): AwsError {
  return new AwsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
}
