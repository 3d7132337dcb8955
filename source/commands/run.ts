import { resolve } from 'node:path';
import { ceremonies, firstCeremony } from '../ceremonies/all.ts';
import { saveRunbook } from '../ceremonies/first-import/save-runbook.ts';
import { factsOf } from '../ceremony/ceremony.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { type Problem, problemIn } from '../ceremony/problem.ts';
import { withAliasPrefix } from '../steps/describe-key.ts';
import type { Facts } from '../steps/facts.ts';
import { folderName } from '../steps/file-names.ts';
import type { KeyferryCeremony, Services } from '../steps/services.ts';
import { printableLines } from '../terminal/printable.ts';
import type { Redact } from '../terminal/redaction.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { AnswersError, type GivenAnswers, readAnswersFile } from '../ui/unattended/answers-file.ts';
import { rehearse } from '../ui/unattended/rehearsal.ts';
import { secretFilesIn } from '../ui/unattended/secret-file.ts';
import { conductUnattended, type Telling } from './conduct.ts';
import { findFolderOfKey, findOtherKey } from './folder-of-key.ts';
import { laterFolder } from './later-folder.ts';
import { explain, newFolder, type OpenedCeremony, openCeremony, type PlaceOptions } from './open-ceremony.ts';
import { openRedaction } from './open-interface.ts';
import { printOutcome, type RunOutcome, unfinishedOutcome } from './outcome.ts';
import { statusOf } from './until-stopped.ts';

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

type Io = {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly signal: AbortSignal;
};

/** What the functions of one run share. */
type RunContext = Telling & { readonly options: RunOptions; readonly redact: Redact; readonly signal: AbortSignal };

/**
 * Runs a ceremony unattended, with answers from a file. Continues it when the folder holds such an unfinished ceremony.
 * @returns the exit status: 0 finished and the key is Enabled, 1 a defect, 2 when the answers are not valid or a person would
 * have to type an MFA code, 3 stopped after a problem, and 128 plus the number of a signal that stopped the run.
 */
export async function run(
  answersPath: string | undefined,
  options: RunOptions,
  { stdout, stderr, signal }: Io,
): Promise<number> {
  const redact = options.redact === true ? await openRedaction() : (line: string) => line;
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
    const make = `${ownCommand('run', '--example')} > answers.yaml`;
    say(`keyferry: run needs a file of answers. Make one: ${make}`);
    return end(
      cannotStart(null, { code: 'AnswersMissing', what: 'run needs a file of answers.', next: [`Make one: ${make}`] }),
    );
  }
  const place = options.workdir === undefined ? options : { ...options, workdir: resolve(options.workdir) };
  const show = (lines: readonly string[]) => {
    if (options.json !== true) stdout.write(`${printableLines(lines.map(redact).join('\n'))}\n`);
  };
  let isOver = false;
  // A call that is still running after the end must not print anything more.
  const tell = (line: string) => void (isOver || say(line));
  const outcome = await runAnswers(answersPath, place, { options, show, say: tell, redact, signal });
  isOver = true;
  const status = end(outcome);
  if (outcome.ended === 'interrupted') signal.throwIfAborted();
  return status;
}

async function runAnswers(answersPath: string, place: PlaceOptions, context: RunContext): Promise<RunOutcome> {
  const { options, say, signal } = context;
  let ceremony = firstCeremony(options);
  let where: Pick<Services, 'folder' | 'journal'> | undefined;
  try {
    const given = readAnswersFile(answersPath);
    ceremony = ceremonyFor(given, options);
    const opened = await openCeremony(ceremony, folderOf(ceremony, given, place), place);
    where = opened.services;
    const outcome = await runOpened(ceremony, opened, given, context).finally(opened.close);
    return signal.aborted && outcome.exit !== 0 ? interruptedOutcome(ceremony, where, signal) : outcome;
  } catch (error) {
    if (error instanceof AnswersError) return tellFindings(ceremony.id, error, say, 'nothing was created.');
    if (signal.aborted) return interruptedOutcome(ceremony, where, signal);
    const problem = problemIn(error) ?? explain(error);
    for (const line of problemLines(problem)) say(line);
    // An unexpected error outside of a step is a defect of this program.
    const [ended, exit] = problem.kind === 'ours' ? (['failed', 1] as const) : (['stopped', 3] as const);
    return unfinishedOutcome(ended, exit, { ceremony: ceremony.id, problem });
  }
}

/** Gives the outcome of a run that a signal or a person stopped. @param where undefined before the ceremony was opened. */
function interruptedOutcome(
  { id }: KeyferryCeremony,
  where: Pick<Services, 'folder' | 'journal'> | undefined,
  signal: AbortSignal,
): RunOutcome {
  const known = where === undefined ? {} : { facts: factsOf<Facts>(where.journal), workdir: where.folder.path };
  return unfinishedOutcome('interrupted', statusOf(signal), { ceremony: id, ...known });
}

