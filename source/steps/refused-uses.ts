import { allows, type KeyPolicy, principalsOf } from '../aws/key-policy.ts';
import { findRefusedUses } from '../aws/permission-check.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import { callerAmong } from './own-principal.ts';
import { isStrict } from './policy-kind.ts';
import type { Services } from './services.ts';

/** A key with its policy. The policy is `undefined` only for a key that somebody else made. */
type KeyWithPolicy = { readonly keyArn: string; readonly policy: KeyPolicy | undefined };

/**
 * Asks KMS by a dry run which uses of the key it refuses the caller, and reports the answer. Asks only about a key that this
 * ceremony made. Does not ask for the account root, or when the key policy itself lets the caller decrypt. Nothing stops here: when
 * a use is refused, a user of the key can make the proof and upload. A strict policy cannot do without the proof.
 * @returns the refused actions; an empty list also when KMS was not asked or its answer is not certain.
 */
export async function readRefusedUses(
  { facts, services, report, signal }: Pick<ActContext<Facts, Services>, 'facts' | 'services' | 'report' | 'signal'>,
  { keyArn, policy }: KeyWithPolicy,
): Promise<readonly string[]> {
  if (policy === undefined) return [];
  const you = callerAmong(principalsOf(policy), need(facts, 'connection'));
  if (you.endsWith(':root') || allows(policy, you, 'kms:Decrypt')) return [];
  report({ id: 'use', label: 'Asking KMS whether you may use the key', state: 'working' });
  const refused = await findRefusedUses(services.session.clients.kms, keyArn, signal);
  const remaining = isStrict(facts) ? 'the proof needs that' : 'one of its users proves it, and uploads';
  const label =
    refused.length === 0
      ? 'KMS did not refuse you the use of the key'
      : `You may not use the key (${refused.join(', ')}): ${remaining}`;
  report({ id: 'use', label, state: 'done' });
  return refused;
}
