import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readAwsEnvironment } from '../aws/environment.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isBegunIn } from '../ceremonies/journal-names.ts';
import { CeremonyFolder } from '../ceremony/folder.ts';
import type { Journal } from '../ceremony/journal.ts';
import { releaseLock, takeLock } from '../ceremony/lock.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import { Waiting } from '../ceremony/waiting.ts';
import { standardWorkFactor } from '../material/age-passphrase.ts';
import type { PracticeAws } from '../practice/server.ts';
import { BucketNotes } from '../steps/bucket-notes.ts';
import { CallNotes } from '../steps/call-notes.ts';
import { type Connection, isPractice, type Source } from '../steps/facts.ts';
import { HeldSecrets } from '../steps/held-secrets.ts';
import { LastTest } from '../steps/last-permission-test.ts';
import { PairNames } from '../steps/pair-names.ts';
import type { KeyferryCeremony, Services, UploadChoice } from '../steps/services.ts';
import { AwsSession } from '../steps/session.ts';
import { TypedNames } from '../steps/typed-names.ts';
import { version } from '../version.ts';
import { readRecorded, refuseOtherCeremony } from './begun-folder.ts';
import { canContinue, journalNameOf, lockFile } from './ceremony-journals.ts';
import { readEarlier } from './earlier.ts';
import { readJournal } from './read-journal.ts';
import { startPractice } from './start-practice.ts';

/** The flags that say where a ceremony works: account, Region, endpoint and folder. */
export type PlaceOptions = {
  readonly practice?: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly workdir?: string;
};

/** What a ceremony is opened with: flags, and what the person has answered before it opened. */
export type OpeningOptions = PlaceOptions & {
  readonly backup?: string;
  readonly key?: string;
  /** Use the choices, order and words of the article. */
  readonly asInTheVideo?: boolean;
  /** The source of the credentials. Without it, `practice` and `profile` name one. */
  readonly source?: Source;
  /** The bucket whose Object Lock the command line accepts. */
  readonly acceptObjectLock?: string;
  /** What flags say about an upload. */
  readonly upload?: UploadChoice;
};

/** A ceremony opened for one run. */
export type OpenedCeremony = {
  readonly services: Services;
  /**
   * Makes the folder, takes its lock and writes the journal's first line of this run. A finished journal gets no line.
   * @throws ProblemError when the folder cannot be used, when another process has the lock or has begun or removed a ceremony
   * there, or when the line cannot be written; the system's error when the folder cannot be made.
   */
  readonly begin: () => void;
  /** Tells whether a stop now would leave a ceremony that the same command continues, or that is finished. */
  readonly canContinue: () => boolean;
  readonly waiting: Waiting;
  /** Whether the flags or the recorded connection say that the ceremony works on practice AWS. */
  readonly isPractice: boolean;
  /** Gives the state folder of practice AWS once this run serves it. */
  readonly servedPractice: () => string | undefined;
  /** Gives back the lock and closes connections; practice AWS stops with it. */
  readonly close: () => Promise<void>;
};

const practiceName = 'keyferry-practice-aws';

/**
 * Gives the folder in which practice AWS keeps its state. With --workdir it is in the ceremony's folder. Without, it is
 * beside that folder, so that all ceremonies there share one account. A state folder that exists comes first: the one in
 * the ceremony's folder, else the one beside it, once a ceremony was begun in the ceremony's folder.
 * @param path the folder of the ceremony.
 */
export function practiceFolder(path: string, { workdir }: PlaceOptions): string {
  const inside = join(path, practiceName);
  const beside = join(dirname(path), practiceName);
  if (existsSync(inside)) return inside;
  const hasStateBeside = isBegunIn(path) && existsSync(beside);
  return workdir === undefined || hasStateBeside ? beside : inside;
}

/**
 * Makes everything that the steps of a ceremony need. Reads the folder `path`, and writes nothing: `begin` of the result
 * does.
 * @throws ProblemError when the ceremony cannot start there, or its journal cannot be read.
 */
