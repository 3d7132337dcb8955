import { principalName } from '../aws/identity.ts';
import type { KeyPolicy } from '../aws/key-policy.ts';
import { type Need, neededPolicy } from '../aws/needed-policy.ts';
import { type PermissionTest, testPermissions } from '../aws/preflight.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { type Facts, need } from './facts.ts';
import { bucketNameFor } from './object-questions.ts';
import type { Services } from './services.ts';

/** The policy that has what is missing is saved under this name, for whoever attaches it. */
const neededPolicyFile = 'needed-permissions.json';

/**
 * Asks IAM what the caller may do of this ceremony; calls nothing for real. What was tested a moment ago is not asked
 * again, unless something was missing: it may be there by now.
 */
export async function testCaller(
  facts: Facts,
  { session, lastTest }: Services,
  policy: KeyPolicy,
  signal?: AbortSignal,
): Promise<PermissionTest> {
  const { principalArn } = need(facts, 'connection');
  const asked = { ...placeOf(facts), principalArn, policy };
  const about = JSON.stringify(asked);
  const last = lastTest.of(about);
  if (last !== undefined && missingForKey(last).length === 0) return last;
  return lastTest.keep(about, await testPermissions(session.clients.iam, asked, { signal }));
}

/** What keeps the key from being made: an S3 permission may also come from a bucket policy, which IAM does not see. */
function missingForKey(test: PermissionTest): readonly Need[] {
  return test.tested ? test.missing.filter(({ action }) => action.startsWith('kms:')) : [];
}

/**
 * Saves the policy that has what is missing.
 * @throws ProblemError where a missing permission keeps the key from being made.
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

/** What the test found, in a sentence. */
export function testedWords(test: PermissionTest): string {
  if (!test.tested) return `Your permissions were not tested. ${test.why}`;
  if (test.missing.length === 0) return "By IAM's test, you may do all that this ceremony does.";
  const words = `By IAM's test, you may not ${actionsOf(test.missing)}.`;
  return missingForKey(test).length > 0 ? words : `${words} The upload at the end needs it.`;
}

/** The least IAM policy for what the test found missing, as JSON text. */
export function neededJson(facts: Facts, test: PermissionTest): string {
  const needs = test.tested ? test.missing : [];
  return `${JSON.stringify(neededPolicy(placeOf(facts), needs), undefined, 2)}\n`;
}

function placeOf(facts: Facts) {
  const { partition, region, accountId } = need(facts, 'connection');
  const { alias } = need(facts, 'description');
  return { partition, region, accountId, alias, bucket: bucketNameFor(alias, '*') };
}

function actionsOf(needs: readonly Need[]): string {
  return [...new Set(needs.map(({ action }) => action))].join(', ');
}
