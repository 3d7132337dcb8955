import type { Problem } from '../ceremony/problem.ts';
import type { Facts, Material } from './facts.ts';
import { reimportCommand } from './key-now.ts';
import { type LookPurpose, nothingSent } from './look-at-key.ts';
import { missingOf, shortId } from './materials.ts';
import type { Services } from './services.ts';
import type { StepId } from './step-id.ts';

/** What a key that has had material is looked for: how the person is asked for it, and what they are told. */
export type FindPurpose = LookPurpose & {
  /** The step that imports afterwards. */
  readonly importing: StepId;
  /** Why the step asks KMS. */
  readonly why: string;
  /** The question which key it is. */
  readonly ask: string;
  /** What did not happen where the connection is to another account or Region than that of the key. */
  readonly fromElsewhere: string;
  /** What did not happen where the journal is of another key than that of the folder. */
  readonly otherKey: string;
  /** How the material is, for the rehearsal of an answers file. @param recorded the facts of the first import, where known. */
  readonly foreseen: (recorded: Facts | undefined) => Pick<Material, 'isImported' | 'expiry'>;
  /** Gives the problem of a key whose materials do not fit the purpose; `undefined` when they fit. */
  readonly refuse?: (look: RefusedLook, services: Services) => Problem | undefined;
};

/** What KMS told of a key and its materials. */
type RefusedLook = { readonly alias: string; readonly keyState: string; readonly all: readonly Material[] };

/** To bring back the material that KMS does not hold any more. */
export const toBringBack: FindPurpose = {
  importing: 'bring-back',
  why: 'Material comes back only into the KMS key that had it. KMS says which of its materials are missing.',
  ask: 'Which KMS key should get its material back?',
  what: "Can't bring material back into",
  otherOrigin: 'Name the key that had the imported material.',
  afterDeletion: 'After that no copy of its material helps.',
  neverHad: "Can't bring material back: this key has never had any.",
  fromElsewhere: "Can't bring the material back from here.",
  otherKey: "Can't go on with this reimport: it is of another key.",
  foreseen: (recorded) => ({ isImported: false, expiry: recorded?.imported?.validTo ?? 'never' }),
};

/** To change when its material expires, which must all be there: an import says the expiry again, or drops it. */
export const toChangeExpiry: FindPurpose = {
  importing: 'change-expiry',
  why: 'An expiry belongs to the material that KMS holds. KMS says which material that is, and when it expires.',
  ask: 'Of which KMS key should the expiry change?',
  what: "Can't change when material expires in",
  otherOrigin: 'Name a key with imported material.',
  afterDeletion: 'After that no expiry matters.',
  neverHad: "Can't change when material expires: this key has never had any.",
  fromElsewhere: "Can't change the expiry from here.",
  otherKey: "Can't go on with this change of an expiry: it is of another key.",
  // KMS alone knows the expiry now, and with it whether the new one is sooner.
  foreseen: () => ({ isImported: true, expiry: 'unknown' }),
  refuse({ alias, keyState, all }, services) {
    const missing = missingOf(all);
    if (missing.length === 0) return undefined;
    const ids = missing.map(shortId).join(', ');
    return {
      kind: 'fixable',
      what: "Can't change the expiry: KMS does not hold all material of this key.",
      code: keyState,
      why: `${alias} is ${keyState}: ${missing.length === 1 ? `its material ${ids} is` : `its materials ${ids} are`} missing.`,
      state: nothingSent,
      next: [`Bring it back, with the expiry that you want: ${reimportCommand(services)}`],
    };
  },
};
