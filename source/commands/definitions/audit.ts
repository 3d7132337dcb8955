import type { AuditOptions } from '../audit.ts';
import type { PlaceOptions } from '../open-ceremony.ts';
import { runUntilStopped } from '../until-stopped.ts';
import type { Define } from './define.ts';
import { placeOptions } from './options.ts';

export const defineAudit: Define = (program, end) => {
  placeOptions(program.command('audit'))
    .description('Says under which key each object is. Changes nothing.')
    .argument('<place>', 's3://BUCKET, or s3://BUCKET/PREFIX for the objects whose names begin so')
    .option('--key <name>', 'list only what is not under this KMS key: its id, its ARN or an alias')
    .option('--json', 'print one JSON object a line: each object, and at the end the sums')
    .addHelpText(
      'after',
      `
Examples:
  keyferry audit s3://my-archive/2026 --key alias/payments-2026
  keyferry audit s3://my-archive --json > objects.jsonl

The list of S3 does not say how an object is encrypted, so each one is asked for:
a request an object. It needs s3:ListBucket and s3:GetObject.
Exit status: 0 all are under the key, or no key was named; 1 not all are; 2 not all
could be looked at; 70 a defect of Keyferry; 130 stopped by you.`,
    )
    .action(async (place: string, options: AuditOptions) => {
      const { audit } = await import('../audit.ts');
      const { stdin, stdout, stderr } = process;
      const all = { ...program.opts<PlaceOptions>(), ...options };
      end(await runUntilStopped((signal) => audit(place, all, { stdin, stdout, stderr, signal })));
    });
};
