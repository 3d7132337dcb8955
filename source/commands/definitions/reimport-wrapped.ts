import type { Command } from 'commander';
import type { InterfaceOptions } from '../open-interface.ts';
import type { Define } from './define.ts';
import { placeOptions, redactOption, statuses } from './options.ts';

// Pages: KMS developer guide, "Reimport key material".

export const defineReimportWrapped: Define = (program, end) => {
  placeOptions(program.command('reimport-wrapped'))
    .description('Brings material back from a file that an HSM or another key manager has wrapped.')
    .addOption(redactOption())
    .option('--plain', 'ask line by line instead of on a screen')
    .addHelpText(
      'after',
      `
Examples:
  keyferry reimport-wrapped --workdir keyferry-payments-2026     from the folder of the ceremony
  keyferry run --example reimport-wrapped > wrapped.yaml         unattended: then keyferry run wrapped.yaml

It fetches a wrapping key, says how to wrap under that key where yours is kept, and imports the file that you bring.
It also changes when material expires that is there. KMS refuses other bytes than those that the key had.
${statuses}`,
    )
    .action(async (options: InterfaceOptions, command: Command) => {
      const { reimportWrapped } = await import('../reimport-wrapped.ts');
      end(await reimportWrapped({ ...command.parent?.opts<InterfaceOptions>(), ...options }));
    });
};
