import type { Command } from 'commander';
import type { InterfaceOptions } from '../open-interface.ts';
import type { Define } from './define.ts';
import { placeOptions, redactOption, statuses } from './options.ts';

export const defineImportExisting: Define = (program, end) => {
  placeOptions(program.command('import-existing'))
    .description(
      'Brings your own key into a KMS key that is there already, made by Terraform, CloudFormation or the console.',
    )
    .argument('[key]', 'its id, its ARN or an alias (default: it lists the keys that wait for material)')
    .addOption(redactOption())
    .option('--plain', 'ask line by line instead of on a screen')
    .addHelpText(
      'after',
      `
Examples:
  keyferry import-existing alias/payments-2026 --profile ops --region eu-central-1
  keyferry import-existing                               choose among the keys that wait
  keyferry run --example import-existing > existing.yaml unattended: then keyferry run existing.yaml

The key has the origin EXTERNAL and never had material; for one that had, there is reimport.
Its policy is read and explained. Policy, tags and alias stay as they are; no key is made.
From then on the folder is that of any finished import: check-backup, expiry and reimport start there.
${statuses}`,
    )
    .action(async (key: string | undefined, options: InterfaceOptions, command: Command) => {
      const { importExisting } = await import('../import-existing.ts');
      end(await importExisting(key, { ...command.parent?.opts<InterfaceOptions>(), ...options }));
    });
};
