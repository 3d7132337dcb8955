import { type Facts, need } from './facts.ts';
import { makeFindKeyStep } from './find-key.ts';
import { toBringBack } from './find-purpose.ts';
import { keyElsewhere } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';

const findKey = makeFindKeyStep({
  ...toBringBack,
  importStep: 'import-wrapped',
  refuse({ alias, keyState, missing }) {
    if (missing.length < 2) return undefined;
    return {
      kind: 'fixable',
      what: "Can't bring material back from a wrapped file: more than one material is missing.",
      code: keyState,
      why: `${alias} is ${keyState}: ${missing.length} of its materials are missing, and a wrapped file holds one.`,
      state: 'Nothing was sent or changed.',
      next: ['Import all but one by hand: aws kms import-key-material with --key-material-id. Then come back.'],
    };
  },
});

/**
 * Finds a key whose bytes are kept elsewhere and are wrapped there. Notes who keeps them, so that the steps that fetch a
 * wrapping key and take the wrapped file work as in a first import.
 */
export const findKeyOfKeeper: KeyferryStep = {
  ...findKey,
  provides: [...findKey.provides, 'description', 'secret', 'backup'],

  async act(context) {
    const found = await findKey.act(context);
    return { ...found, ...keeperFacts(found, context.services) };
  },

  foresee(context) {
    const found = findKey.foresee?.(context) ?? {};
    return { ...found, ...keeperFacts(found, context.services) };
  },
};

/** Gives the facts about the key and its keeper. When no folder knows the key, nobody knows the keeper's name either. */
function keeperFacts(found: Partial<Facts>, { recorded }: Services): Partial<Facts> {
  const { alias } = need(found, 'key');
  return {
    description: recorded?.description ?? { alias, description: '', acknowledged: true },
    secret: keyElsewhere(recorded?.secret) ?? { origin: 'elsewhere', keeper: 'its keeper' },
    backup: { by: 'keeper' },
  };
}
