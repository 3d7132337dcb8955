import { readPolicy, wordOf } from '../aws/existing-policy.ts';
import { type Need, neededForExisting, neededPolicy } from '../aws/needed-policy.ts';
import { findRefusedUses, testPermissions } from '../aws/permission-check.ts';
import type { ExistingKey } from './existing-key-fact.ts';
import { type Facts, need } from './facts.ts';
import { bucketNameFor } from './object-questions.ts';
import type { Services } from './services.ts';

/**
 * Asks what the caller may do of what an import into this key calls: IAM's simulation together with the key policy, and KMS
 * itself about the use of the key (a dry run). Nothing is changed. It can be wrong; the call itself tells.
 * @param policy of the key, where it could be read; without it, IAM alone is asked.
 */
export async function testCallerOnKey(
  facts: Facts,
  { session }: Services,
  policy: string | undefined,
  signal: AbortSignal,
): Promise<Pick<ExistingKey, 'test' | 'refusedUses'>> {
  const { principalArn, accountId } = need(facts, 'connection');
  const { keyArn } = need(facts, 'key');
  const read = policy === undefined ? undefined : readPolicy(policy);
  const asked = {
    ...placeOf(facts),
    principalArn,
    needs: neededForExisting,
    wordOf: (action: string) => (read === undefined ? 'iam' : wordOf(read, principalArn, accountId, action)),
  } as const;
  const { iam, kms } = session.clients;
  const [test, refusedUses] = await Promise.all([
    testPermissions(iam, asked, { signal }),
    findRefusedUses(kms, keyArn, signal),
  ]);
  return { test, refusedUses };
}

/** Gives the actions that the caller seems to lack, by the test and by KMS itself. */
export function lackedActions({ test, refusedUses }: Pick<ExistingKey, 'test' | 'refusedUses'>): readonly string[] {
  const missing = test.tested ? test.missing.map(({ action }) => action) : [];
  return [...new Set([...missing, ...refusedUses])];
}

/** Gives those of the lacked actions that the key policy itself withholds, so that no IAM policy can give them. */
export function lackedByPolicy(facts: Facts): readonly string[] {
  const { principalArn, accountId } = need(facts, 'connection');
  const existing = need(facts, 'existing');
  const read = existing.policy === null ? undefined : readPolicy(existing.policy);
  if (read === undefined) return [];
  return lackedActions(existing).filter(
    (action) =>
      action.startsWith('kms:') && ['denied', 'not named'].includes(wordOf(read, principalArn, accountId, action)),
  );
}

/** Gives the least IAM policy for what the caller seems to lack and IAM can give, as JSON text; else `undefined`. */
export function lackedJson(facts: Facts): string | undefined {
  const byPolicy = lackedByPolicy(facts);
  const lacked = lackedActions(need(facts, 'existing')).filter((action) => !byPolicy.includes(action));
  const needs: readonly Need[] = neededForExisting.filter(({ action }) => lacked.includes(action));
  if (needs.length === 0) return undefined;
  return `${JSON.stringify(neededPolicy(placeOf(facts), needs), undefined, 2)}\n`;
}

function placeOf(facts: Facts) {
  const { partition, region, accountId } = need(facts, 'connection');
  const { alias, keyId, keyArn } = need(facts, 'key');
  return { partition, region, accountId, alias, keyArn, bucket: bucketNameFor(alias, keyId) };
}
