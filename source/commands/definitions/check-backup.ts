import type { Command } from 'commander';
import { withoutPassword } from '../../aws/endpoint-url.ts';
import type { CheckOptions } from '../check-backup.ts';
import type { PlaceOptions } from '../open-ceremony.ts';
import { runUntilStopped } from '../until-stopped.ts';
import type { Define } from './define.ts';

// Pages: KMS developer guide, "Logging AWS KMS API calls with AWS CloudTrail", "Reimport key material".

export const defineCheckBackup: Define = (program, end) => {
  program
    .command('check-backup')
    .description(
      'Lets KMS say whether a backup is the key: imports it again as the material that is there. Or compares it with the record.',
    )
    .argument('[file]', 'the backup (default: the one that the ceremony made)')
    .option('--workdir <folder>', "the ceremony's folder (default: where the backup is, or the current one)")
    .option('--profile <name>', 'use this profile of the shared AWS config')
    .option('--endpoint-url <url>', 'send every request to this endpoint', withoutPassword)
    .option('--passphrase-file <file>', 'a file with the passphrase, for its owner alone')
    .option('--identity <file>', 'an age identity file, for a backup to recipients')
    .option('--yes', 'import again without asking; a disabled key is disabled again')
    .option('--offline', 'compare with the record alone: ask AWS nothing; works on a copy of the folder')
    .option('--json', 'print one JSON object; takes the answers from flags')
    .option('--plain', 'ask line by line instead of on a screen')
    .addHelpText(
      'after',
      `
Example:
  keyferry check-backup --workdir keyferry-payments-2026
  keyferry check-backup --offline --workdir keyferry-payments-2026
  keyferry check-backup copy.key.age --workdir my-first-key --passphrase-file pass.txt --yes

CloudTrail gets DescribeKey, ListKeyRotations, GetParametersForImport and ImportKeyMaterial, and DisableKey where a
disabled key is disabled again: alarms on them may fire. With --offline it gets nothing, and KMS says nothing.
Other bytes than those of the key are refused by KMS and change nothing.
Exit status: 0 the same key, 1 another key, 2 cannot start, 3 stopped after a problem, 130 stopped by you.`,
    )
    .action(async (file: string | undefined, options: CheckOptions, command: Command) => {
      const { checkBackup } = await import('../check-backup.ts');
      end(
        await runUntilStopped((signal) =>
          checkBackup(file, { ...command.parent?.opts<PlaceOptions>(), ...options }, signal),
        ),
      );
    });
};
