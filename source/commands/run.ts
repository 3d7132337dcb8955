import { resolve } from 'node:path';
import { firstImport, firstImportFor } from '../ceremonies.ts';
import { factsOf, problemIn, runCeremony } from '../ceremony/ceremony.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { closingLines } from '../steps/closing-lines.ts';
import { withAliasPrefix } from '../steps/describe-key.ts';
import type { Facts } from '../steps/facts.ts';
import { folderName } from '../steps/file-names.ts';
import { problemOfKey, readKeyNow } from '../steps/key-now.ts';
import { stoppedSummaryOf, summaryOf } from '../steps/summary.ts';
import { printableJson, printableLines } from '../terminal/printable.ts';
import type { Redact } from '../terminal/redaction.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { AnswersError, type GivenAnswers, readAnswersFile } from '../ui/unattended/answers-file.ts';
import { exampleAnswers } from '../ui/unattended/example.ts';
import { rehearse } from '../ui/unattended/rehearsal.ts';
import { secretFilesIn } from '../ui/unattended/secret-file.ts';
import { unattended } from '../ui/unattended/unattended.ts';
import { explain, newFolder, type OpenedCeremony, openCeremony, type PlaceOptions } from './open-ceremony.ts';
import { openRedaction } from './open-interface.ts';
import { saveRunbook } from './save-runbook.ts';

export type RunOptions = PlaceOptions & {
  readonly json?: boolean;
  readonly example?: boolean;
  readonly runbook?: boolean;
  /** What the answers leave out is chosen as the article does. */
  readonly asInTheVideo?: boolean;
  /** Stand-ins in what is told of the run; its files keep the real names. */
  readonly redact?: boolean;
};

type Io = {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly signal: AbortSignal;
};

/**
 * Runs the first import unattended, with answers from a file; in a folder that holds an unfinished one, continues it.
 * @returns the exit status: 0 finished and the key is Enabled, 2 when the answers cannot be taken or an MFA code
 * would have to be typed, 3 stopped after a problem.
 */
export async function run(
  answersPath: string | undefined,
  options: RunOptions,
  { stdout, stderr, signal }: Io,
): Promise<number> {
  if (options.example === true) {
    stdout.write(exampleAnswers);
    return 0;
  }
  const redact = options.redact === true ? await openRedaction() : (line: string) => line;
  const say = (line: string) => stderr.write(`${printableLines(redact(line))}\n`);
  if (answersPath === undefined) {
    say(`keyferry: run needs a file of answers. Make one: ${ownCommand('run', '--example')} > answers.yaml`);
    return 2;
  }
  if (options.redact === true && options.json === true) {
    say('keyferry: --json gives what --redact hides; use one of them.');
    return 2;
  }
  const place = options.workdir === undefined ? options : { ...options, workdir: resolve(options.workdir) };
  const print = (result: object) => {
    if (options.json === true) stdout.write(`${printableJson(JSON.stringify(result, undefined, 2))}\n`);
  };
  try {
    const given = readAnswersFile(answersPath);
    const opened = await openCeremony(firstImport, folderOf(given, place), place);
    try {
      return await runOpened(opened, given, { options, stdout, say, print, redact, signal });
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof AnswersError) return tellFindings(error, { say, print }, 'nothing was created.');
    signal.throwIfAborted();
    const problem = problemIn(error) ?? explain(error);
    for (const line of problemLines(problem)) say(line);
    print(stoppedSummaryOf(problem));
    return 3;
  }
}

/** How the run is told: lines for people on standard error, and with --json one object on standard output. */
type Telling = { readonly say: (line: string) => void; readonly print: (result: object) => void };

async function runOpened(
  { services, begin, waiting, practiceWords }: OpenedCeremony,
  given: GivenAnswers,
  {
    options,
    stdout,
    say,
    print,
    redact,
    signal,
  }: Omit<Io, 'stderr'> & Telling & { readonly options: RunOptions; readonly redact: Redact },
): Promise<number> {
  const { journal, folder } = services;
  const made = journal.state.done.size > 1;
  // Names that answers give are known before the first line tells of them.
  for (const { answers } of given.steps.values())
    for (const { answer } of answers.values()) for (const text of [answer].flat()) redact(String(text));
  // They must not be uploaded, and are known before any answer is checked.
  for (const path of secretFilesIn(given)) services.secrets.files.add(path);
  try {
    refuseOtherAlias(given, factsOf<Facts>(journal), folder.shown);
    const ceremony = firstImportFor(options);
    rehearse(ceremony.steps, given, services, factsOf<Facts>(journal));
    const interviewer = unattended(ceremony.steps, given, { say });
    const parts = { ceremony, journal, services, begin, waiting, interviewer, explain, signal };
    const ending = await runCeremony(parts);
    if (ending.ended === 'stopped') {
      say(`keyferry: stopped; everything so far is saved in ${folder.shown}. Run the same command again to continue.`);
      print(stoppedSummaryOf(ending.problem, ending.facts, folder.path));
      // As with an answer that is missing: it is the command that has to change.
      return ending.problem.ask === undefined ? 3 : 2;
    }
    if (options.runbook === true) say(saveRunbook(ending.facts, services));
    const now = await readKeyNow(ending.facts, services);
    print(summaryOf(ending.facts, now, services));
    if (options.json !== true)
      stdout.write(`${printableLines(closingLines(ending.facts, now, services).map(redact).join('\n'))}\n`);
    for (const line of practiceWords()) say(line);
    const problem = problemOfKey(ending.facts, now, services);
    if (problem === undefined) return 0;
    for (const line of problemLines(problem)) say(line);
    return 3;
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error;
    return tellFindings(
      error,
      { say, print },
      made ? `nothing more was created; ${folder.shown} is as it was.` : 'nothing was created.',
    );
  }
}

function tellFindings({ path, findings }: AnswersError, { say, print }: Telling, state: string): number {
  const lines = findings.map(({ line, says }) => `${path}:${line}: ${says}`);
  for (const line of lines) say(`keyferry: ${line}`);
  say(`keyferry: ${state}`);
  print(
    stoppedSummaryOf({
      kind: 'fixable',
      what: 'The answers cannot be taken.',
      code: 'AnswersRefused',
      why: lines.join('\n'),
      state: `${state.charAt(0).toUpperCase()}${state.slice(1)}`,
      next: ['Correct these lines, and run the same command again.'],
    }),
  );
  return 2;
}

function givenAlias(given: GivenAnswers): { alias: string; line: number } | undefined {
  const found = given.steps.get('describe-key')?.answers.get('alias');
  return typeof found?.answer === 'string' ? { alias: withAliasPrefix(found.answer), line: found.line } : undefined;
}

/** Without --workdir the alias names the folder from the start, so that the same command finds it again. */
function folderOf(given: GivenAnswers, place: PlaceOptions): string {
  const found = givenAlias(given);
  return place.workdir !== undefined || found === undefined ? newFolder(place) : resolve(folderName(found.alias));
}

/** A folder holds one ceremony; another key's answers would otherwise be taken for done. */
function refuseOtherAlias(given: GivenAnswers, { description }: Facts, folder: string): void {
  const found = givenAlias(given);
  if (description === undefined || found === undefined || found.alias === description.alias) return;
  const says = `describe-key.alias: ${folder} holds the ceremony of ${description.alias}. Name another folder with --workdir.`;
  throw new AnswersError(given.path, [{ line: found.line, says }]);
}
