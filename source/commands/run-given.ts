import { saveRunbook } from '../ceremonies/first-import/save-runbook.ts';
import { factsOf } from '../ceremony/ceremony.ts';
import { type Problem, problemIn } from '../ceremony/problem.ts';
import { withAliasPrefix } from '../steps/alias-name.ts';
import type { Facts } from '../steps/facts.ts';
import { lockQuestion } from '../steps/lock-consent.ts';
import type { KeyferryCeremony, Services } from '../steps/services.ts';
import { trustQuestion } from '../steps/trusted-endpoint.ts';
import { printableLines } from '../terminal/printable.ts';
import type { Redact } from '../terminal/redaction.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { AnswersError, findingWords, type GivenAnswers } from '../ui/unattended/given-answers.ts';
import { rehearse } from '../ui/unattended/rehearsal.ts';
import { secretFilesIn } from '../ui/unattended/secret-file.ts';
import { conductUnattended, type Telling } from './conduct.ts';
import { findOtherKey } from './folder-of-key.ts';
import { explain, type OpenedCeremony, openCeremony, type PlaceOptions } from './open-ceremony.ts';
import { printOutcome, type RunOutcome, unfinishedOutcome } from './outcome.ts';
import { removeBeginning } from './remove-beginning.ts';
import { statusOf } from './until-stopped.ts';

/** A ceremony that will run unattended: its answers and its folder. */
export type PlannedRun = {
  readonly ceremony: KeyferryCeremony;
  readonly given: GivenAnswers;
  readonly folder: string;
  /** The name of the KMS key, when the command line or the answers name one before the ceremony is opened. */
  readonly key?: string | undefined;
};

/** The flags and functions that all parts of one run use. */
type RunContext = {
  readonly options: { readonly json?: boolean; readonly runbook?: boolean };
  readonly say: Telling['say'];
  readonly redact: Redact;
  readonly signal: AbortSignal;
};

/**
 * Runs a ceremony unattended with given answers. Prints how it ended: the last page, or with `--json` one object.
 * @param expected the ceremony that the outcome names when `read` fails.
 * @param read reads which ceremony to run and with which answers. It may throw AnswersError or ProblemError.
 * @returns the exit status.
 * @throws the reason of the signal when that stopped the run.
 */
export async function runGiven(
  expected: KeyferryCeremony,
  read: () => PlannedRun,
  place: PlaceOptions,
  { stdout, say, ...context }: RunContext & { readonly stdout: { write(text: string): unknown } },
): Promise<number> {
  const { options, redact, signal } = context;
  const show = (lines: readonly string[]) => {
    if (options.json !== true) stdout.write(`${printableLines(lines.map(redact).join('\n'))}\n`);
  };
  let isOver = false;
  // A call that is still running after the end must not print anything more.
  const tell = (line: string) => void (isOver || say(line));
  const outcome = await runAnswers(expected, read, place, { ...context, show, say: tell });
  isOver = true;
  if (options.json === true) printOutcome(outcome, stdout);
  if (outcome.ended === 'interrupted') signal.throwIfAborted();
  return outcome.exit;
}

/** Reads the answers, opens the ceremony and runs it. Does not throw: an error too gives an outcome. */
async function runAnswers(
  expected: KeyferryCeremony,
  read: () => PlannedRun,
  place: PlaceOptions,
  context: RunContext & Telling,
): Promise<RunOutcome> {
  const { say, signal } = context;
  let ceremony = expected;
  let services: Services | undefined;
  try {
    const planned = read();
    ceremony = planned.ceremony;
    const { given, folder, key } = planned;
    const opened = await openCeremony(ceremony, folder, { ...place, ...(key === undefined ? {} : { key }) });
    services = opened.services;
    const outcome = await runOpened(ceremony, opened, given, context).finally(opened.close);
    const hasBegun = services.journal.state.id !== undefined;
    const hasMistake = outcome.ended === 'cannot-start';
    // After a mistake in the answers, what was begun and has sent nothing is removed, so that the same command can begin anew. A
    // first import keeps its folder: the same command finds the folder by the name of the key, and goes on.
    if (hasMistake && hasBegun && ceremony.startsFrom.from !== 'new folder') removeBeginning(services);
    return signal.aborted && outcome.exit !== 0 ? interruptedOutcome(ceremony, services, signal) : outcome;
  } catch (error) {
    if (error instanceof AnswersError) return tellFindings(ceremony.id, error, say, 'nothing was created.');
    if (signal.aborted) return interruptedOutcome(ceremony, services, signal);
    const problem = problemIn(error) ?? explain(error);
    for (const line of problemLines(problem)) say(line);
    // An unexpected error outside of a step is a defect of this program.
    const [ended, exit] = problem.kind === 'ours' ? (['failed', 1] as const) : (['stopped', 3] as const);
    return unfinishedOutcome(ended, exit, { ceremony: ceremony.id, problem });
  }
}

/**
 * Gives the outcome of a run that a signal or a person stopped.
 * @param services undefined when the ceremony was not opened yet.
 */
