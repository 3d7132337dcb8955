import type { Command } from 'commander';
import { nearestNames } from '../../ceremony/nearest-name.ts';
import { ownCommand } from '../../ceremony/own-command.ts';

/**
 * Prints that a word is no command, and names the command with the most similar name; when no name is similar, all commands. Then
 * it ends the command line.
 * @throws {CommanderError} always.
 */
export function tellUnknownCommand(program: Command, unknown: string): never {
  const names = program.commands.map((command) => command.name());
  const [nearest] = nearestNames(unknown, names);
  const hint = nearest === undefined ? `The commands are ${names.join(', ')}.` : `The nearest is ${nearest}.`;
  program.error(`unknown command ${unknown}. ${hint} To read about them: ${ownCommand('help')}`, { exitCode: 2 });
}
