import { basename, dirname } from 'node:path';
import { type Facts, need } from './facts.ts';
import { type Destination, destinationWords } from './object-name.ts';
import { placeFlags } from './place-flags.ts';
import type { Services } from './services.ts';

/**
 * Gives the keyferry command, as a person can run it in the current directory, that encrypts other files under this key.
 * @param to where the objects go; without it, the command names a bucket that is still to be filled in.
 */
export function encryptCommand(facts: Facts, services: Services, to?: Destination): string {
  const { folder, ownCommand } = services;
  const place = isPlaceKnown(services) ? [] : placeFlags(need(facts, 'connection'), services.preset.endpointUrl);
  const destination = to === undefined ? 's3://BUCKET' : destinationWords(to);
  const workdir = isFoundByKey(folder) ? [] : folder.workdirWords;
  const words = ['--to', destination, '--key', need(facts, 'key').alias, ...place, ...workdir];
  return ownCommand('encrypt', 'FILE', ...words);
}

/** Without `--workdir`, the command looks for the key in the folders here that Keyferry has named. */
const isFoundByKey = ({ path }: Services['folder']) =>
  dirname(path) === process.cwd() && basename(path).startsWith('keyferry-');

/** A first import in the folder says to which account and Region to connect. */
const isPlaceKnown = ({ recorded, earlier }: Services) => recorded !== undefined || earlier === undefined;
