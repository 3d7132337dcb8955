import { InvalidArgumentError } from 'commander';
import type { PlaceOptions } from '../open-ceremony.ts';
import type { StatusOptions } from '../status.ts';
import { runUntilStopped } from '../until-stopped.ts';
import type { Define } from './define.ts';
import { placeOptions } from './options.ts';

/** The options that commander gives to the command. `regions` is collected beside it. */
type CommandOptions = Omit<StatusOptions, 'regions'>;

export const defineStatus: Define = (program, end) => {
  const regions: string[] = [];
  const command = program.command('status');
  // The program has --region too. Either of the two may read the flag, and commander keeps only the last value of each.
  for (const reader of [program, command]) reader.on('option:region', (region: string) => regions.push(region.trim()));
  placeOptions(command, { region: 'look at this Region; may be given several times' })
    .description('Shows your keys with imported material: how they are, what is due, and what to do. Changes nothing.')
    .option('--all-regions', 'look at every Region of the account')
    .option('--within <time>', 'an expiry is due that long before it, such as 30d or 12h', duration, 30 * dayInMs)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Example:
  keyferry status --profile ops --region eu-central-1

  2 keys for imported material in eu-central-1 of account 111122223333, as of
  2026-11-24 14:02 UTC.

  x alias/payments-2026  Pending import  expired 2 d ago  proven 3 May 2026
      folder keyferry-payments-2026
    alias/archive        Enabled         does not expire  no backup known

  To do
  - alias/payments-2026: What it encrypted cannot be read until the same material
    comes back:
      keyferry reimport --workdir keyferry-payments-2026

Backups and folders are those that the folders in and beside the current one know.
Without --profile it works as the aws command does. --all-regions needs the
permission account:ListRegions.
Due is what lacks its material, what expires soon, and material that waits for a
rotation. Exit status: 0 nothing is due, 1 something is, 2 not everything could be
looked at, 70 a defect of Keyferry, 130 stopped by you.`,
    )
    .action(async (options: CommandOptions) => {
      const { status } = await import('../status.ts');
      const { stdin, stdout, stderr } = process;
      const place = { ...program.opts<PlaceOptions>(), ...options, regions };
      end(await runUntilStopped((signal) => status(place, { stdin, stdout, stderr, signal })));
    });
};

const dayInMs = 86_400_000;

/** Reads a number of days or hours, such as `30d` or `12h`. Gives milliseconds. */
function duration(text: string): number {
  const [, count, unit] = /^(\d{1,4}) ?([dh])$/i.exec(text.trim()) ?? [];
  if (count === undefined) throw new InvalidArgumentError('Give days or hours, such as 30d or 12h.');
  return Number(count) * (unit?.toLowerCase() === 'h' ? dayInMs / 24 : dayInMs);
}
