import { principalName } from '../aws/identity.ts';
import { allows, type KeyPolicy } from '../aws/key-policy.ts';
import { type Need, neededPolicy } from '../aws/needed-policy.ts';
import { findRefusedUses, type PermissionTest, testPermissions } from '../aws/permission-check.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import { bucketNameFor } from './object-questions.ts';
import { backTo } from './past.ts';
import type { Services } from './services.ts';

/** The file name of the policy with the missing permissions, which an administrator can attach. */
const neededPolicyFile = 'needed-permissions.json';

/**
 * Asks IAM's policy simulator which actions of this ceremony the caller may do. IAM carries out none of them. Gives the
 * last result again for the same questions, unless a permission was missing: somebody may have added it since.
 * @param policy the key policy that the key will have.
 */
export async function testCaller(
  facts: Facts,
  { session, lastTest }: Services,
  policy: KeyPolicy,
  signal?: AbortSignal,
): Promise<PermissionTest> {
  const { principalArn } = need(facts, 'connection');
  const request = { ...policyScopeOf(facts), principalArn, policy };
  const requestText = JSON.stringify(request);
  const last = lastTest.recall(requestText);
  if (last !== undefined && missingForKey(last).length === 0) return last;
  return lastTest.keep(requestText, await testPermissions(session.clients.iam, request, { signal }));
}

/**
 * Gives the missing permissions that prevent the making of the key: those for KMS. Missing permissions for S3 do not, because
 * a bucket policy, which IAM does not see, may give them.
 */
function missingForKey(test: PermissionTest): readonly Need[] {
  return test.tested ? test.missing.filter(({ action }) => action.startsWith('kms:')) : [];
}

/**
 * Does nothing when the caller has every KMS permission. Else saves a policy with the missing permissions to a file.
 * @throws ProblemError when a KMS permission is missing. The problem names the file.
 */
export function refuseMissing(facts: Facts, services: Services, test: PermissionTest): void {
  const missing = missingForKey(test);
  if (missing.length === 0) return;
  services.folder.replace(neededPolicyFile, neededJson(facts, test));
  throw new ProblemError({
    kind: 'refused',
    what: 'The key is not made yet: permissions are missing.',
    why: `By IAM's own test, ${principalName(need(facts, 'connection').principalArn)} may not ${actionsOf(missing)}.`,
    state: 'Nothing was made in AWS.',
    next: [`Have the policy in ${services.folder.shown}/${neededPolicyFile} attached, then try again.`],
  });
}

/** Says in one or two sentences what the test found. */
export function testedWords(test: PermissionTest): string {
  if (!test.tested) return `Your permissions were not tested. ${test.why}`;
  if (test.missing.length === 0) return "By IAM's test, you may do all that this ceremony does.";
  const words = `By IAM's test, you may not ${actionsOf(test.missing)}.`;
  return missingForKey(test).length > 0 ? words : `${words} The upload at the end needs it.`;
}

/** Gives the least IAM policy for what the test found missing, as JSON text. */
export function neededJson(facts: Facts, test: PermissionTest): string {
  const needs = test.tested ? test.missing : [];
  return `${JSON.stringify(neededPolicy(policyScopeOf(facts), needs), undefined, 2)}\n`;
}

/** Gives the account, the Region, the alias and the bucket to which a policy of this ceremony is limited. */
function policyScopeOf(facts: Facts) {
  const { partition, region, accountId } = need(facts, 'connection');
  const { alias } = need(facts, 'description');
  return { partition, region, accountId, alias, bucket: bucketNameFor(alias, '*') };
}

/** Lists the actions of permissions, each once. */
function actionsOf(needs: readonly Need[]): string {
  return [...new Set(needs.map(({ action }) => action))].join(', ');
}

/**
 * Checks by a dry run of KMS that the caller may use the key, which the proof and the uploads need. Does nothing when the key
 * policy allows the use, when IAM's test has answered, or when the caller is the account root.
 * @throws ProblemError when KMS refuses. No material was imported by then.
 */
export async function checkKeyUse(
  { facts, services, report, signal }: ActContext<Facts, Services>,
  keyArn: string,
  policy: KeyPolicy,
): Promise<void> {
  const { principalArn } = need(facts, 'connection');
  const isAllowed = allows(policy, principalArn, 'kms:Decrypt');
  if (isAllowed || need(facts, 'people').test?.tested === true || principalArn.endsWith(':root')) return;
  report({ id: 'use', label: 'Asking KMS whether you may use the key', state: 'working' });
  const refused = await findRefusedUses(services.session.clients.kms, keyArn, signal);
  if (refused.length === 0) {
    report({ id: 'use', label: 'KMS lets you use the key', state: 'done' });
    return;
  }
  throw new ProblemError({
    kind: 'refused',
    what: 'You may not use the key that was made.',
    why: `KMS refuses you ${refused.join(' and ')}. The proof and every upload need both; large uploads need kms:Decrypt for each part.`,
    state: 'The key exists and waits for its material. Nothing was imported.',
    next: [
      'Add yourself to the users of the key. Its policy is then changed to match.',
      'Or have both allowed to you in IAM, then try again.',
    ],
    remedies: [backTo('permissions', 'Change the people')],
  });
}
