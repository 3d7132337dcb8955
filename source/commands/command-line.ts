import { type Command, CommanderError } from 'commander';
import { commandPrefix } from '../ceremony/own-command.ts';
import { defineAssistant } from './definitions/assistant.ts';
import { defineAudit } from './definitions/audit.ts';
import { defineCheckBackup } from './definitions/check-backup.ts';
import { defineCompletion } from './definitions/completion.ts';
import { defineDoctor } from './definitions/doctor.ts';
import { defineEncrypt } from './definitions/encrypt.ts';
import { defineExpiry } from './definitions/expiry.ts';
import { defineExplain } from './definitions/explain.ts';
import { defineHelp } from './definitions/help.ts';
import { defineImportExisting } from './definitions/import-existing.ts';
import { defineMan } from './definitions/man.ts';
import { definePracticeAws } from './definitions/practice-aws.ts';
import { defineReimport } from './definitions/reimport.ts';
import { defineReimportWrapped } from './definitions/reimport-wrapped.ts';
import { defineRun } from './definitions/run.ts';
import { defineStatus } from './definitions/status.ts';
import { defineUnfinished } from './definitions/unfinished.ts';
import { printFailure, tellFailure } from './failure.ts';

/** The commands, in the order in which help lists them. */
const commands = [
  defineRun,
  defineImportExisting,
  defineReimport,
  defineReimportWrapped,
  defineExpiry,
  defineCheckBackup,
  defineEncrypt,
  defineAudit,
  defineStatus,
  definePracticeAws,
  defineUnfinished,
  defineDoctor,
  defineExplain,
  defineCompletion,
  defineMan,
  defineHelp,
];

/**
 * Reads argv and runs the command that argv names. Loads only the code of that command. Prints why argv is not valid, or what
 * error the command threw.
 * @returns the exit status.
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = defineProgram((statusOfCommand) => {
    status = statusOfCommand;
  });
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    // Commander throws also after it has printed the help or the version, with the exit code 0.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const isWrongUsage = error instanceof CommanderError;
    printFailure(argv, error, isWrongUsage ? 'cannot-start' : 'failed');
    return isWrongUsage ? 2 : tellFailure(error);
  }
}

/**
 * Defines all commands and flags. Help, completion and the manual page come from these definitions.
 * @param end is called with the exit status of the command that ran.
 */
function defineProgram(end: (status: number) => void): Command {
  const program = defineAssistant(end).helpCommand(false);
  for (const define of commands) define(program, end);
  for (const command of [program, ...program.commands]) {
    command
      // Commander then throws a CommanderError instead of ending the process.
      .exitOverride()
      .helpOption('-h, --help', 'print this help')
      .configureHelp({ minWidthToWrap: 20 })
      .configureOutput({
        writeOut: (text) => process.stdout.write(withOwnCommands(text, program)),
        outputError: (text, write) => write(`keyferry: ${text.replace(/^error: /, '')}`),
      });
  }
  return program;
}

/**
 * Gives the help with command lines that this person can paste: each begins as the person began this run, for example with
 * `npx keyferry`. `keyferry completion` stays as it is, because completion works only for an installed keyferry.
 */
function withOwnCommands(help: string, program: Command): string {
  const names = program.commands.map((command) => command.name()).filter((name) => name !== 'completion');
  // Matches a `keyferry` that stands after `Usage: `, or before a flag or the name of a command.
  const startOfCommandLine = new RegExp(`(?<=^Usage: )keyferry|\\bkeyferry(?= (?:--|(?:${names.join('|')})\\b))`, 'g');
  return help.replace(startOfCommandLine, commandPrefix(process.env));
}
