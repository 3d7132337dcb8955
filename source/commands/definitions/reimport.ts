import type { Command } from 'commander';
import type { InterfaceOptions } from '../open-interface.ts';
import type { Define } from './define.ts';
import { placeOptions, redactOption, statuses } from './options.ts';

// Pages: KMS developer guide, "Reimport key material".

export const defineReimport: Define = (program, end) => {
  placeOptions(program.command('reimport'))
    .description('Brings the material back into a KMS key after it expired or was deleted.')
    .addOption(redactOption())
    .option('--plain', 'ask line by line instead of on a screen')
    .addHelpText(
      'after',
      `
Examples:
  keyferry reimport --workdir keyferry-payments-2026     from the folder of the ceremony
  keyferry reimport --profile ops --region eu-central-1  from a backup and the id of the key
  keyferry run --example reimport > reimport.yaml        unattended: then keyferry run reimport.yaml

To change when material expires that is there: keyferry expiry.
Copies are opened and compared before anything is sent. KMS refuses other bytes than those that the key had.
${statuses}`,
    )
    .action(async (options: InterfaceOptions, command: Command) => {
      const { reimport } = await import('../reimport.ts');
      end(await reimport({ ...command.parent?.opts<InterfaceOptions>(), ...options }));
    });
};
