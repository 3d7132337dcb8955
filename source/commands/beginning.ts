import { ownCommand } from '../ceremony/own-command.ts';
import { problemIn } from '../ceremony/problem.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';

/**
 * Leads a person through a ceremony whose command has the name of the ceremony, where there is somebody to ask: at a terminal,
 * or line by line. Elsewhere it says which commands do without.
 * @param ceremony.answersFile a name for the file of answers, for the commands that do without.
 * @returns the exit status: that of `lead`, or 2 where there is no terminal or the ceremony cannot begin.
 */
export async function leadWhereAsked(
  { id, answersFile }: { readonly id: string; readonly answersFile: string },
  { plain }: { readonly plain?: boolean },
  lead: () => Promise<number>,
): Promise<number> {
  const { env, stdin, stdout, stderr } = process;
  if (plain === true || readTerminal({ env, stdin, stdout }).isTty) return tellWhyNotBegun(lead);
  const example = ownCommand('run', '--example', id);
  stderr.write(`keyferry: ${id} asks on a terminal, and this is none. Nothing was begun.\n`);
  stderr.write(`Line by line, also with pipes: ${ownCommand(id, '--plain')}\n`);
  stderr.write(`Without a person: ${example} > ${answersFile}, then ${ownCommand('run', answersFile)}\n`);
  return 2;
}

/**
 * Runs what begins a ceremony, and prints the problem for which it cannot begin.
 * @returns what `begin` gives, or the exit status 2.
 */
export async function tellWhyNotBegun<Result>(begin: () => Promise<Result>): Promise<Result | number> {
  try {
    return await begin();
  } catch (error) {
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    for (const line of problemLines(problem)) process.stderr.write(`${printableLines(line)}\n`);
    return 2;
  }
}
