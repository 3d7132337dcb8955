import { type Command, Option } from 'commander';
import { withoutPassword } from '../../aws/endpoint-url.ts';

/** The sentence of the help about the exit statuses of a ceremony. */
export const statuses =
  'Exit status: 0 finished, 1 failed, 2 cannot start, 3 stopped after a problem with progress saved, 130 stopped by you.';

/** Makes the flag that hides private names on the screen. */
export const redactOption = () =>
  new Option('--redact', 'show stand-ins for accounts, ARNs, names and addresses; files keep the real ones');

/** Makes the flag with which the ceremony asks and chooses as the tutorial article and its video do. */
export const videoOption = () =>
  new Option('--as-in-the-video', 'choose as the article and its video do, in its order and words');

/**
 * Adds the flags that say where a command works: account, Region, endpoint and folder.
 * @param region the text of the help about `--region`.
 */
export function placeOptions(command: Command, { region = 'work in this Region' } = {}): Command {
  return command
    .option('--practice', 'work on practice AWS, on this machine; no account needed')
    .option('--profile <name>', 'use this profile of the shared AWS config')
    .option('--region <code>', region, (code: string) => code.trim())
    .option('--endpoint-url <url>', 'send every request to this endpoint', withoutPassword)
    .option('--workdir <folder>', "the ceremony's folder, made if missing (default: ./keyferry-ALIAS)");
}
