import { AwsError } from '../aws-error.ts';
import type { KeyRecord } from './key-record.ts';
import { allow } from './key-states.ts';

/** @throws DryRunOperationException, the good answer to a request that only asks whether it would succeed. */
export function stopDryRun({ DryRun }: { readonly DryRun?: boolean }): void {
  if (DryRun) throw granted();
}

/**
 * Ends a dry run with IGNORE_CIPHERTEXT, which checks only permission and key state; unverified: dry-run-state.
 * @throws as {@link stopDryRun} does.
 */
export function stopDryRunOfUse(key: KeyRecord): never {
  allow('cryptography', key);
  throw granted();
}

function granted(): AwsError {
  return new AwsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
}
