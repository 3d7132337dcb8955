import type { World } from './fact.ts';

/** A key policy that names one principal, and not the account. */
export function policyFor(_w: World, principal: string, Action: unknown = 'kms:*'): string {
  const Statement = [{ Effect: 'Allow', Principal: { AWS: principal }, Action, Resource: '*' }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
