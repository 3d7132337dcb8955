import { resolve } from 'node:path';
import { ceremonies, firstCeremony } from '../ceremonies/all.ts';
import { encrypt } from '../ceremonies/encrypt/encrypt.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { folderName } from '../steps/file-names.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { printableLines } from '../terminal/printable.ts';
import { readAnswersFile } from '../ui/unattended/answers-file.ts';
import { AnswersError, type GivenAnswers } from '../ui/unattended/given-answers.ts';
import { partlyReadError } from '../ui/unattended/rehearsal.ts';
import type { Telling } from './conduct.ts';
import { encryptFolder } from './encrypt-folder.ts';
import { findFolderOfKey } from './folder-of-key.ts';
import { laterFolder } from './later-folder.ts';
import { newFolder, type PlaceOptions } from './open-ceremony.ts';
import { openRedaction } from './open-interface.ts';
import { printOutcome, type RunOutcome } from './outcome.ts';
import { cannotStart, givenAlias, type PlannedRun, runGiven } from './run-given.ts';

/** The flags of the command. */
export type RunOptions = PlaceOptions & {
  readonly json?: boolean;
  /** Print an example of an answers file: for the first import (true), or for the ceremony with this id. */
  readonly example?: boolean | string;
  /** Also write the runbook when the ceremony is finished. */
  readonly runbook?: boolean;
  /** Take the article's choice for every answer that the file leaves out. */
  readonly asInTheVideo?: boolean;
  /** Print stand-ins for private names. The written files keep the real names. */
  readonly redact?: boolean;
};

/** The streams of the command, and the signal that stops it. */
type Io = {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly signal: AbortSignal;
};

/**
 * Runs a ceremony unattended, with answers from a file. When the folder has an unfinished ceremony of the same kind, goes on with
 * it. With `--example` it only prints an example of such a file.
 * @param answersPath the file of answers; `undefined` when the command line names none.
 * @returns the exit status: 0 finished; 1 a defect, or a backup that a check found to be of another key; 2 when the flags or the
 * answers are not valid, or somebody would have to type something, such as an MFA code; 3 stopped after a problem, or finished with
 * a problem that is left; 128 plus the number of a signal that stopped the run.
 */
export async function run(
  answersPath: string | undefined,
  options: RunOptions,
  { stdout, stderr, signal }: Io,
): Promise<number> {
  const redact = options.redact === true ? await openRedaction(options.workdir) : (line: string) => line;
  const say = (line: string) => stderr.write(`${printableLines(redact(line))}\n`);
  if (options.redact === true && options.json === true) {
    say('keyferry: --json gives what --redact hides; use one of them.');
    return 2;
  }
  const end = (outcome: RunOutcome) => {
    if (options.json === true) printOutcome(outcome, stdout);
    return outcome.exit;
  };
  if (options.example !== undefined) return printExample(options, { stdout, say });
  if (answersPath === undefined) {
    const exampleCommand = `${ownCommand('run', '--example')} > answers.yaml`;
    say(`keyferry: run needs a file of answers. Make one: ${exampleCommand}`);
    return end(
      cannotStart(null, {
        code: 'AnswersMissing',
        what: 'run needs a file of answers.',
        next: [`Make one: ${exampleCommand}`],
      }),
    );
  }
  const place = options.workdir === undefined ? options : { ...options, workdir: resolve(options.workdir) };
  const readRun = () => {
    const given = readAnswersFile(answersPath);
    try {
      return plannedRunOf(given, options, place);
    } catch (error) {
      // A refusal may come from the answers that were not read.
      if (given.notRead === undefined) throw error;
      throw partlyReadError(given.path, given.notRead, error instanceof AnswersError ? error.findings : []);
    }
  };
  return runGiven(firstCeremony(options), readRun, place, { options, stdout, say, redact, signal });
}

/** Gives the ceremony that the answers are for, its folder, and its key where that counts before the first step. */
function plannedRunOf(given: GivenAnswers, options: RunOptions, place: PlaceOptions): PlannedRun {
  const ceremony = ceremonyOfAnswers(given, options);
  // An encryption may use another key than the one of its folder, so it must know the key before its first step.
  const key = ceremony.id === encrypt.id ? keyInAnswers(ceremony, given) : undefined;
  return { given, ceremony, folder: folderOf(ceremony, given, place), key };
}

/** Gives the name of the KMS key in the answers for a later ceremony; `undefined` when they name none. */
function keyInAnswers({ startsFrom }: KeyferryCeremony, given: GivenAnswers): string | undefined {
  const key = startsFrom.from === 'recorded' ? given.steps.get('find-key')?.answers.get('key')?.answer : undefined;
  return typeof key === 'string' ? key : undefined;
}

/**
 * Gives the ceremony that an answers file names. A file that names none is for a first import.
 * @throws AnswersError for an unknown name.
 */
function ceremonyOfAnswers({ path, ceremony }: GivenAnswers, options: RunOptions): KeyferryCeremony {
  if (ceremony === undefined) return firstCeremony(options);
  const { id, line } = ceremony;
  const named = ceremonyNamed(id, options);
  if (named === undefined) throw new AnswersError(path, [{ line, says: `ceremony: ${unknownCeremonyWords(id)}` }]);
  return named;
}

/** Finds a ceremony by its id; `undefined` when there is none. A first import is in the form that the flags choose. */
function ceremonyNamed(id: string, options: RunOptions): KeyferryCeremony | undefined {
  const found = ceremonies.find((each) => each.id === id);
  return found === firstCeremony() ? firstCeremony(options) : found;
}

/** Says that there is no ceremony with this id, and which there are. */
function unknownCeremonyWords(id: string): string {
  return `There is no ceremony "${id}". Known: ${ceremonies.map((each) => each.id).join(', ')}.`;
}

/** Prints the example of an answers file that `--example` asks for. Gives the exit status. */
function printExample(options: RunOptions, { stdout, say }: Pick<Io, 'stdout'> & Pick<Telling, 'say'>): number {
  const id = typeof options.example === 'string' ? options.example : firstCeremony().id;
  const ceremony = ceremonyNamed(id, options);
  if (ceremony?.example !== undefined) {
    stdout.write(ceremony.example);
    return 0;
  }
  say(`keyferry: ${ceremony === undefined ? unknownCeremonyWords(id) : `${ceremony.id} has no answers file.`}`);
  return 2;
}

/**
 * Gives the folder of the ceremony. {@link encryptFolder} or {@link laterFolder} chooses that of a later ceremony. For a ceremony
 * that brings a key it is `workdir`; else, for an existing key, the folder of an earlier import into that key; else, for a first
 * import with an alias in the answers, a folder with the name of the alias, so that the same command finds it again; else a new
 * folder.
 */
function folderOf(ceremony: KeyferryCeremony, given: GivenAnswers, place: PlaceOptions): string {
  const { id, startsFrom } = ceremony;
  const key = keyInAnswers(ceremony, given);
  if (startsFrom.from === 'recorded')
    return id === encrypt.id ? encryptFolder(place, key) : laterFolder(id, place, key);
  if (place.workdir !== undefined) return place.workdir;
  const existingKey = given.steps.get('existing-key')?.answers.get('key')?.answer;
  if (existingKey !== undefined) return findFolderOfKey(existingKey) ?? newFolder(place);
  const alias = givenAlias(given)?.alias;
  return alias === undefined ? newFolder(place) : resolve(folderName(alias));
}
