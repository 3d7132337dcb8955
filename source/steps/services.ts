import type { AwsEnvironment } from '../aws/environment.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';
import type { Journal } from '../ceremony/journal.ts';
import type { OwnCommand } from '../ceremony/own-command.ts';
import type { Step } from '../ceremony/step.ts';
import type { Facts, Source } from './facts.ts';
import type { HeldSecrets } from './held-secrets.ts';
import type { LastTest } from './last-test.ts';
import type { PairNames } from './pair-names.ts';
import type { AwsSession } from './session.ts';

/** What steps work with. Commands put it together, once for a run. */
export type Services = {
  readonly folder: CeremonyFolder;
  readonly journal: Journal;
  readonly session: AwsSession;
  readonly environment: AwsEnvironment;
  /** What flags have answered already. */
  readonly preset: { readonly source?: Source; readonly region?: string; readonly endpointUrl?: string };
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

export type KeyferryStep = Step<Facts, Services>;
