import type { AwsClients } from '../aws/clients.ts';
import { findExternalKeys, streamExternalKeys } from '../aws/external-keys.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import { orStopped } from '../ceremony/waiting.ts';
import { need } from '../steps/facts.ts';
import type { Services } from '../steps/services.ts';
import type { Screen } from '../ui/screen.ts';
import { chooseListedKey, type KeyChoice } from './your-keys.ts';
import { answerForPlace, bringNewKey, goBack, type KeyPlace, type Shown } from './your-keys-questions.ts';

/** Thrown out of a ceremony that was to bring a new key, when the person chooses one of their keys instead. */
export class KeyChosen extends Error {
  readonly choice: KeyChoice;

  constructor(choice: KeyChoice) {
    super('The person chose one of their keys.');
    this.choice = choice;
  }
}

/**
 * Makes a screen for a ceremony that brings a new key. Once the person has connected to an account, the screen shows the keys there
 * that have imported material or wait for it. The person sees no list when there are none, or when looking for them fails or takes
 * too long. When the person chooses a key, the interview of the next step throws {@link KeyChosen}.
 * @param parts.seen places whose keys the person has seen before: their list is not shown again.
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
  const seen = new Set(parts.seen.map(answerForPlace));
  /** The place to which the person has just connected. Set until the next step begins. */
  let newPlace: KeyPlace | undefined;
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
      { startRow: bringNewKey, canGoBack: false },
    );
    if (choice !== goBack && choice.action !== 'new') throw new KeyChosen(choice);
  };
  return {
    ...screen,
    interviewer: {
      ...interviewer,
      done(step, facts) {
        interviewer.done(step, facts);
        if (step.id === 'connect') newPlace = need(facts, 'connection');
      },
      async interview(step, context, given) {
        const place = newPlace;
        newPlace = undefined;
        if (place !== undefined && !seen.has(answerForPlace(place))) {
          seen.add(answerForPlace(place));
          const looking = { id: 'keys', label: 'Looking for keys with imported material' } as const;
          interviewer.progress(step, { ...looking, state: 'working' });
          await showKeys({ source: place.source, region: place.region }, context.services.session.clients);
        }
        return interviewer.interview(step, context, given);
      },
    },
  };
}

/** How long the look for other keys may take. Then the person, who wants a new key, goes on without the list. */
const patienceMs = 5000;

/**
 * Tells whether a place has keys with imported material, or keys that wait for it. Gives false when the look takes too long or
 * fails, for example because the caller may not list keys.
 * @throws the reason of `signal` when that aborts.
 */
async function hasKeys(kms: AwsClients['kms'], { region }: KeyPlace, signal: AbortSignal): Promise<boolean> {
  const lookSignal = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const look = async () => {
    for await (const { keys } of streamExternalKeys(kms, region, { signal: lookSignal }))
      if (keys.length > 0) return true;
    return false;
  };
  try {
    return await orStopped(look(), lookSignal);
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
