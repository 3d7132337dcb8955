import { explainDiskError } from '../aws/problems.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { problemIn } from '../ceremony/problem.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';

/**
 * Leads a person through a ceremony with `lead`, when there is a terminal or the person asked for `--plain`. Else nobody can be
 * asked: then it prints the commands that work without a terminal or without a person.
 * @param ceremony `id` is also the name of its command. `answersFile` is the name for a file of answers in a printed command.
 * @returns the exit status: that of `lead`, or 2 when there is no terminal or the ceremony cannot begin.
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
 * Runs `begin`. When a problem or an error of the file system stops it, prints the problem.
 * @returns the result of `begin`, or the exit status 2 after a problem.
 * @throws every error that is no problem for the person.
 */
export async function tellWhyNotBegun<Result>(begin: () => Promise<Result>): Promise<Result | number> {
  try {
    return await begin();
  } catch (error) {
    const problem = problemIn(error) ?? explainDiskError(error, "Can't work in this folder.");
    if (problem === undefined) throw error;
    for (const line of problemLines(problem)) process.stderr.write(`${printableLines(line)}\n`);
    return 2;
  }
}
