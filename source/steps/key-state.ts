import { lookUntil } from '../aws/eventual-consistency.ts';
import { describeKey, disableKey } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { awsCommand } from './aws-command-line.ts';
import { type Facts, need } from './facts.ts';
import type { KeyferryStep, Services } from './services.ts';

// Pages: KMS API reference, ImportKeyMaterial; that it enables a disabled key was recorded.

/**
 * Disables the key again, if it was Disabled before the import and the person asked for it. Leaves a key alone that is not Enabled
 * now. Records the state of the key.
 */
export const keyState: KeyferryStep = {
  id: 'key-state',
  asks: [],
  needs: ['connection', 'key', 'toDisable'],
  provides: ['keyState'],
  title: 'Key state',
  done: 'Key state checked',
  place: 'KMS',
  lasting: true,
  why: 'An import enables a key. One that was disabled before is disabled again, if you said so.',
  goesWrong: ['The key stays enabled, because whoever imports may not disable it. The step says so.'],

  questions: () => [],

  commands: ({ facts, services }) => [
    {
      says: 'Disable the key again',
      shell: awsCommand(facts, services, 'kms disable-key', { 'key-id': need(facts, 'key').keyId }),
    },
  ],

  async act(context) {
    const { facts, services, report } = context;
    const { kms } = services.session.clients;
    const { keyId } = need(facts, 'key');
    const mustDisable = need(facts, 'toDisable');
    try {
      const { KeyState = '' } = await describeKey(kms, keyId);
      if (!mustDisable || KeyState !== 'Enabled') return { keyState: KeyState };
      report({ id: 'state', label: 'Disabling the key again', state: 'working' });
      await disableKey(kms, keyId);
      const stateNow = await readUntilDisabled(context);
      const isDisabled = stateNow === 'Disabled';
      const label = isDisabled ? 'The key is Disabled again' : `KMS was told to disable the key; it is ${stateNow}`;
      report({ id: 'state', label, state: 'done' });
      return { keyState: stateNow };
    } catch (error) {
      throw new ProblemError(
        explainAwsError(error, {
          what: mustDisable ? 'The key was not disabled again.' : "Can't see the state of the key.",
          state: mustDisable
            ? 'The key may be Enabled now. What was imported stays as it is.'
            : 'What was imported stays as it is.',
        }),
      );
    }
  },

  receipt(facts) {
    const stateNow = need(facts, 'keyState');
    const isStillEnabled = need(facts, 'toDisable') && stateNow === 'Enabled';
    return `The key is ${stateNow}${isStillEnabled ? '. WARNING: KMS was told to disable it again' : ''}`;
  },
};

/**
 * Gives the state of a key that was disabled just now. DescribeKey may lag behind DisableKey, so asks a few times. Gives the last
 * state, which may still not be Disabled.
 */
async function readUntilDisabled({ facts, services, pause }: ActContext<Facts, Services>): Promise<string> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  return lookUntil(async () => (await describeKey(kms, keyId)).KeyState ?? '', {
    isShown: (state) => state === 'Disabled',
    label: (state) => `The key is ${state}, waiting for Disabled`,
    pause,
  });
}
