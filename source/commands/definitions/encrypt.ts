import type { Command } from 'commander';
import type { EncryptOptions } from '../encrypt.ts';
import type { InterfaceOptions } from '../open-interface.ts';
import { runUntilStopped } from '../until-stopped.ts';
import type { Define } from './define.ts';
import { placeOptions, redactOption, statuses } from './options.ts';

export const defineEncrypt: Define = (program, end) => {
  placeOptions(program.command('encrypt'))
    .description('Encrypts files into S3 under a KMS key that is in use, and has S3 compare the checksum of each.')
    .argument('[file...]', 'files, folders, patterns such as logs/*.gz, or @FILE for a list of them')
    .option('--to <place>', 's3://BUCKET, or s3://BUCKET/PREFIX for objects called PREFIX/NAME')
    .option('--key <name>', "the KMS key: its id, its ARN or an alias (default: the key of the ceremony's folder)")
    .option('--include <pattern>', 'of folders, only files that match; may be given several times', collect)
    .option('--exclude <pattern>', 'of folders, no files that match; may be given several times', collect)
    .option('--replace', 'write over objects with other bytes; without it, no object is replaced')
    .option('--read-back', 'read each object back and compare its bytes')
    .option('--accept-object-lock <bucket>', 'take this bucket though its objects may outlive the key')
    .option('--dry-run', 'say what would be sent, and ask AWS nothing')
    .option('--json', 'print one JSON object about the result, and ask nothing; progress goes to standard error')
    .addOption(redactOption())
    .option('--plain', 'ask line by line instead of on a screen')
    .addHelpText(
      'after',
      `
Examples:
  keyferry encrypt ledger.parquet --to s3://my-archive/2026 --key alias/payments-2026
  keyferry encrypt ./archive --to s3://my-archive/2026 --key alias/payments-2026 --exclude '*.tmp'
  keyferry encrypt --workdir keyferry-payments-2026      it asks for the bucket and the files
  keyferry run --example encrypt > encrypt.yaml          unattended: then keyferry run encrypt.yaml

The key is Enabled and symmetric; AWS may have made it. Without --replace, no object
is replaced: one that is there with other bytes stays, and the rest goes on. One that is
there with the same bytes is skipped.
What is in a folder keeps its tree. Links in folders are left out.
The secret of the folder, its backup and the files that open it are never uploaded.
After a kill or a fault, the same command goes on.
Without a terminal it asks nothing, where files, --to and the key are given.
${statuses}`,
    )
    .action(async (files: readonly string[], options: EncryptOptions, command: Command) => {
      const { encrypt } = await import('../encrypt.ts');
      const all = { ...command.parent?.opts<InterfaceOptions>(), ...options };
      end(await runUntilStopped((signal) => encrypt(files, all, signal)));
    });
};

/** Collects the values of a flag that is given several times. */
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
