import { AwsError } from '../aws-error.ts';

/** Throws DryRunOperationException, the good answer to a request that only asks whether it would succeed. */
export function stopDryRun({ DryRun }: { readonly DryRun?: boolean }): void {
  if (DryRun) {
    throw new AwsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
  }
}
