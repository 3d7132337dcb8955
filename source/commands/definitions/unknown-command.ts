import type { Command } from 'commander';
import { nearestNames } from '../../ceremony/nearest-name.ts';
import { ownCommand } from '../../ceremony/own-command.ts';

/**
 * Ends the command line because of a word that is no command, and names the nearest one.
 * @throws {CommanderError} always, once it is told.
 */
export function tellUnknownCommand(program: Command, unknown: string): never {
  const names = program.commands.map((command) => command.name());
  const [nearest] = nearestNames(unknown, names);
  const hint = nearest === undefined ? `The commands are ${names.join(', ')}.` : `The nearest is ${nearest}.`;
  program.error(`unknown command ${unknown}. ${hint} To read about them: ${ownCommand('help')}`, { exitCode: 2 });
}
