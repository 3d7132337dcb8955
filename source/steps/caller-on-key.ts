import { type ExistingPolicy, rowsOf, wordOf } from '../aws/existing-policy.ts';
import { buildNeededPolicy, type Need, neededForExisting } from '../aws/needed-policy.ts';
import { findRefusedUses, testPermissions } from '../aws/permission-check.ts';
import { decidedBy } from '../aws/permission-judgement.ts';
import { readPolicy } from '../aws/policy-statements.ts';
import type { ExistingKey } from './existing-key-fact.ts';
import { type Facts, need } from './facts.ts';
import { bucketNameFor } from './object-questions.ts';
import { callerAmong } from './own-principal.ts';
import { isForUse } from './permission-check.ts';
import { missingForKms } from './permission-words.ts';
import type { Services } from './services.ts';

/**
 * Tests whether the caller has the permissions that an import into this key needs, and those to use the key when the caller may
 * be a user of it. Asks IAM's policy simulator, compares its answer with the key policy, and lets KMS try the use of the key in a
 * dry run. Changes nothing. The test can be wrong: only the real call shows whether it is allowed.
 * @param policy the key policy as JSON; `undefined` when the caller may not read it. Then only IAM and KMS are asked.
 */
export async function testCallerOnKey(
  facts: Facts,
  { session }: Services,
  policy: string | undefined,
  signal: AbortSignal,
): Promise<Pick<ExistingKey, 'test' | 'refusedUses'>> {
  const { accountId } = need(facts, 'connection');
  const { keyArn } = need(facts, 'key');
  const keyPolicy = policy === undefined ? undefined : readPolicy(policy);
  const principalArn = callerInPolicy(facts, keyPolicy);
  const mayUse = mayBeUser(keyPolicy, principalArn, accountId);
  const request = {
    ...policyScopeOf(facts),
    principalArn,
    needs: mayUse ? neededForExisting : neededForExisting.filter((permission) => !isForUse(permission)),
    policy: keyPolicy,
  };
  const { iam, kms } = session.clients;
  const [test, refusedUses] = await Promise.all([
    testPermissions(iam, request, { signal }),
    findRefusedUses(kms, keyArn, signal),
  ]);
  return { test, refusedUses };
}

/**
 * Tells whether the caller may be a user of the key; true when its policy is not known. When the policy does not let the caller
 * use the key, another person uses it, and the caller needs no permission for that.
 */
function mayBeUser(keyPolicy: ExistingPolicy | undefined, principalArn: string, accountId: string): boolean {
  if (keyPolicy === undefined) return true;
  return !['denied', 'not named'].includes(wordOf(keyPolicy, principalArn, accountId, 'kms:Decrypt'));
}

/** Tells whether the caller may be a user of the existing key, as far as its policy shows. */
export function isPerhapsUser(facts: Facts): boolean {
  const keyPolicy = policyIn(facts);
  return mayBeUser(keyPolicy, callerInPolicy(facts, keyPolicy), need(facts, 'connection').accountId);
}

/** Gives the policy of the existing key; `undefined` when the caller may not read it, or its text is no policy. */
function policyIn(facts: Facts): ExistingPolicy | undefined {
  const { policy } = need(facts, 'existing');
  return policy === null ? undefined : readPolicy(policy);
}

/**
 * Gives the KMS actions that the caller seems not to be allowed: by IAM's test, and for a caller who may be a user of the key also
 * by KMS's dry run.
 */
export function lackedActions(facts: Facts): readonly string[] {
  const { test, refusedUses } = need(facts, 'existing');
  const missing = missingForKms(test).map(({ action }) => action);
  return [...new Set([...missing, ...(isPerhapsUser(facts) ? refusedUses : [])])];
}

/**
 * Gives the lacked actions that no IAM policy can allow, because the key policy denies them or does not name the caller. Gives an
 * empty list when the key policy is not known.
 */
export function lackedByKeyPolicy(facts: Facts): readonly string[] {
  const { accountId } = need(facts, 'connection');
  const keyPolicy = policyIn(facts);
  if (keyPolicy === undefined) return [];
  const principalArn = callerInPolicy(facts, keyPolicy);
  return lackedActions(facts).filter((action) =>
    ['denied', 'not named'].includes(wordOf(keyPolicy, principalArn, accountId, action)),
  );
}

/**
 * Gives an IAM policy, as JSON text, that allows what the caller lacks. Leaves out what no IAM policy can allow. Gives `undefined`
 * when nothing is left.
 */
export function lackedJson(facts: Facts): string | undefined {
  const { test } = need(facts, 'existing');
  const missing = test.tested ? test.missing : [];
  const actionsIn = (needs: readonly Need[]) => needs.map(({ action }) => action);
  // The test has actions of S3 too. The lacked actions are only those of KMS, and may come from KMS's dry run.
  const lacked = new Set([...lackedActions(facts), ...actionsIn(missing)]);
  // Where a deny, a boundary or the key policy decided, another IAM policy changes nothing.
  const decidedElsewhere = missing.filter((permission) => decidedBy(permission) !== 'no policy');
  const inVain = new Set([...actionsIn(decidedElsewhere), ...lackedByKeyPolicy(facts)]);
  const needsOfPolicy = neededForExisting.filter(({ action }) => lacked.has(action) && !inVain.has(action));
  if (needsOfPolicy.length === 0) return undefined;
  return `${JSON.stringify(buildNeededPolicy(policyScopeOf(facts), needsOfPolicy), undefined, 2)}\n`;
}

/** Gives the bucket name with which IAM was asked about S3. */
export function askedBucket(facts: Facts): string {
  return policyScopeOf(facts).bucket;
}

/** Gives the account, the Region, the key and the bucket to which a policy of this ceremony is limited. */
function policyScopeOf(facts: Facts) {
  const { partition, region, accountId } = need(facts, 'connection');
  const { alias, keyId, keyArn } = need(facts, 'key');
  return { partition, region, accountId, alias, keyArn, bucket: bucketNameFor(alias, keyId) };
}

/**
 * Gives the ARN by which a key policy names the caller. When IAM did not confirm this ARN, looks in the policy for a role of this
 * account that has the name of the caller's role.
 */
export function callerInPolicy(facts: Facts, policy: ExistingPolicy | undefined): string {
  const named = policy === undefined ? [] : rowsOf(policy).map(({ principal }) => principal);
  return callerAmong(named, need(facts, 'connection'));
}
