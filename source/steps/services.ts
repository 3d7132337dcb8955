import type { AwsEnvironment } from '../aws/environment.ts';
import type { Ceremony } from '../ceremony/ceremony.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';
import type { Journal } from '../ceremony/journal.ts';
import type { OwnCommand } from '../ceremony/own-command.ts';
import type { Step } from '../ceremony/step.ts';
import type { Facts, Source } from './facts.ts';
import type { HeldSecrets } from './held-secrets.ts';
import type { LastTest } from './last-permission-test.ts';
import type { PairNames } from './pair-names.ts';
import type { AwsSession } from './session.ts';
import type { StepId } from './step-id.ts';

/** What steps work with. Commands put it together, once for a run. */
export type Services = {
  readonly folder: CeremonyFolder;
  readonly journal: Journal;
  readonly session: AwsSession;
  readonly environment: AwsEnvironment;
  /** What flags have answered already. */
  readonly preset: {
    readonly source?: Source;
    readonly region?: string;
    readonly endpointUrl?: string;
    /** The path of a backup. */
    readonly backup?: string;
  };
  /** What the first import in this folder established, where this ceremony is a later one. */
  readonly recorded?: Facts;
  /** Key and passphrase, in memory alone. */
  readonly secrets: HeldSecrets;
  /** The files of the next wrapping key and import token. */
  readonly pairNames: PairNames;
  /** What IAM said last of the caller. */
  readonly lastTest: LastTest;
  /** log2(N) of scrypt for a backup under a passphrase. */
  readonly scryptWorkFactor: number;
  /** Where practice AWS keeps its state. */
  readonly practiceState: string;
  /** How commands of Keyferry are written where this is read. */
  readonly ownCommand: OwnCommand;
  readonly clock: () => Date;
  /** Of this program, for the record. */
  readonly version: string;
};

/** A step of Keyferry: its id, and those of the steps that it leads back to, are known names. */
export type KeyferryStep = Step<Facts, Services> & { readonly id: StepId; readonly leadsTo?: readonly StepId[] };

/** A ceremony of such steps. */
export type KeyferryCeremony = Omit<Ceremony<Facts, Services>, 'steps'> & { readonly steps: readonly KeyferryStep[] };

/**
 * Gives the facts of the first import in this folder.
 * @throws Error when the folder has no recorded ceremony. That is a defect, because this ceremony starts from a recorded one.
 */
export function recordedFacts({ recorded }: Services): Facts {
  if (recorded === undefined) throw new Error('There is no recorded ceremony here.');
  return recorded;
}
