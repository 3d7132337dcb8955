import type { Problem } from '../ceremony/problem.ts';
import type { Facts, Material } from './facts.ts';
import { reimportCommand } from './key-now.ts';
import { type LookPurpose, nothingSent } from './look-at-key.ts';
import { shortId } from './materials.ts';
import type { Services } from './services.ts';
import type { StepId } from './step-id.ts';

// Pages: KMS developer guide, "Reimport key material".

/** Why the step `find-key` looks for a key that has had material: how it asks for the key, and what its problems say. */
export type FindPurpose = LookPurpose & {
  /** The step that imports afterwards. */
  readonly importStep: StepId;
  /** Why the step asks KMS. */
  readonly why: string;
  /** The question for the key. */
  readonly ask: string;
  /** The title of the problem when the connection is to another account or Region than that of the key. */
  readonly fromElsewhere: string;
  /** The title of the problem when the journal is about another key than the key of the folder. */
  readonly otherKeyTitle: string;
  /**
   * Gives the state of the material for the rehearsal of an answers file.
   * @param recorded facts of the first import, if known.
   */
  readonly foreseen: (recorded: Facts | undefined) => Pick<Material, 'isImported' | 'expiry'>;
  /** Gives the problem of a key whose materials do not fit the purpose; `undefined` when they fit. */
  readonly refuse?: (look: KeyLook, services: Services) => Problem | undefined;
};

/** What KMS told about a key, and the materials that the key needs and KMS does not hold. */
type KeyLook = { readonly alias: string; readonly keyState: string; readonly missing: readonly Material[] };

/** Looks for a key to bring back the material that KMS does not hold any more. */
export const toBringBack: FindPurpose = {
  importStep: 'bring-back',
  why: 'Material comes back only into the KMS key that had it. KMS says which of its materials are missing.',
  ask: 'Which KMS key should get its material back?',
  what: "Can't bring material back into",
  otherOrigin: 'Name the key that had the imported material.',
  afterDeletion: 'After that no copy of its material helps.',
  neverHad: "Can't bring material back: this key has never had any.",
  fromElsewhere: "Can't bring the material back from here.",
  otherKeyTitle: "Can't go on with this reimport: it is of another key.",
  foreseen: (recorded) => ({ isImported: false, expiry: recorded?.imported?.validTo ?? 'never' }),
};

/** Looks for a key to change when its material expires. KMS must hold all material of the key. */
export const toChangeExpiry: FindPurpose = {
  importStep: 'change-expiry',
  why: 'An expiry belongs to the material that KMS holds. KMS says which material that is, and when it expires.',
  ask: 'Of which KMS key should the expiry change?',
  what: "Can't change when material expires in",
  otherOrigin: 'Name a key with imported material.',
  afterDeletion: 'After that no expiry matters.',
  neverHad: "Can't change when material expires: this key has never had any.",
  fromElsewhere: "Can't change the expiry from here.",
  otherKeyTitle: "Can't go on with this change of an expiry: it is of another key.",
  // Only KMS knows the present expiry, and so whether the new expiry is sooner.
  foreseen: () => ({ isImported: true, expiry: 'unknown' }),
  refuse({ alias, keyState, missing }, services) {
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
