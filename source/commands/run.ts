import { resolve } from 'node:path';
import { firstCeremony } from '../ceremonies/all.ts';
import { exampleAnswers } from '../ceremonies/first-import/example.ts';
import { saveRunbook } from '../ceremonies/first-import/save-runbook.ts';
import { factsOf, problemIn } from '../ceremony/ceremony.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import type { Problem } from '../ceremony/problem.ts';
import { withAliasPrefix } from '../steps/describe-key.ts';
import type { Facts } from '../steps/facts.ts';
import { folderName } from '../steps/file-names.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { printableJson, printableLines } from '../terminal/printable.ts';
import type { Redact } from '../terminal/redaction.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { AnswersError, type GivenAnswers, readAnswersFile } from '../ui/unattended/answers-file.ts';
import { rehearse } from '../ui/unattended/rehearsal.ts';
import { secretFilesIn } from '../ui/unattended/secret-file.ts';
import { conductUnattended, type Telling } from './conduct.ts';
import { explain, newFolder, type OpenedCeremony, openCeremony, type PlaceOptions } from './open-ceremony.ts';
import { openRedaction } from './open-interface.ts';
import { type Outcome, unfinishedOutcome } from './outcome.ts';
import { statusOf } from './until-stopped.ts';

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
  if (options.redact === true && options.json === true) {
    say('keyferry: --json gives what --redact hides; use one of them.');
    return 2;
  }
  const end = (outcome: Outcome) => {
    if (options.json === true) stdout.write(`${printableJson(JSON.stringify(outcome, undefined, 2))}\n`);
    return outcome.exit;
  };
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
  const ceremony = firstCeremony(options);
  try {
    const given = readAnswersFile(answersPath);
    const opened = await openCeremony(ceremony, folderOf(given, place), place);
    try {
      return end(await runOpened(ceremony, opened, given, { options, show, say, redact, signal }));
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof AnswersError) return end(tellFindings(ceremony.id, error, say, 'nothing was created.'));
    if (signal.aborted) {
      end(
        unfinishedOutcome('interrupted', statusOf(signal), {
          ceremony: ceremony.id,
          ...(place.workdir === undefined ? {} : { workdir: place.workdir }),
        }),
      );
      throw error;
    }
    const problem = problemIn(error) ?? explain(error);
    for (const line of problemLines(problem)) say(line);
    return end(unfinishedOutcome('stopped', 3, { ceremony: ceremony.id, problem }));
  }
}

async function runOpened(
  ceremony: KeyferryCeremony,
  opened: OpenedCeremony,
  given: GivenAnswers,
  {
    options,
    redact,
    ...telling
  }: Telling & { readonly options: RunOptions; readonly redact: Redact; readonly signal: AbortSignal },
): Promise<Outcome> {
  const { services } = opened;
  const { journal, folder } = services;
  const made = journal.state.done.size > 1;
  // Names that answers give are known before the first line tells of them.
  for (const { answers } of given.steps.values())
    for (const { answer } of answers.values()) for (const text of [answer].flat()) redact(String(text));
  // They must not be uploaded, and are known before any answer is checked.
  for (const path of secretFilesIn(given)) services.secrets.files.add(path);
  try {
    refuseOtherAlias(given, factsOf<Facts>(journal), folder.shown);
    rehearse(ceremony.steps, given, services, factsOf<Facts>(journal));
    const outcome = await conductUnattended(ceremony, opened, given, telling);
    if (options.runbook === true && outcome.ended === 'finished')
      telling.say(saveRunbook(ceremony.steps, factsOf<Facts>(journal), services));
    return outcome;
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error;
    const state = made ? `nothing more was created; ${folder.shown} is as it was.` : 'nothing was created.';
    return tellFindings(ceremony.id, error, telling.say, state);
  }
}

function tellFindings(ceremony: string, { path, findings }: AnswersError, say: Telling['say'], state: string): Outcome {
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

function cannotStart(ceremony: string | null, problem: Omit<Problem, 'kind'>): Outcome {
  return unfinishedOutcome('cannot-start', 2, { ceremony, problem: { kind: 'fixable', ...problem } });
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
