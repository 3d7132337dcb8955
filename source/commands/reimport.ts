import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ceremonyOf } from '../ceremonies/all.ts';
import { journalFile } from '../ceremonies/journal-names.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { problemIn } from '../ceremony/problem.ts';
import type { Answer } from '../ceremony/question.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { conductOnScreen } from './conduct.ts';
import { findUnfinished, newFolder } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';

/**
 * Leads a person through a reimport, on the screen or line by line, in the folder that {@link reimportFolder} gives.
 * @returns the exit status: that of the ceremony, or 2 without a terminal or when the ceremony cannot start.
 */
export async function reimport(options: InterfaceOptions): Promise<number> {
  const { env, stdin, stdout, stderr } = process;
  if (!readTerminal({ env, stdin, stdout }).isTty && options.plain !== true) {
    const example = ownCommand('run', '--example', 'reimport');
    stderr.write('keyferry: reimport asks on a terminal, and this is none. Nothing was begun.\n');
    stderr.write(`Line by line, also with pipes: ${ownCommand('reimport', '--plain')}\n`);
    stderr.write(`Without a person: ${example} > reimport.yaml, then ${ownCommand('run', 'reimport.yaml')}\n`);
    return 2;
  }
  const folder = reimportFolder(options);
  const goOn = ownCommand('reimport', ...workdirWords(folder));
  try {
    return await conductOnScreen(ceremonyOf('reimport'), { folder, options, goOn });
  } catch (error) {
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    for (const line of problemLines(problem)) stderr.write(`${printableLines(line)}\n`);
    return 2;
  }
}

/**
 * Gives the folder for a reimport: `workdir`; else the current folder when it holds a first import; else the folder of a
 * stopped reimport of `key`; else a new folder.
 * @param key the key that the answers of an unattended run name.
 */
export function reimportFolder({ workdir }: Pick<InterfaceOptions, 'workdir'>, key?: Answer): string {
  if (workdir !== undefined) return resolve(workdir);
  if (existsSync(join(process.cwd(), journalFile))) return process.cwd();
  return (key === undefined ? undefined : stoppedReimportOf(key)) ?? newFolder({});
}

/** Finds the folder of an unfinished reimport of this key which has no first import in the same folder. */
function stoppedReimportOf(key: Answer): string | undefined {
  return findUnfinished({}).find(
    (found) =>
      'journal' in found &&
      found.ceremony.id === 'reimport' &&
      !existsSync(join(found.path, journalFile)) &&
      found.journal.state.answers.get('find-key')?.key === key,
  )?.path;
}
