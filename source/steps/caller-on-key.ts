import { readPolicy, wordOf } from '../aws/existing-policy.ts';
import { type Need, neededForExisting, neededPolicy } from '../aws/needed-policy.ts';
import { findRefusedUses, testPermissions } from '../aws/permission-check.ts';
import type { ExistingKey } from './existing-key-fact.ts';
import { type Facts, need } from './facts.ts';
import { bucketNameFor } from './object-questions.ts';
import type { Services } from './services.ts';

/**
 * Tests whether the caller has the permissions that an import into this key needs. Asks IAM's policy simulator, compares its
 * answer with the key policy, and lets KMS try the use of the key in a dry run. Changes nothing. The test can be wrong: only
 * the real call shows whether it is allowed.
 * @param policy the key policy as JSON; `undefined` when the caller may not read it. Then only IAM and KMS are asked.
 */
export async function testCallerOnKey(
  facts: Facts,
  { session }: Services,
  policy: string | undefined,
  signal: AbortSignal,
): Promise<Pick<ExistingKey, 'test' | 'refusedUses'>> {
  const { principalArn, accountId } = need(facts, 'connection');
  const { keyArn } = need(facts, 'key');
  const keyPolicy = policy === undefined ? undefined : readPolicy(policy);
  const request = {
    ...policyScopeOf(facts),
    principalArn,
    needs: neededForExisting,
    // `iam` means that the key policy leaves the decision to IAM.
    wordOf: (action: string) => (keyPolicy === undefined ? 'iam' : wordOf(keyPolicy, principalArn, accountId, action)),
  } as const;
  const { iam, kms } = session.clients;
  const [test, refusedUses] = await Promise.all([
    testPermissions(iam, request, { signal }),
    findRefusedUses(kms, keyArn, signal),
  ]);
  return { test, refusedUses };
}

/** Gives the actions that the caller seems not to be allowed: by IAM's test, or by KMS's dry run. */
export function lackedActions({ test, refusedUses }: Pick<ExistingKey, 'test' | 'refusedUses'>): readonly string[] {
  const missing = test.tested ? test.missing.map(({ action }) => action) : [];
  return [...new Set([...missing, ...refusedUses])];
}

/** Gives the lacked actions that no IAM policy can allow, because the key policy denies them or does not name the caller. */
export function lackedByPolicy(facts: Facts): readonly string[] {
  const { principalArn, accountId } = need(facts, 'connection');
  const existing = need(facts, 'existing');
  const keyPolicy = existing.policy === null ? undefined : readPolicy(existing.policy);
  if (keyPolicy === undefined) return [];
  return lackedActions(existing).filter(
    (action) =>
      action.startsWith('kms:') && ['denied', 'not named'].includes(wordOf(keyPolicy, principalArn, accountId, action)),
  );
}

/** Gives, as JSON text, an IAM policy with the lacked actions that IAM can allow; `undefined` when there are none. */
export function lackedJson(facts: Facts): string | undefined {
  const byPolicy = lackedByPolicy(facts);
  const lacked = lackedActions(need(facts, 'existing')).filter((action) => !byPolicy.includes(action));
  const needs: readonly Need[] = neededForExisting.filter(({ action }) => lacked.includes(action));
  if (needs.length === 0) return undefined;
  return `${JSON.stringify(neededPolicy(policyScopeOf(facts), needs), undefined, 2)}\n`;
}

/** Gives the account, the Region, the key and the bucket to which a policy of this ceremony is limited. */
function policyScopeOf(facts: Facts) {
  const { partition, region, accountId } = need(facts, 'connection');
  const { alias, keyId, keyArn } = need(facts, 'key');
  return { partition, region, accountId, alias, keyArn, bucket: bucketNameFor(alias, keyId) };
}
