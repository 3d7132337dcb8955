import type { AwsClients } from '../aws/clients.ts';
import { findExternalKeys, streamExternalKeys } from '../aws/external-keys.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import { orStopped } from '../ceremony/waiting.ts';
import { need } from '../steps/facts.ts';
import type { Services } from '../steps/services.ts';
import type { Screen } from '../ui/screen.ts';
import { chooseListedKey, type KeyChoice } from './your-keys.ts';
import { bringNewKey, goBack, type KeyPlace, lookAt, type Shown } from './your-keys-questions.ts';

/** Thrown out of a ceremony that was to bring a new key, when the person chooses one of their keys instead. */
export class KeyChosen extends Error {
  readonly choice: KeyChoice;

  constructor(choice: KeyChoice) {
    super('The person chose one of their keys.');
    this.choice = choice;
  }
}

/**
 * Makes a screen that shows a person the keys of their account once they have connected to it for a new key, where it has keys
 * with imported material, or such that wait for it. A person without such keys does not see the list.
 * @param parts.seen places whose keys the person has seen before.
 */
export function showKeysOnceConnected(
  screen: Screen<Services>,
  parts: {
    readonly known: readonly KnownKey[];
    readonly seen: readonly KeyPlace[];
    readonly shown: Shown;
    readonly signal: AbortSignal;
  },
): Screen<Services> {
  const { interviewer } = screen;
  const seen = new Set(parts.seen.map(lookAt));
  let connectedTo: KeyPlace | undefined;
  const showKeys = async (place: KeyPlace, clients: AwsClients): Promise<void> => {
    const kms = clients.openLookingKms();
    if (!(await hasKeys(kms, place, parts.signal))) return;
    const choice = await chooseListedKey(
      place,
      {
        ...parts,
        findKeys: ({ region }) => findExternalKeys(kms, region, { signal: parts.signal }),
        ask: (question, backAnswer) => orStopped(screen.ask(question, backAnswer), parts.signal),
      },
      { at: bringNewKey, canGoBack: false },
    );
    if (choice !== goBack && choice.to !== 'new') throw new KeyChosen(choice);
  };
  return {
    ...screen,
    interviewer: {
      ...interviewer,
      done(step, facts) {
        interviewer.done(step, facts);
        if (step.id === 'connect') connectedTo = need(facts, 'connection');
      },
      async interview(step, context, given) {
        const place = connectedTo;
        connectedTo = undefined;
        if (place !== undefined && !seen.has(lookAt(place))) {
          seen.add(lookAt(place));
          const looking = { id: 'keys', label: 'Looking for keys with imported material' } as const;
          interviewer.progress(step, { ...looking, state: 'working' });
          await showKeys({ source: place.source, region: place.region }, context.services.session.clients);
        }
        return interviewer.interview(step, context, given);
      },
    },
  };
}

/** A person who wants a new key does not wait longer to learn whether the account has other keys. */
const patienceMs = 5000;

/** Tells whether a place has such keys, as far as the time and the permissions of the caller allow to know. */
async function hasKeys(kms: AwsClients['kms'], { region }: KeyPlace, signal: AbortSignal): Promise<boolean> {
  const looking = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const look = async () => {
    for await (const { keys } of streamExternalKeys(kms, region, { signal: looking })) if (keys.length > 0) return true;
    return false;
  };
  try {
    return await orStopped(look(), looking);
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