/** Checks all answers against an opened ceremony before anything is made, and then runs the ceremony. */
async function runOpened(
  ceremony: KeyferryCeremony,
  opened: OpenedCeremony,
  given: GivenAnswers,
  { options, redact, ...telling }: RunContext,
): Promise<RunOutcome> {
  const { services } = opened;
  const { journal, folder } = services;
  const hasMadeAnything = journal.state.done.size > 1;
  // `redact` learns every name in the answers before a line with such a name is printed.
  for (const { answers } of given.steps.values())
    for (const { answer } of answers.values()) for (const text of [answer].flat()) redact(String(text));
  // The upload guard must know these files before any answer is checked.
  for (const path of secretFilesIn(given, folder)) services.secrets.files.add(path);
  try {
    refuseOtherAlias(given, factsOf<Facts>(journal), folder.shown);
    refuseOtherKey(given, folder);
    rehearse(ceremony.steps, given, services, factsOf<Facts>(journal));
    const outcome = await conductUnattended(ceremony, opened, given, telling);
    if (options.runbook === true && ceremony.startsFrom.from === 'new folder' && outcome.ended === 'finished')
      telling.say(saveRunbook(ceremony.steps, factsOf<Facts>(journal), services));
    return outcome;
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error;
    const state = hasMadeAnything ? `nothing more was created; ${folder.shown} is as it was.` : 'nothing was created.';
    return tellFindings(ceremony.id, error, telling.say, state);
  }
}

function tellFindings(
  ceremony: string,
  { path, findings }: AnswersError,
  say: Telling['say'],
  state: string,
): RunOutcome {
  const lines = findings.map(({ line, says }) => `${path}:${line}: ${says}`);
  for (const line of lines) say(`keyferry: ${line}`);
  say(`keyferry: ${state}`);
  return cannotStart(ceremony, {
    code: 'AnswersRefused',
    what: 'The answers cannot be taken.',
    why: lines.join('\n'),
    state: `${state.charAt(0).toUpperCase()}${state.slice(1)}`,
    next: ['Correct these lines, and run the same command again.'],
  });
}

/**
 * Gives the ceremony that an answers file names, else the first import.
 * @throws AnswersError for an unknown name.
 */
function ceremonyFor({ path, ceremony }: GivenAnswers, options: RunOptions): KeyferryCeremony {
  if (ceremony === undefined) return firstCeremony(options);
  const { id, line } = ceremony;
  const found = ceremonyNamed(id, options);
  if (found === undefined) throw new AnswersError(path, [{ line, says: `ceremony: ${unknownCeremony(id)}` }]);
  return found;
}

/** Finds a ceremony by its id; `undefined` when there is none. */
function ceremonyNamed(id: string, options: RunOptions): KeyferryCeremony | undefined {
  const found = ceremonies.find((each) => each.id === id);
  return found === firstCeremony() ? firstCeremony(options) : found;
}

function unknownCeremony(id: string): string {
  return `There is no ceremony "${id}". Known: ${ceremonies.map((each) => each.id).join(', ')}.`;
}

function printExample(options: RunOptions, { stdout, say }: Pick<Io, 'stdout'> & Pick<Telling, 'say'>): number {
  const id = typeof options.example === 'string' ? options.example : firstCeremony().id;
  const ceremony = ceremonyNamed(id, options);
  if (ceremony?.example !== undefined) {
    stdout.write(ceremony.example);
    return 0;
  }
  say(`keyferry: ${ceremony === undefined ? unknownCeremony(id) : `${ceremony.id} has no answers file.`}`);
  return 2;
}

function cannotStart(ceremony: string | null, problem: Omit<Problem, 'kind'>): RunOutcome {
  return unfinishedOutcome('cannot-start', 2, { ceremony, problem: { kind: 'fixable', ...problem } });
}

function givenAlias(given: GivenAnswers): { alias: string; line: number } | undefined {
  const found = given.steps.get('describe-key')?.answers.get('alias');
  return typeof found?.answer === 'string' ? { alias: withAliasPrefix(found.answer), line: found.line } : undefined;
}

/**
 * Gives the folder of the ceremony. Without --workdir, the folder of a first import gets its name from the alias at once,
 * so that the same command finds it again.
 */
function folderOf({ id, startsFrom }: KeyferryCeremony, given: GivenAnswers, place: PlaceOptions): string {
  if (startsFrom.from === 'recorded')
    return laterFolder(id, place, given.steps.get('find-key')?.answers.get('key')?.answer);
  const existing = given.steps.get('existing-key')?.answers.get('key')?.answer;
  if (place.workdir === undefined && existing !== undefined) return findFolderOfKey(existing) ?? newFolder(place);
  const found = givenAlias(given);
  return place.workdir !== undefined || found === undefined ? newFolder(place) : resolve(folderName(found.alias));
}

/**
 * Refuses answers with another alias than that of the ceremony in the folder: else its finished steps would count for
 * another key.
 * @throws AnswersError.
 */
function refuseOtherAlias(given: GivenAnswers, { description }: Facts, folder: string): void {
  const found = givenAlias(given);
  if (description === undefined || found === undefined || found.alias === description.alias) return;
  const says = `describe-key.alias: ${folder} holds the ceremony of ${description.alias}. Name another folder with --workdir.`;
  throw new AnswersError(given.path, [{ line: found.line, says }]);
}

/** The same of a folder whose ceremony imports into a key that was there already. */
function refuseOtherKey(given: GivenAnswers, { path, shown }: Services['folder']): void {
  const found = given.steps.get('existing-key')?.answers.get('key');
  const other = found === undefined ? undefined : findOtherKey(path, found.answer);
  if (found === undefined || other === undefined) return;
  const says = `existing-key.key: ${shown} holds the import into ${other}. Name another folder with --workdir.`;
  throw new AnswersError(given.path, [{ line: found.line, says }]);
}
