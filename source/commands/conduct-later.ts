import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { problemIn } from '../ceremony/problem.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { conductOnScreen } from './conduct.ts';
import type { InterfaceOptions } from './open-interface.ts';

/**
 * Leads a person through a later ceremony whose command has its name, on the screen or line by line.
 * @param chooseFolder gives the folder, or throws a ProblemError.
 * @returns the exit status: that of the ceremony, or 2 without a terminal or when the ceremony cannot start.
 */
export async function conductLater(
  ceremony: KeyferryCeremony,
  options: InterfaceOptions & { readonly key?: string },
  chooseFolder: () => string,
): Promise<number> {
  const { env, stdin, stdout, stderr } = process;
  const { id } = ceremony;
  if (!readTerminal({ env, stdin, stdout }).isTty && options.plain !== true) {
    const example = ownCommand('run', '--example', id);
    stderr.write(`keyferry: ${id} asks on a terminal, and this is none. Nothing was begun.\n`);
    stderr.write(`Line by line, also with pipes: ${ownCommand(id, '--plain')}\n`);
    stderr.write(`Without a person: ${example} > ${id}.yaml, then ${ownCommand('run', `${id}.yaml`)}\n`);
    return 2;
  }
  try {
    const folder = chooseFolder();
    const goOn = ownCommand(id, ...workdirWords(folder));
    return await conductOnScreen(ceremony, { folder, options, goOn });
  } catch (error) {
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    for (const line of problemLines(problem)) stderr.write(`${printableLines(line)}\n`);
    return 2;
  }
}