function interruptedOutcome(
  { id }: KeyferryCeremony,
  services: Pick<Services, 'folder' | 'journal'> | undefined,
  signal: AbortSignal,
): RunOutcome {
  const { journal, folder } = services ?? {};
  return unfinishedOutcome('interrupted', statusOf(signal), {
    ceremony: id,
    ...(journal === undefined ? {} : { facts: factsOf<Facts>(journal) }),
    ...(folder === undefined ? {} : { workdir: folder.path }),
  });
}

/**
 * Checks all answers before the ceremony makes anything, and then runs the ceremony. When an answer is not accepted, prints why,
 * and gives the outcome of a run that could not begin. With `--runbook`, also writes the runbook of a finished ceremony that
 * brought a key.
 */
async function runOpened(
  ceremony: KeyferryCeremony,
  opened: OpenedCeremony,
  given: GivenAnswers,
  { options, redact, ...telling }: RunContext & Telling,
): Promise<RunOutcome> {
  const { services } = opened;
  const { journal, folder } = services;
  // The first step only connects, and makes nothing.
  const hasMadeAnything = journal.state.done.size > 1;
  // `redact` must see every name in the answers before a line with such a name is printed. An answer is one value or a list.
  for (const { answers } of given.steps.values())
    for (const { answer } of answers.values()) for (const text of [answer].flat()) redact(String(text));
  for (const host of answersTo(trustQuestion, given)) services.trusted.add(host);
  for (const bucket of answersTo(lockQuestion, given)) services.acceptedLocks.add(bucket);
  // The upload guard must know these files before any answer is checked.
  for (const path of secretFilesIn(given, folder)) services.secrets.files.add(path);
  try {
    refuseFolderOfOtherAlias(given, factsOf<Facts>(journal), folder.shown);
    refuseFolderOfOtherKey(given, folder);
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

/**
 * Prints the answers that Keyferry does not accept, each with the reason. Gives the outcome of a run that could not begin.
 * @param state says, as the rest of a line that begins with `keyferry:`, what exists now.
 */
function tellFindings(
  ceremony: string,
  { path, findings }: AnswersError,
  say: Telling['say'],
  state: string,
): RunOutcome {
  const lines = findings.map((finding) => findingWords(path, finding));
  for (const line of lines) say(`keyferry: ${line}`);
  say(`keyferry: ${state}`);
  return cannotStart(ceremony, {
    code: 'AnswersRefused',
    what: 'Keyferry does not accept these answers.',
    why: lines.join('\n'),
    state: `${state.charAt(0).toUpperCase()}${state.slice(1)}`,
    next: [
      path === '' ? 'Correct that, and run the command again.' : 'Correct these lines, and run the same command again.',
    ],
  });
}

/** Gives all names that the answers have for a question with this id. An answer is one name or a list of names. */
function answersTo(question: string, given: GivenAnswers): readonly string[] {
  return [...given.steps.values()].flatMap(({ answers }) => [answers.get(question)?.answer ?? []].flat().map(String));
}

/** Gives the outcome of a run that could not begin. @param ceremony its id, or null when no ceremony was chosen. */
export function cannotStart(ceremony: string | null, problem: Omit<Problem, 'kind'>): RunOutcome {
  return unfinishedOutcome('cannot-start', 2, { ceremony, problem: { kind: 'fixable', ...problem } });
}

/** Gives the alias in the answers for a first import, and its line in the file; `undefined` when the answers have no alias. */
export function givenAlias(given: GivenAnswers): { alias: string; line: number } | undefined {
  const aliasAnswer = given.steps.get('describe-key')?.answers.get('alias');
  if (typeof aliasAnswer?.answer !== 'string') return undefined;
  return { alias: withAliasPrefix(aliasAnswer.answer), line: aliasAnswer.line };
}

/**
 * Refuses a folder that holds the ceremony of another alias than the answers have. Without this check, the finished steps of the
 * other key would count for this one.
 * @throws AnswersError for such a folder.
 */
function refuseFolderOfOtherAlias(given: GivenAnswers, { description }: Facts, folder: string): void {
  const wanted = givenAlias(given);
  if (description === undefined || wanted === undefined || wanted.alias === description.alias) return;
  const says = `describe-key.alias: ${folder} holds the ceremony of ${description.alias}. Name another folder with --workdir.`;
  throw new AnswersError(given.path, [{ line: wanted.line, says }]);
}

/**
 * Refuses a folder that holds the import into another existing key than the answers name.
 * @throws AnswersError for such a folder.
 */
function refuseFolderOfOtherKey(given: GivenAnswers, { path, shown }: Services['folder']): void {
  const wanted = given.steps.get('existing-key')?.answers.get('key');
  const otherKey = wanted === undefined ? undefined : findOtherKey(path, wanted.answer);
  if (wanted === undefined || otherKey === undefined) return;
  const says = `existing-key.key: ${shown} holds the import into ${otherKey}. Name another folder with --workdir.`;
  throw new AnswersError(given.path, [{ line: wanted.line, says }]);
}
