import { allows, type KeyPolicy } from '../aws/key-policy.ts';
import { refusedUses } from '../aws/preflight.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import { backTo } from './past.ts';
import type { Services } from './services.ts';

/**
 * The proof and the uploads need the caller to use the key. Where neither the key policy nor IAM has said so, KMS is asked
 * by a dry run, before any material goes in.
 */
export async function askKmsWhereIamWasSilent(
  { facts, services, report, signal }: ActContext<Facts, Services>,
  keyArn: string,
  policy: KeyPolicy,
): Promise<void> {
  const { principalArn } = need(facts, 'connection');
  const named = allows(policy, principalArn, 'kms:Decrypt');
  if (named || need(facts, 'people').test?.tested === true || principalArn.endsWith(':root')) return;
  report({ id: 'use', label: 'Asking KMS whether you may use the key', state: 'working' });
  const refused = await refusedUses(services.session.clients.kms, keyArn, signal);
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
