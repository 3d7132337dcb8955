import { existsSync, renameSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { checkBackup as checkCeremony } from '../ceremonies.ts';
import { type Ceremony, factsOf, problemIn, runCeremony } from '../ceremony/ceremony.ts';
import type { Interviewer } from '../ceremony/interviewer.ts';
import { Journal } from '../ceremony/journal.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { orStopped } from '../ceremony/stopping.ts';
import { checkClosing } from '../steps/check-closing.ts';
import { type Facts, isPractice } from '../steps/facts.ts';
import type { Services } from '../steps/services.ts';
import { settleEnvironment } from '../terminal/colour.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { AnswersError, type GivenAnswer, type GivenAnswers } from '../ui/unattended/answers-file.ts';
import { unattended } from '../ui/unattended/unattended.ts';
import { explain, journalFile, type OpenedCeremony, openCeremony, type PlaceOptions } from './open-ceremony.ts';
import { type InterfaceOptions, openInterface } from './open-interface.ts';

export type CheckOptions = InterfaceOptions & {
  readonly passphraseFile?: string;
  readonly identity?: string;
  readonly yes?: boolean;
};

const checkJournal = 'check-backup.jsonl';

const say = (line: string) => process.stderr.write(`${printableLines(line)}\n`);

/**
 * Lets KMS say whether a backup is the key of a finished ceremony: on the screen, or unattended where flags answer.
 * @returns the exit status: 0 the same key, 1 another key, 2 cannot start, 3 stopped after a problem, 130 stopped by the
 * person.
 */
export async function checkBackup(
  file: string | undefined,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<number> {
  try {
    const folder = folderOf(file, options);
    const recorded = recordedIn(folder);
    const ceremony = checkCeremony(recorded, file ?? backupIn(recorded, folder));
    setAsideUnsent(folder);
    const opened = await openCeremony(ceremony, folder, options, checkJournal);
    const ending = await (answeredByFlags(options)
      ? runUnattended(ceremony, opened, options, signal)
      : runOnScreen(ceremony, opened, {
          ...options,
          practice: recorded.connection !== undefined && isPractice(recorded.connection),
        })
    ).finally(opened.close);
    if (typeof ending === 'number') return ending;
    setAside(folder);
    return ending.answer?.same === true ? 0 : 1;
  } catch (error) {
    if (error instanceof AnswersError) {
      for (const { says } of error.findings) say(`keyferry: ${says}`);
      return 2;
    }
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    for (const line of problemLines(problem)) say(line);
    return 2;
  }
}

/** The folder named; or the file's own, or the current one, where a ceremony is. */
function folderOf(file: string | undefined, { workdir }: PlaceOptions): string {
  if (workdir !== undefined) return resolve(workdir);
  const near = [...(file === undefined ? [] : [dirname(resolve(file))]), process.cwd()];
  const found = near.find((path) => existsSync(join(path, journalFile)));
  if (found !== undefined) return found;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't tell which key the backup belongs to.",
    why: `There is no ${journalFile} ${file === undefined ? 'here' : 'beside the backup'}.`,
    state: 'Nothing was sent or changed.',
    next: [
      `Name the ceremony's folder, or a copy of it: ${ownCommand('check-backup', ...(file === undefined ? [] : [file]), '--workdir', 'FOLDER')}`,
    ],
  });
}

function recordedIn(folder: string): Facts {
  const recorded = factsOf<Facts>(new Journal(join(folder, journalFile)));
  if (recorded.imported !== undefined) return recorded;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't check a backup here.",
    why: `The ceremony in ${folder} has imported nothing yet.`,
    state: 'Nothing was sent or changed.',
    next: [`Finish it first: ${ownCommand('--workdir', relative(process.cwd(), folder) || '.')}`],
  });
}

function backupIn({ backup }: Facts, folder: string): string {
  if (backup !== undefined && backup.by !== 'declined') return join(folder, backup.file);
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't check a backup: none was made in this ceremony.",
    state: 'Nothing was sent or changed.',
    next: [`Name the file: ${ownCommand('check-backup', 'FILE', '--workdir', relative(process.cwd(), folder) || '.')}`],
  });
}

const answeredByFlags = ({ passphraseFile, identity, yes, plain }: CheckOptions) =>
  passphraseFile !== undefined || identity !== undefined || yes === true || (plain !== true && !process.stdout.isTTY);

type Ended = Facts | number;

async function runUnattended(
  ceremony: Ceremony<Facts, Services>,
  opened: OpenedCeremony,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<Ended> {
  if (options.yes !== true) {
    say('keyferry: the check imports the same material again. Without a screen, say --yes to that.');
    return 2;
  }
  const ended = await run(ceremony, opened, unattended(ceremony.steps, givenBy(options), { say }), signal);
  if (typeof ended === 'number') say('keyferry: stopped. Run the same command again.');
  else process.stdout.write(`${printableLines(checkClosing(ended).join('\n'))}\n`);
  return ended;
}

function givenBy({ passphraseFile, identity }: CheckOptions): GivenAnswers {
  const answers = new Map<string, GivenAnswer>([['proceed', { answer: 'import', line: 1 }]]);
  if (passphraseFile !== undefined) answers.set('passphrase-file', { answer: passphraseFile, line: 1 });
  if (identity !== undefined) answers.set('identity', { answer: identity, line: 1 });
  return { path: 'keyferry check-backup', steps: new Map([['re-import', { line: 1, answers }]]) };
}

async function runOnScreen(
  ceremony: Ceremony<Facts, Services>,
  opened: OpenedCeremony,
  options: InterfaceOptions,
): Promise<Ended> {
  const { env, stdin, stdout } = process;
  const terminal = readTerminal({ env, stdin, stdout });
  settleEnvironment(env, terminal);
  const stop = new AbortController();
  const onStop = () => stop.abort(new Error('stopped by the person'));
  const screen = await openInterface(options, terminal, { onStop, onHangup: () => [] }, ceremony);
  let words: readonly string[] = ['Stopped. Start the check again when you like.'];
  try {
    const ended = await run(ceremony, opened, screen.interviewer, stop.signal);
    if (typeof ended !== 'number') {
      words = checkClosing(ended);
      await orStopped(screen.closing({ title: 'Backup checked', lines: words }), stop.signal);
    }
    return ended;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return stoppedByPerson;
  } finally {
    await screen.close(words);
  }
}

async function run(
  ceremony: Ceremony<Facts, Services>,
  { services, begin, waiting }: OpenedCeremony,
  interviewer: Interviewer<Facts, Services>,
  signal: AbortSignal,
): Promise<Ended> {
  const { journal } = services;
  const ending = await runCeremony({ ceremony, journal, services, waiting, begin, interviewer, explain, signal });
  return ending.ended === 'stopped' ? 3 : ending.facts;
}

/** A check that was stopped before it sent anything is begun anew; one that may have enabled the key goes on. */
function setAsideUnsent(folder: string): void {
  const path = join(folder, checkJournal);
  if (existsSync(path) && new Journal(path).state.attempts.size === 0) setAside(folder);
}

/** The journal of a check that has ended gets the time as a part of its name, so that the next check begins another. */
function setAside(folder: string): void {
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
  renameSync(join(folder, checkJournal), join(folder, `${basename(checkJournal, '.jsonl')}-${stamp}.jsonl`));
}
