import type { AwsEnvironment } from '../aws/environment.ts';
import type { Ceremony } from '../ceremony/ceremony.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';
import type { Journal } from '../ceremony/journal.ts';
import type { OwnCommand } from '../ceremony/own-command.ts';
import type { Step } from '../ceremony/step.ts';
import type { BucketNotes } from './bucket-notes.ts';
import type { CallNotes } from './call-notes.ts';
import type { EncryptedObject, Facts, Source } from './facts.ts';
import type { HeldSecrets } from './held-secrets.ts';
import type { LastTest } from './last-permission-test.ts';
import type { PairNames } from './pair-names.ts';
import type { AwsSession, PracticeAccess } from './session.ts';
import type { SetUp } from './set-up-fact.ts';
import type { StepId } from './step-id.ts';
import type { TypedNames } from './typed-names.ts';

/** What flags say about an upload. `include` and `exclude` are patterns for names of files in folders. */
export type UploadChoice = {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Whether an object with other bytes is replaced. */
  readonly replace: boolean;
};

/** What steps work with besides facts and answers. A command makes it once for a run. */
export type Services = {
  readonly folder: CeremonyFolder;
  readonly journal: Journal;
  readonly session: AwsSession;
  readonly environment: AwsEnvironment;
  /** What the flags of the command line have set, so that no step asks for it. */
  readonly preset: {
    readonly source?: Source;
    readonly region?: string;
    readonly endpointUrl?: string;
    /** The path of a backup. */
    readonly backup?: string;
    /** The id, the ARN or an alias of a KMS key that is there already. */
    readonly key?: string;
    readonly setUp?: SetUp['kind'];
    /** How files are chosen and sent. Absent when no command says it. */
    readonly upload?: UploadChoice;
  };
  /** The facts of the first import in this folder. Absent during that first import. */
  readonly recorded?: Facts;
  /** What earlier ceremonies in this folder have left. Absent during a first import. */
  readonly earlier?: Earlier;
  /** Keys and passphrases, which are only in memory. */
  readonly secrets: HeldSecrets;
  /** The hosts of endpoints that the person has confirmed in this run. */
  readonly trusted: TypedNames;
  /** The buckets whose Object Lock the person has accepted in this run: see `confirmLock`. */
  readonly acceptedLocks: TypedNames;
  /** Chooses the file names of the next wrapping key and import token. */
  readonly pairNames: PairNames;
  /** The last answer of IAM about the caller's permissions. */
  readonly lastTest: LastTest;
  /** What was found out in this run about buckets, and about the files that were chosen for them. */
  readonly bucketNotes: BucketNotes;
  /** Notes the calls to AWS in the journal. Absent when another part does. */
  readonly callNotes?: CallNotes;
  /** log2(N) of scrypt, for new backups under a passphrase. */
  readonly scryptWorkFactor: number;
  /** The folder in which practice AWS keeps its state. */
  readonly practiceState: string;
  /** The practice AWS of this run, for commands that a person can paste while the run goes on. Absent for all other commands. */
  readonly practiceNow?: PracticeAccess;
  /** Writes commands of Keyferry in the form in which this person can run them. */
  readonly ownCommand: OwnCommand;
  readonly clock: () => Date;
  /** The version of this program, for the journal and the record. */
  readonly version: string;
};

/** What the journals of a folder tell about the ceremonies before this one. Paths are absolute. */
export type Earlier = {
  /** The objects that were uploaded and checked, the oldest first. */
  readonly objects: readonly EncryptedObject[];
  /** Files that hold a passphrase or an age identity. */
  readonly openingFiles: readonly string[];
  /** Files from which the secret key was taken. */
  readonly copies: readonly string[];
};

/** A step of Keyferry. The types check its id and the ids of the steps to which it leads back. */
export type KeyferryStep = Step<Facts, Services> & { readonly id: StepId; readonly leadsTo?: readonly StepId[] };

/** A ceremony of Keyferry. All its steps are steps of Keyferry. */
export type KeyferryCeremony = Omit<Ceremony<Facts, Services>, 'steps'> & { readonly steps: readonly KeyferryStep[] };

/**
 * Gives the facts of the first import in this folder.
 * @throws Error when the folder has no recorded ceremony. That is a defect, because this ceremony starts from a recorded one.
 */
export function recordedFacts({ recorded }: Services): Facts {
  if (recorded === undefined) throw new Error('There is no recorded ceremony here.');
  return recorded;
}
