import { type Command, CommanderError } from 'commander';
import { commandPrefix } from '../ceremony/own-command.ts';
import { defineAssistant } from './definitions/assistant.ts';
import { defineCheckBackup } from './definitions/check-backup.ts';
import { defineCompletion } from './definitions/completion.ts';
import { defineDoctor } from './definitions/doctor.ts';
import { defineExplain } from './definitions/explain.ts';
import { defineHelp } from './definitions/help.ts';
import { defineMan } from './definitions/man.ts';
import { definePracticeAws } from './definitions/practice-aws.ts';
import { defineReimport } from './definitions/reimport.ts';
import { defineRun } from './definitions/run.ts';
import { defineStatus } from './definitions/status.ts';
import { defineUnfinished } from './definitions/unfinished.ts';
import { printFailure, tellFailure } from './failure.ts';

/** In the order in which help lists them. */
const commands = [
  defineRun,
  defineReimport,
  defineCheckBackup,
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
 * Reads argv and runs the command it names. Commands load on first use, so that none waits for another's libraries.
 * @returns the exit status.
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = defineProgram((ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    // Help and version end the same way as usage errors; only the latter are a failure to start.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const isUsage = error instanceof CommanderError;
    printFailure(argv, error, isUsage ? 'cannot-start' : 'failed');
    return isUsage ? 2 : tellFailure(error);
  }
}

/** The whole command line: what help, completion and the man page are made from. `end` takes the exit status. */
function defineProgram(end: (status: number) => void): Command {
  const program = defineAssistant(end).helpCommand(false);
  for (const define of commands) define(program, end);
  for (const command of [program, ...program.commands]) {
    command
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
 * Help as this person can paste it: each command line in it begins as this run was begun. Completion stays as it is, since it
 * serves an installed keyferry alone.
 */
function withOwnCommands(help: string, program: Command): string {
  const names = program.commands.map((command) => command.name()).filter((name) => name !== 'completion');
  const commandLine = new RegExp(`(?<=^Usage: )keyferry|\\bkeyferry(?= (?:--|(?:${names.join('|')})\\b))`, 'g');
  return help.replace(commandLine, commandPrefix(process.env));
}
