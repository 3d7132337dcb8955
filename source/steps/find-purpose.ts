import type { Problem } from '../ceremony/problem.ts';
import type { Facts, Material } from './facts.ts';
import type { LookPurpose } from './look-at-key.ts';
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
