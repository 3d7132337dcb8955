import type { Command } from 'commander';
import type { Define } from './define.ts';
import { tellUnknownCommand } from './unknown-command.ts';

export const defineHelp: Define = (program) => {
  program
    .command('help')
    .description('Prints the help of a command, or this one.')
    .argument('[command]', 'the name of a command')
    .action((name: string | undefined) => {
      (name === undefined ? program : findCommand(program, name)).outputHelp();
    });
};

/**
 * Finds a command by its name.
 * @throws {CommanderError} when there is no command with this name.
 */
function findCommand(program: Command, name: string): Command {
  return program.commands.find((command) => command.name() === name) ?? tellUnknownCommand(program, name);
}
