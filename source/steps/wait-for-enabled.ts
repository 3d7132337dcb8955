import type { KeyMetadata } from '@aws-sdk/client-kms';
import { describeKey } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

/** KMS needs a moment between an import and the key state; past this time it is told instead of waited for. */
const enabledWithinMs = 60_000;

const isTaken = 'Nothing is lost. Trying again only looks; it does not import twice.';

/**
 * Waits until the key is Enabled after an import, asking ever more seldom.
 * @throws ProblemError when that takes too long.
 */
export async function waitForEnabled(
  { facts, services, pause, signal }: Pick<ActContext<Facts, Services>, 'facts' | 'services' | 'pause' | 'signal'>,
  more: Pick<Problem, 'remedies'> = {},
): Promise<KeyMetadata> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const giveUp = performance.now() + enabledWithinMs;
  for (let tries = 1; ; tries += 1) {
    const metadata = await describeKey(kms, keyId).catch((error: unknown) => {
      signal.throwIfAborted();
      const what = "Can't see whether the key is Enabled after the import.";
      throw new ProblemError(explainAwsError(error, { what, state: isTaken }));
    });
    if (metadata.KeyState === 'Enabled') return metadata;
    if (performance.now() > giveUp) {
      throw new ProblemError({
        kind: 'waiting',
        what: 'The key is not Enabled yet.',
        why: `KMS took the material, but the key state is still ${metadata.KeyState}.`,
        state: isTaken,
        next: ['Wait a moment, then try again.'],
        ...more,
      });
    }
    const milliseconds = Math.min(100 * 2 ** (tries - 1), 2000);
    await pause({ label: `The key is ${metadata.KeyState}, waiting for Enabled`, next: tries + 1, milliseconds });
  }
}
