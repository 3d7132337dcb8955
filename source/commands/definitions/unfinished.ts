import type { Command } from 'commander';
import type { PlaceOptions } from '../open-ceremony.ts';
import { runUntilStopped } from '../until-stopped.ts';
import type { Define } from './define.ts';
import { placeOptions } from './options.ts';

export const defineUnfinished: Define = (program, end) => {
  placeOptions(program.command('unfinished'))
    .description('Lists the keys that a ceremony left waiting, with the way on. Changes nothing.')
    .addHelpText(
      'after',
      `
Example:
  keyferry unfinished --profile ops --region eu-central-1

  1 key waits for material in eu-central-1. Each costs 1 USD a month.

  8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa  alias/payments-2026
    made 2026-11-24 14:15 UTC, never had material. Nothing was encrypted with it.
    Continue:  keyferry --workdir keyferry-payments-2026
    Or delete: aws kms schedule-key-deletion --key-id 8f3c2a10-... ...

It lists the keys that Keyferry made and that have no material, and those whose
ceremony in a folder here is not finished. All of your keys: keyferry status.
Without --profile it works as the aws command does: with the access keys of the
environment, else AWS_PROFILE, else the default profile, else the machine's role.
When a profile needs an MFA code, Keyferry asks you for it, at a terminal only.
Exit status: 0 looked, 1 could not look, 2 wrong usage or no terminal for the code.`,
    )
    .action(async (options: PlaceOptions, command: Command) => {
      const { listUnfinished } = await import('../unfinished.ts');
      const place = { ...command.parent?.opts<PlaceOptions>(), ...options };
      const { stdin, stdout, stderr } = process;
      end(await runUntilStopped((signal) => listUnfinished(place, { stdin, stdout, stderr, signal })));
    });
};
