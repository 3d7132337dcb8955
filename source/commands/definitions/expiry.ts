import type { Command } from 'commander';
import type { InterfaceOptions } from '../open-interface.ts';
import type { Define } from './define.ts';
import { placeOptions, redactOption, statuses } from './options.ts';

// Pages: KMS developer guide, "Reimport key material".

export const defineExpiry: Define = (program, end) => {
  placeOptions(program.command('expiry'))
    .description('Changes when the material of a KMS key expires: later, sooner, or never.')
    .option('--key <key>', 'the id, the ARN or an alias of the key (default: that of the folder)')
    .addOption(redactOption())
    .option('--plain', 'ask line by line instead of on a screen')
    .addHelpText(
      'after',
      `
Examples:
  keyferry expiry --workdir keyferry-payments-2026       from the folder of the ceremony
  keyferry expiry --key alias/payments --profile ops     from a backup and the name of the key
  keyferry run --example expiry > expiry.yaml            unattended: then keyferry run expiry.yaml

The same bytes are imported again with the new expiry, and KMS is asked whether it has that. What is sooner than
now is said and must be confirmed. Material that is gone is no matter of its expiry: for that there is reimport.
${statuses}`,
    )
    .action(async (options: InterfaceOptions & { readonly key?: string }, command: Command) => {
      const { expiry } = await import('../expiry.ts');
      end(await expiry({ ...command.parent?.opts<InterfaceOptions>(), ...options }));
    });
};
