import type { KeyMetadata } from '@aws-sdk/client-kms';
import { describeKey } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

/** A key becomes Enabled a moment after the import. After this time Keyferry stops waiting and tells the person. */
const enabledWithinMs = 60_000;

const alreadyImported = 'Nothing is lost. Trying again only looks; it does not import twice.';

/**
 * Waits until the key is Enabled after an import. Asks KMS again after growing pauses, of at most two seconds.
 * @param more remedies for the problem of a key that is not Enabled in time.
 * @returns the answer of DescribeKey for the Enabled key.
 * @throws ProblemError when KMS gives an error, or when the key is not Enabled within a minute.
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
      throw new ProblemError(explainAwsError(error, { what, state: alreadyImported }));
    });
    if (metadata.KeyState === 'Enabled') return metadata;
    if (performance.now() > giveUp) {
      throw new ProblemError({
        kind: 'waiting',
        what: 'The key is not Enabled yet.',
        why: `KMS took the material, but the key state is still ${metadata.KeyState}.`,
        state: alreadyImported,
        next: ['Wait a moment, then try again.'],
        ...more,
      });
    }
    const milliseconds = Math.min(100 * 2 ** (tries - 1), 2000);
    await pause({ label: `The key is ${metadata.KeyState}, waiting for Enabled`, next: tries + 1, milliseconds });
  }
}
