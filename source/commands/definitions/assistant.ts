import { Command } from 'commander';
import { version } from '../../version.ts';
import type { InterfaceOptions } from '../open-interface.ts';
import { placeOptions, redactOption, statuses, videoOption } from './options.ts';
import { tellUnknownCommand } from './unknown-command.ts';

/**
 * Defines the program itself and its flags. Without a command, it opens the assistant.
 * @param end gets the exit status of the assistant.
 */
export function defineAssistant(end: (status: number) => void): Command {
  return (
    placeOptions(
      new Command('keyferry')
        .description(
          'Brings your own key into AWS KMS, one step at a time, and encrypts S3 objects with it.\nWithout a command it opens the assistant.',
        )
        .version(version, '-v, --version', 'print the version'),
    )
      .addOption(videoOption())
      .addOption(redactOption())
      .option('--plain', 'line by line, without a screen; also for screen readers, TERM=dumb and pipes')
      .addHelpText(
        'after',
        `
Examples:
  keyferry --practice            rehearse everything on this machine, without an account
  keyferry --profile ops         work in the account of a profile
  keyferry run answers.yaml      do it unattended
  keyferry unfinished            keys of earlier tries that still wait for material
  keyferry doctor                whether Keyferry will work here, and why not
  keyferry explain ERROR         what an error of AWS or openssl means, and what to do

A ceremony that was stopped goes on when Keyferry is started in the same folder.
${statuses}`,
      )
      // Commander makes a word that is no command and no flag an argument of the program. The action refuses such a word.
      .allowExcessArguments(true)
      .action(async (options: InterfaceOptions, command: Command) => {
        const [unknown] = command.args;
        if (unknown !== undefined) return tellUnknownCommand(command, unknown);
        const { assistant } = await import('../assistant.ts');
        end(await assistant(options));
      })
  );
}