export async function openCeremony(
  ceremony: KeyferryCeremony,
  path: string,
  options: OpeningOptions,
): Promise<OpenedCeremony> {
  // A folder that the person named keeps its name.
  const mayRename = options.workdir === undefined && path !== process.cwd();
  const folder = new CeremonyFolder(path, mayRename);
  folder.refuseFile();
  const stateFolder = practiceFolder(path, options);
  const { startsFrom } = ceremony;
  const isLater = startsFrom.from === 'recorded';
  const recorded = isLater ? readRecorded(folder) : undefined;
  const journalName = journalNameOf(ceremony, path, new Date());
  // The ceremony may give its folder another name.
  const journal = readJournal(ceremony, () => folder.file(journalName));
  if (!isLater) refuseOtherCeremony(ceremony, journal, folder);
  const waiting = new Waiting();
  let practice: Promise<PracticeAws> | undefined;
  const callNotes = new CallNotes(journal);
  const session = new AwsSession({
    endpointUrl: options.endpointUrl,
    onCall: callNotes.note,
    pause: waiting.pause,
    expect: waiting.expect,
    lend: waiting.lend,
    openPractice: () => {
      practice ??= startPractice(stateFolder);
      return practice;
    },
  });
  const secrets = new HeldSecrets();
  let isLocked = false;
  const services: Services = {
    folder,
    journal,
    session,
    environment: await readAwsEnvironment(process.env),
    preset: presetOf(options, recorded?.connection),
    ...(recorded === undefined ? {} : { recorded }),
    ...(isLater ? { earlier: readEarlier(folder) } : {}),
    secrets,
    scryptWorkFactor: standardWorkFactor,
    practiceState: stateFolder,
    ownCommand,
    clock: () => new Date(),
    trusted: new TypedNames(),
    acceptedLocks: new TypedNames(options.acceptObjectLock === undefined ? [] : [options.acceptObjectLock]),
    pairNames: new PairNames(),
    lastTest: new LastTest(),
    bucketNotes: new BucketNotes(),
    callNotes,
    version,
  };
  const refusal = isLater ? startsFrom.refuse(services) : undefined;
  if (refusal !== undefined) throw new ProblemError(refusal);
  return {
    services,
    waiting,
    isPractice: options.practice === true || (recorded?.connection !== undefined && isPractice(recorded.connection)),
    begin: () => {
      const { id: idAsRead } = journal.state;
      const isFolderGone = idAsRead !== undefined && !existsSync(folder.path);
      // A ceremony's folder that was renamed or removed since it was read must not be made again.
      if (isFolderGone) throw new ProblemError(changedMeanwhileProblem(folder.shown));
      folder.make();
      const abandonedBy = takeLock(folder.file(lockFile));
      isLocked = true;
      journal.refresh();
      if (journal.state.id !== idAsRead) throw new ProblemError(changedMeanwhileProblem(folder.shown));
      folder.sweep();
      appendFirstLine(journal, ceremony, abandonedBy);
    },
    canContinue: () => canContinue(ceremony, journal),
    // The ceremony may have given its folder another name meanwhile.
    servedPractice: () => (practice === undefined ? undefined : practiceFolder(folder.path, options)),
    close: async () => {
      secrets.forget();
      session.close();
      journal.close();
      if (isLocked) releaseLock(folder.file(lockFile));
      await (await practice?.catch(() => undefined))?.close();
    },
  };
}

/**
 * Appends the line with which this run begins: that the ceremony is begun; or that it is continued, with `abandonedBy` as a note. A
 * finished journal takes no line.
 * @param abandonedBy words about the process that held the lock before and ended without releasing it.
 */
function appendFirstLine(journal: Journal, { id: ceremony }: KeyferryCeremony, abandonedBy: string | undefined): void {
  const { id, finished } = journal.state;
  const note = abandonedBy === undefined ? {} : { note: `took over from ${abandonedBy}` };
  if (id === undefined) journal.append({ kind: 'begun', ceremony, id: randomUUID(), version });
  else if (!finished) journal.append({ kind: 'continued', version, ...note });
}

/**
 * Gives what the flags set. When they name no source of credentials or no Region, these come from the connection that the first
 * import has recorded.
 */
function presetOf(options: OpeningOptions, recorded: Connection | undefined): Services['preset'] {
  const { practice, profile, region, endpointUrl, backup, key, asInTheVideo, upload } = options;
  const profileSource = profile === undefined ? undefined : (`profile:${profile}` as const);
  const namedSource: Source | undefined = practice === true ? 'practice' : profileSource;
  const preset = {
    source: options.source ?? namedSource ?? recorded?.source,
    region: region ?? recorded?.region,
    endpointUrl,
    backup,
    key,
    setUp: asInTheVideo === true ? ('video' as const) : undefined,
    upload,
  };
  return Object.fromEntries(Object.entries(preset).filter(([, value]) => value !== undefined));
}

/** Turns any error of a step into a problem. The problem of a ProblemError stays as it is. */
export function explain(error: unknown): Problem {
  return explainAwsError(error, { what: "Can't go on with this step.", state: 'All earlier steps are saved.' });
}

/**
 * Gives the problem of a folder in which another process began or removed a ceremony, after this run had read the folder and
 * before it took the lock.
 */
function changedMeanwhileProblem(folder: string): Problem {
  return {
    kind: 'fixable',
    what: `Can't go on in ${folder}: it has changed.`,
    why: 'Another Keyferry has begun or removed a ceremony there in the meantime.',
    state: 'This one has written nothing.',
    next: ['Start Keyferry again: it looks at the folder anew.'],
    repeats: true,
  };
}

/**
 * Gives the path of the folder for a new ceremony: `workdir`, or else `keyferry-new` or the next free name in the current folder.
 * Later a folder that the person did not name gets a name with the alias of the key.
 */
export function newFolder({ workdir }: PlaceOptions): string {
  if (workdir !== undefined) return workdir;
  const parent = process.cwd();
  for (let number = 1; ; number += 1) {
    const path = join(parent, number === 1 ? 'keyferry-new' : `keyferry-new-${number}`);
    if (!existsSync(path)) return path;
  }
}
