import { dirname, resolve } from 'node:path';
import { ceremonyOf } from '../ceremonies/all.ts';
import { isBegunIn, journalFile } from '../ceremonies/journal-names.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError, problemIn } from '../ceremony/problem.ts';
import { pathWord } from '../ceremony/shell-word.ts';
import { expandHome } from '../disk/home.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { AnswersError, type GivenAnswer, type GivenAnswers } from '../ui/unattended/given-answers.ts';
import { conductOnScreen, conductUnattended } from './conduct.ts';
import { type OpenedCeremony, openCeremony, type PlaceOptions } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';
import { printOutcome, type RunOutcome, unfinishedOutcome } from './outcome.ts';
import { cannotStart } from './run-given.ts';
import { statusOf } from './until-stopped.ts';

/** The flags of the command. */
export type CheckOptions = InterfaceOptions & {
  /** The path of a file with the passphrase of the backup. */
  readonly passphraseFile?: string;
  /** The path of an age identity file that opens the backup. */
  readonly identity?: string;
  /** Import the material again without asking. */
  readonly yes?: boolean;
  /** Compare the backup with the record, and ask AWS nothing. */
  readonly offline?: boolean;
  readonly json?: boolean;
};

const say = (line: string) => process.stderr.write(`${printableLines(line)}\n`);

/**
 * Lets KMS say whether a backup holds the material of a key; with `--offline`, compares the backup with the record. Asks on the
 * screen or line by line, or runs unattended: see {@link isUnattended}. Unattended, KMS is asked only with `--yes`.
 * @param file the path of the backup; without it, the backup that the ceremony made.
 * @returns the exit status: 0 the same key, 1 another key, 2 cannot start or somebody would have to type something, 3 stopped after
 * a problem, or the same key with another expiry after the check, 130 stopped by the person.
 * @throws the reason of the signal when that stopped the check.
 */
export async function checkBackup(
  file: string | undefined,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<number> {
  const ceremony = ceremonyOf(options.offline === true ? 'check-backup-offline' : 'check-backup');
  const end = (outcome: RunOutcome) => {
    if (options.json === true) printOutcome(outcome, process.stdout);
    return outcome.exit;
  };
  try {
    const folder = folderOf(file, options);
    const place = { ...options, ...(file === undefined ? {} : { backup: file }) };
    if (!isUnattended(options)) {
      const continueCommand = ownCommand('check-backup', ...checkWords(file, options), ...workdirWords(folder));
      return await conductOnScreen(ceremony, { folder, options: place, continueCommand });
    }
    if (options.yes !== true && options.offline !== true) {
      const what = 'The check imports the same material again. Without a screen, say --yes to that.';
      const next = ['Say --yes.', 'Or compare with the record alone: --offline'];
      say(`keyferry: the check imports the same material again. Without a screen, say --yes to that, or --offline.`);
      return end(cannotStart(ceremony.id, { code: 'ConsentMissing', what, next }));
    }
    const opened = await openCeremony(ceremony, folder, place);
    return end(await conductWithFlags(ceremony, opened, options, signal).finally(opened.close));
  } catch (error) {
    if (signal.aborted && options.json === true) {
      end(unfinishedOutcome('interrupted', statusOf(signal), { ceremony: ceremony.id }));
      throw error;
    }
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    for (const line of problemLines(problem)) say(line);
    return end(cannotStart(ceremony.id, problem));
  }
}

/**
 * Runs the ceremony with the answers that the flags give. Prints the page with which it ends, but not with `--json`. When a flag
 * is wrong, says why, and gives the outcome of a ceremony that could not start.
 */
async function conductWithFlags(
  ceremony: KeyferryCeremony,
  opened: OpenedCeremony,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const showLastPage = (lines: readonly string[]) => {
    if (options.json !== true) process.stdout.write(`${printableLines(lines.join('\n'))}\n`);
  };
  try {
    return await conductUnattended(ceremony, opened, answersFromFlags(options), { say, show: showLastPage, signal });
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error;
    const lines = error.findings.map(({ says }) => says);
    for (const line of lines) say(`keyferry: ${line}`);
    const what = 'Keyferry does not accept these flags.';
    return cannotStart(ceremony.id, { code: 'AnswersRefused', what, why: lines.join('\n'), next: ['Correct them.'] });
  }
}

/** Gives the words of a command line that name the backup and the kind of check. */
function checkWords(file: string | undefined, { offline }: CheckOptions): readonly string[] {
  return [...(file === undefined ? [] : [pathWord(file)]), ...(offline === true ? ['--offline'] : [])];
}

/**
 * Gives the folder of the ceremony that made the key: `workdir`; without it, the folder of the backup, or else the current
 * folder, whichever has a journal first.
 * @throws ProblemError when neither of them has a journal.
 */
function folderOf(file: string | undefined, options: PlaceOptions & CheckOptions): string {
  const { workdir } = options;
  if (workdir !== undefined) return resolve(workdir);
  const candidates = [...(file === undefined ? [] : [dirname(resolve(file))]), process.cwd()];
  const withJournal = candidates.find(isBegunIn);
  if (withJournal !== undefined) return withJournal;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't tell which key the backup belongs to.",
    why: `There is no ${journalFile} ${file === undefined ? 'here' : 'beside the backup'}.`,
    state: 'Nothing was sent or changed.',
    next: [
      `Name the ceremony's folder, or a copy of it: ${ownCommand('check-backup', ...checkWords(file, options), '--workdir', 'FOLDER')}`,
    ],
  });
}

/**
 * Tells whether the check runs without asking. It does when a flag gives an answer, with `--json`, and without a terminal unless
 * the person asked for `--plain`.
 */
function isUnattended({ passphraseFile, identity, yes, json, plain }: CheckOptions): boolean {
  const { env, stdin, stdout } = process;
  const hasAnswers = passphraseFile !== undefined || identity !== undefined || yes === true;
  return hasAnswers || json === true || (plain !== true && !readTerminal({ env, stdin, stdout }).isTty);
}

/**
 * Gives the answers of the flags in the form of an answers file, for the only step that asks something. An answers file has
 * lines; here all answers are on line 1.
 */
function answersFromFlags({ passphraseFile, identity, offline }: CheckOptions): GivenAnswers {
  const answers = new Map<string, GivenAnswer>();
  // A path in a flag begins in the current directory. The same path in an answers file begins in the ceremony's folder.
  const setPath = (name: string, path: string) => answers.set(name, { answer: resolve(expandHome(path)), line: 1 });
  // The caller has made sure of --yes.
  if (offline !== true) answers.set('proceed', { answer: 'import', line: 1 });
  if (passphraseFile !== undefined) setPath('passphrase-file', passphraseFile);
  if (identity !== undefined) setPath('identity', identity);
  const step = offline === true ? 'compare' : 're-import';
  return {
    path: '',
    // A message about an answer calls it by its flag.
    flags: { [`${step}.passphrase-file`]: '--passphrase-file', [`${step}.identity`]: '--identity' },
    steps: new Map([[step, { line: 1, answers }]]),
  };
}
