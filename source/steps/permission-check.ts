import { type KeyPolicy, letsUse, principalsOf } from '../aws/key-policy.ts';
import { buildNeededPolicy, type Need, neededForImport } from '../aws/needed-policy.ts';
import { type PermissionTest, testPermissions } from '../aws/permission-check.ts';
import { decidedBy } from '../aws/permission-judgement.ts';
import { type Facts, need } from './facts.ts';
import { bucketNameFor } from './object-questions.ts';
import { callerAmong } from './own-principal.ts';
import { missingForKms, testedWords } from './permission-words.ts';
import type { Services } from './services.ts';

/**
 * Asks IAM's policy simulator which actions of this ceremony the caller may do. IAM carries out none of them. Gives the
 * last result again for the same questions, unless a permission for KMS was missing: somebody may have added it since.
 * @param policy the key policy that the key will have.
 */
export async function testCaller(
  facts: Facts,
  { session, lastTest }: Services,
  policy: KeyPolicy,
  signal?: AbortSignal,
): Promise<PermissionTest> {
  const principalArn = callerAmong(principalsOf(policy), need(facts, 'connection'));
  const { multiRegion = false } = need(facts, 'description');
  // A caller who is no user of the key needs no permission to use it: a user of the key does that part.
  const isUserOfKey = letsUse(policy, principalArn);
  const needs = neededFor(facts).filter((permission) => isUserOfKey || !isForUse(permission));
  const request = { ...policyScopeOf(facts), principalArn, policy: policy.Statement, multiRegion, needs };
  const requestText = JSON.stringify(request);
  const last = lastTest.recall(requestText);
  if (last !== undefined && missingForKms(last).length === 0) return last;
  return lastTest.keep(requestText, await testPermissions(session.clients.iam, request, { signal }));
}

/**
 * Gives the permissions that this first import needs. An alias that is moved needs UpdateAlias in the place of CreateAlias,
 * and a new bucket with tags needs s3:TagResource.
 */
function neededFor(facts: Facts): readonly Need[] {
  const { aliasFrom, tags = [] } = need(facts, 'description');
  const needs = neededForImport.map((each) =>
    each.action === 'kms:CreateAlias' && aliasFrom !== undefined ? { ...each, action: 'kms:UpdateAlias' } : each,
  );
  return tags.length === 0 ? needs : [...needs, { action: 's3:TagResource', on: 'bucket' }];
}

/** Tells whether a permission is for the use of the key: for encryption and decryption, and for uploads under the key. */
export function isForUse({ action }: Need): boolean {
  return ['kms:Decrypt', 'kms:GenerateDataKey'].includes(action) || action.startsWith('s3:');
}

/** Says what the test found, in sentences; see {@link testedWords}. */
export function callerTestWords(facts: Facts, test: PermissionTest): readonly string[] {
  return testedWords(test, policyScopeOf(facts).bucket);
}

/**
 * Gives the least IAM policy, as JSON text, that allows what the test found missing. Leaves out what no IAM policy can give,
 * because of a denial, a permissions boundary or the key policy. Gives `undefined` when nothing is left.
 */
export function neededJson(facts: Facts, test: PermissionTest): string | undefined {
  const needs = test.tested ? test.missing.filter((permission) => decidedBy(permission) === 'no policy') : [];
  if (needs.length === 0) return undefined;
  return `${JSON.stringify(buildNeededPolicy(policyScopeOf(facts), needs), undefined, 2)}\n`;
}

/** Gives the account, the Region, the alias and the bucket to which a policy of this ceremony is limited. */
function policyScopeOf(facts: Facts) {
  const { partition, region, accountId } = need(facts, 'connection');
  const { alias, tags = [] } = need(facts, 'description');
  // The key has no id yet, so a star is in its place in the name of the bucket.
  return { partition, region, accountId, alias, bucket: bucketNameFor(alias, '*'), tags };
}
