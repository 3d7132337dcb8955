import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ceremonyOf } from '../ceremonies/all.ts';
import { journalFile } from '../ceremonies/journal-names.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError, problemIn } from '../ceremony/problem.ts';
import { expandHome } from '../disk/home.ts';
import { printableLines } from '../terminal/printable.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { AnswersError, type GivenAnswer, type GivenAnswers } from '../ui/unattended/answers-file.ts';
import { conductOnScreen, conductUnattended } from './conduct.ts';
import { openCeremony, type PlaceOptions } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';

export type CheckOptions = InterfaceOptions & {
  readonly passphraseFile?: string;
  readonly identity?: string;
  readonly yes?: boolean;
};

const say = (line: string) => process.stderr.write(`${printableLines(line)}\n`);

/**
 * Lets KMS say whether a backup holds the key of a finished ceremony. Asks on the screen, or runs unattended when flags
 * give the answers.
 * @returns the exit status: 0 the same key, 1 another key, 2 cannot start, 3 stopped after a problem, 130 stopped by the
 * person.
 */
export async function checkBackup(
  file: string | undefined,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<number> {
  const ceremony = ceremonyOf('check-backup');
  try {
    const folder = folderOf(file, options);
    const place = { ...options, ...(file === undefined ? {} : { backup: file }) };
    if (!isUnattended(options)) {
      const goOn = ownCommand('check-backup', ...(file === undefined ? [] : [file]), ...workdirWords(folder));
      return await conductOnScreen(ceremony, { folder, options: place, goOn });
    }
    if (options.yes !== true) {
      say('keyferry: the check imports the same material again. Without a screen, say --yes to that.');
      return 2;
    }
    const opened = await openCeremony(ceremony, folder, place);
    const telling = {
      say,
      show: (lines: readonly string[]) => void process.stdout.write(`${printableLines(lines.join('\n'))}\n`),
    };
    const { exit } = await conductUnattended(ceremony, opened, answersFromFlags(options), {
      ...telling,
      signal,
    }).finally(opened.close);
    return exit;
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

/**
 * Gives the ceremony's folder: `workdir`; else the folder of the backup or the current folder, when it has a journal.
 * @throws ProblemError when none of them has a journal.
 */
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

/** Tells whether the check runs without asking: a flag gives an answer, or there is no terminal and no `--plain`. */
const isUnattended = ({ passphraseFile, identity, yes, plain }: CheckOptions) =>
  passphraseFile !== undefined || identity !== undefined || yes === true || (plain !== true && !process.stdout.isTTY);

function answersFromFlags({ passphraseFile, identity }: CheckOptions): GivenAnswers {
  const answers = new Map<string, GivenAnswer>([['proceed', { answer: 'import', line: 1 }]]);
  // A path in a flag begins in the current directory. The same path in an answers file begins in the ceremony's folder.
  const set = (name: string, path: string) => answers.set(name, { answer: resolve(expandHome(path)), line: 1 });
  if (passphraseFile !== undefined) set('passphrase-file', passphraseFile);
  if (identity !== undefined) set('identity', identity);
  return { path: 'keyferry check-backup', steps: new Map([['re-import', { line: 1, answers }]]) };
}
